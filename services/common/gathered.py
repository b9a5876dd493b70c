"""Rows as JSON, an array for each, made by the database itself.

Instants are to be numbers, and nothing is to be bytes.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, ScalarSelect, Select, Text, cast, func, literal, select


def rows_as_json(dialect: str, columns: Iterable[ColumnElement[Any]]) -> ColumnElement[str]:
    """An aggregate of rows, in the order in which they come."""
    if dialect == "postgresql":
        whole = func.json_agg(func.json_build_array(*columns))
        return func.coalesce(cast(whole, Text), literal("[]"))
    return cast(func.json_group_array(func.json_array(*columns)), Text)


def gathered(dialect: str, rows: Select[Any] | CompoundSelect[Any]) -> ScalarSelect[str]:
    """All rows of another query as one value of a statement that runs anyway: each statement costs more than a few rows
    do. They may depend on the statement around them, by tables with which their query is correlated.
    """
    return select(rows_as_json(dialect, rows.subquery().c)).scalar_subquery()
