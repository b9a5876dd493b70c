"""Many values as one parameter, so that the text of a statement is the same however many there are.

They are given as JSON: an array, or an object whose keys and values are whole numbers.
"""

from collections.abc import Collection

import msgspec
from sqlalchemy import JSON, Select, Text, bindparam, cast, column, func, select

from services.common.sqltypes import Int64


def as_given(values: Collection[int] | Collection[str]) -> str:
    """An array of them."""
    return msgspec.json.encode([*values]).decode()  # of a mapping its keys


def given_numbers(dialect: str, name: str) -> Select[int]:
    """One column, `value`."""
    if dialect == "postgresql":
        rows = func.json_array_elements_text(_json(name)).table_valued("value")
        return select(cast(rows.c.value, Int64).label("value"))
    return select(func.json_each(bindparam(name, type_=Text)).table_valued(column("value", Int64)).c.value)


def given_texts(dialect: str, name: str) -> Select[str]:
    """One column, `value`."""
    if dialect == "postgresql":
        return select(func.json_array_elements_text(_json(name)).table_valued(column("value", Text)).c.value)
    return select(func.json_each(bindparam(name, type_=Text)).table_valued(column("value", Text)).c.value)


def given_pairs(dialect: str, name: str) -> Select[int, int]:
    """Two columns, `key` and `value`."""
    each = func.json_each_text(_json(name)) if dialect == "postgresql" else func.json_each(bindparam(name, type_=Text))
    rows = each.table_valued("key", "value")
    return select(cast(rows.c.key, Int64).label("key"), cast(rows.c.value, Int64).label("value"))


def _json(name: str) -> object:
    return cast(bindparam(name, type_=Text), JSON)
