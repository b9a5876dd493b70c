"""Statements that are compiled once a test process: each stack has engines of its own, the statements are the same."""

from typing import Any, Final

from sqlalchemy.util import LRUCache

from services.common.database import Database
from services.common.postgres import PostgresDatabase

_MOST: Final = 2000


class _Shared(LRUCache[Any, Any]):
    """As an engine's own, but for the dialect's name in place of the engine's dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_any_engine(key), value)


def _of_any_engine(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *statement = key
    return (dialect.name, *statement)


_SHARED: Final = _Shared(_MOST)


def share_compiled(database: Database) -> None:
    engines = database.engines()
    if isinstance(database, PostgresDatabase):
        engines.append(database._snapshot.sync_engine)
    for engine in engines:
        engine._compiled_cache = _SHARED
