"""Rows of another query as one value of a statement that runs anyway: each statement costs more than a few rows do."""

from typing import Any

from sqlalchemy import CompoundSelect, ScalarSelect, Select, Text, cast, func, literal, select


def gathered(dialect: str, rows: Select[Any] | CompoundSelect[Any]) -> ScalarSelect[str]:
    """A JSON array with an array for each row, in no order. Instants are to be numbers, and nothing is to be bytes.

    Rows may depend on the statement around them, by tables with which their query is correlated.
    """
    found = rows.subquery()
    if dialect == "postgresql":
        whole = func.json_agg(func.json_build_array(*found.c))
        return select(func.coalesce(cast(whole, Text), literal("[]"))).scalar_subquery()
    return select(cast(func.json_group_array(func.json_array(*found.c)), Text)).scalar_subquery()
