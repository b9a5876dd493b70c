"""Column types that mean the same on SQLite (STRICT tables) and PostgreSQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect, Integer
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# STRICT tables know INTEGER only, which holds 64 bits there.
Int64 = BigInteger().with_variant(Integer(), "sqlite")


def to_microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    return _EPOCH + value * _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """A UTC instant, stored as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> BigInteger | Integer:
        return Integer() if dialect.name == "sqlite" else BigInteger()

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 the interface's
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 the interface's
        return None if value is None else from_microseconds(value)
