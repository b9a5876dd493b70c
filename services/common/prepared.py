"""Statements of one shape that are run for every request: compiled once, not looked up anew each time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import BindParameter, Column, Dialect, Executable, bindparam
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from services.common.database import Reads, Writes
from services.common.units_of_work import Here, here_of

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
        here = here_of(reads)
        if here is not None:
            return self._direct_on(here).run(here, values)
        result = await reads.execute(self._statement(reads.dialect.name), values)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []

    async def tuples(self, reads: Reads, **values: Any) -> Sequence[Sequence[Any]]:
        """What it finds or returns, by place, as the driver has it: of columns whose values need no change."""
        here = here_of(reads)
        if here is not None:
            return self._direct_on(here).fetch(here, values)
        return (await reads.execute(self._statement(reads.dialect.name), values)).all()

    async def many(self, writes: Writes, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs it once with each row, which may be none."""
        if not rows:
            return
        here = here_of(writes)
        if here is not None:
            self._direct_on(here).run_many(here, rows)
        else:
            await writes.execute(self._statement(writes.dialect.name), rows)

    async def first(self, reads: Reads, **values: Any) -> Mapping[str, Any] | None:
        """Of the rows, None without any."""
        return next(iter(await self.rows(reads, **values)), None)

    def _statement(self, dialect: str) -> Executable:
        if dialect not in self._statements:
            self._statements[dialect] = self._build(dialect)
        return self._statements[dialect]

    def _direct_on(self, here: Here) -> "_Direct":
        dialect = here.dialect.name
        direct = self._direct.get(dialect)
        if direct is None:
            direct = self._direct[dialect] = _Direct(self._statement(dialect), here.dialect)
        return direct


class _Direct:
    """A statement as the driver of a dialect takes it, with what turns values into its own and back."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=dialect))
        self._sql = str(compiled)
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        self._takes = [(name if bind.required else None, bind.value) for name, bind in binds]
        self._names_given = None if any(name is None for name, _ in self._takes) else [name for name, _ in binds]
        processors_in = ((at, bind.type.bind_processor(dialect)) for at, (_, bind) in enumerate(binds))
        self._processed = [(at, process) for at, process in processors_in if process is not None]
        columns = compiled._result_columns  # noqa: SLF001 there is no other way to the types of what comes back
        self._names = [one.keyname for one in columns]
        processors_out = ((one.keyname, one.type.result_processor(dialect, None)) for one in columns)
        self._gives = [(name, process) for name, process in processors_out if process is not None]

    def run(self, here: Here, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = self.fetch(here, values)
        names = self._names
        found = [dict(zip(names, row, strict=False)) for row in rows]
        for name, process in self._gives:
            for row in found:
                row[name] = process(row[name])
        return found

    def fetch(self, here: Here, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        given = self._given(values)
        self._tell(here, given, is_many=False)
        rows: list[Sequence[Any]] = here.driver.execute(self._sql, given).fetchall()
        return rows

    def run_many(self, here: Here, rows: Sequence[Mapping[str, Any]]) -> None:
        given = [self._given(row) for row in rows]
        self._tell(here, given, is_many=True)
        here.driver.executemany(self._sql, given)

    def _given(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        if self._names_given is not None:
            given = [values[name] for name in self._names_given]
        else:
            given = [value if name is None else values[name] for name, value in self._takes]
        for at, process in self._processed:
            given[at] = process(given[at])
        return tuple(given)

    def _tell(self, here: Here, given: Sequence[Any], *, is_many: bool) -> None:
        """Whoever counts statements counts these too."""
        for heard in here.dispatch.before_cursor_execute:
            heard(here.connection, None, self._sql, given, None, is_many)
