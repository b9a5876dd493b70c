"""Statements of one shape that are run for every request: compiled once, not looked up anew each time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import BindParameter, Column, Connection, Dialect, Executable, bindparam
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from services.common.database import Reads, Writes
from services.common.units_of_work import connection_here

Build = Callable[[str], Executable]
"""Makes the statement for a dialect by its name; what changes from one run to another is a `bindparam`."""


def given_by_name(columns: Iterable[Column[Any]]) -> Mapping[str, BindParameter[Any]]:
    """What a statement takes for each column."""
    return {column.key: bindparam(column.key, type_=column.type) for column in columns}


class Prepared:
    """On SQLite it goes to the driver itself, which spares nine tenths of a short statement's time."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._statements: dict[str, Executable] = {}
        self._direct: dict[str, _Direct] = {}

    async def rows(self, reads: Reads, **values: Any) -> Sequence[Mapping[str, Any]]:
        """What it finds or returns, by column names."""
        connection = connection_here(reads)
        if connection is not None:
            return self._direct_on(connection.dialect).run(connection, values)
        result = await reads.execute(self._statement(reads.dialect.name), values)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []

    async def tuples(self, reads: Reads, **values: Any) -> Sequence[Sequence[Any]]:
        """What it finds or returns, by place, as the driver has it: of columns whose values need no change."""
        connection = connection_here(reads)
        if connection is not None:
            return self._direct_on(connection.dialect).fetch(connection, values)
        return (await reads.execute(self._statement(reads.dialect.name), values)).all()

    async def many(self, writes: Writes, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs it once with each row, which may be none."""
        if not rows:
            return
        connection = connection_here(writes)
        if connection is not None:
            self._direct_on(connection.dialect).run_many(connection, rows)
        else:
            await writes.execute(self._statement(writes.dialect.name), rows)

    async def first(self, reads: Reads, **values: Any) -> Mapping[str, Any] | None:
        """Of the rows, None without any."""
        return next(iter(await self.rows(reads, **values)), None)

    def _statement(self, dialect: str) -> Executable:
        if dialect not in self._statements:
            self._statements[dialect] = self._build(dialect)
        return self._statements[dialect]

    def _direct_on(self, dialect: Dialect) -> "_Direct":
        if dialect.name not in self._direct:
            self._direct[dialect.name] = _Direct(self._statement(dialect.name), dialect)
        return self._direct[dialect.name]


class _Direct:
    """A statement as the driver of a dialect takes it, with what turns values into its own and back."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=dialect))
        self._sql = str(compiled)
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        self._takes = [bind.value for _, bind in binds]
        self._places = [(at, name) for at, (name, bind) in enumerate(binds) if bind.required]
        processors_in = ((at, bind.type.bind_processor(dialect)) for at, (_, bind) in enumerate(binds))
        self._processed = [(at, process) for at, process in processors_in if process is not None]
        columns = compiled._result_columns  # noqa: SLF001 there is no other way to the types of what comes back
        self._names = [one.keyname for one in columns]
        processors_out = ((one.keyname, one.type.result_processor(dialect, None)) for one in columns)
        self._gives = [(name, process) for name, process in processors_out if process is not None]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = self.fetch(connection, values)
        if not self._names:
            return []
        names = self._names
        found = [dict(zip(names, row, strict=False)) for row in rows]
        for name, process in self._gives:
            for row in found:
                row[name] = process(row[name])
        return found

    def fetch(self, connection: Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        given = self._given(values)
        rows: list[Sequence[Any]] = self._driver(connection, given, is_many=False).execute(self._sql, given).fetchall()
        return rows

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        given = [self._given(row) for row in rows]
        self._driver(connection, given, is_many=True).executemany(self._sql, given)

    def _given(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        given = self._takes.copy()
        for at, name in self._places:
            given[at] = values[name]
        for at, process in self._processed:
            given[at] = process(given[at])
        return tuple(given)

    def _driver(self, connection: Connection, given: Sequence[Any], *, is_many: bool) -> Any:
        for heard in connection.engine.dispatch.before_cursor_execute:  # whoever counts statements counts these too
            heard(connection, None, self._sql, given, None, is_many)
        return connection.connection.dbapi_connection
