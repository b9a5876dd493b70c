"""Column types that mean the same on SQLite (STRICT tables) and PostgreSQL."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import BigInteger, Dialect, Integer
from sqlalchemy.types import TypeDecorator

from services.common.microseconds import EPOCH, MICROSECOND, from_microseconds

# STRICT tables know INTEGER only, which holds 64 bits there.
Int64 = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """A UTC instant, stored as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> BigInteger | Integer:
        return Integer() if dialect.name == "sqlite" else BigInteger()

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:  # noqa: ARG002 the interface's
        """Without TypeDecorator's layers around it, which take longer than this."""
        return lambda at: None if at is None else (at - EPOCH) // MICROSECOND

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:  # noqa: ARG002 the interface's
        return lambda value: None if value is None else from_microseconds(value)
