"""Migrations make exactly the tables that the code declares, on either database, once, however many run them."""

import ast
import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, text

from services.comments import tables as comments_tables
from services.common.database import Database, Writes
from services.common.migrate import migrate
from services.common.open_database import open_database
from services.posts import tables as posts_tables
from tests.databases import MIGRATIONS, Databases, PostgresServer, SqliteFiles

OWN_OF_A_DATABASE = ("search_index", "words_of_search_docs")
"""What only the migration makes, for one database each: SQLAlchemy has no words for it."""
OF_ONE_DATABASE = "changes_in_order"
"""Declared for PostgreSQL alone, which Alembic does not see; what is described of either database tells."""
METADATA = {"posts": posts_tables.metadata, "comments": comments_tables.metadata}
SERVICES = sorted(METADATA)
STEPS = ("CREATE TABLE first (id INTEGER PRIMARY KEY)", "SELECT * FROM there_is_no_such_table")


async def described(database: Database) -> dict[str, Any]:
    """Every table with what an inspector knows of it, and the indexes as the database itself words them."""

    async def look(writes: Writes) -> dict[str, Any]:
        return await writes.run_sync(_described)

    return await database.write(look)


def _described(connection: Connection) -> dict[str, Any]:
    inspector = inspect(connection)
    tables = {
        name: {
            "columns": [
                column | {"type": str(column["type"]), "default": None} for column in inspector.get_columns(name)
            ],
            "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
            "foreign keys": sorted(map(str, inspector.get_foreign_keys(name))),
            "checks": sorted(str(check["sqltext"]) for check in inspector.get_check_constraints(name)),
            "unique": sorted(map(str, inspector.get_unique_constraints(name))),
        }
        for name in inspector.get_table_names()
        if name != "alembic_version" and not name.startswith(OWN_OF_A_DATABASE)
    }
    sqlite = connection.dialect.name == "sqlite"
    query = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = connection.scalars(
        text(query if sqlite else "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
    )
    return tables | {
        "indexes": {one for one in indexes if not any(word in one for word in ("alembic", *OWN_OF_A_DATABASE))}
    }


async def declared(databases: Databases, folder: Path, metadata: MetaData) -> dict[str, Any]:
    database = await open_database(await databases.empty(folder))

    async def create(writes: Writes) -> None:
        await writes.run_sync(metadata.create_all)

    await database.write(create)
    found = await described(database)
    await database.close()
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_migrated_is_what_the_code_declares(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, service: str
) -> None:
    migrated_in, declared_in = tmp_path_factory.mktemp("migrated"), tmp_path_factory.mktemp("declared")
    database = await open_database(await databases.empty(migrated_in))
    await migrate(database, MIGRATIONS[service])

    async def differences(writes: Writes) -> list[Any]:
        def compare(connection: Connection) -> list[Any]:
            options = {
                "compare_type": True,
                "include_object": lambda _, name, *__: name != OF_ONE_DATABASE,
                "include_name": lambda name, *_: not str(name).startswith(OWN_OF_A_DATABASE),
            }
            context = MigrationContext.configure(connection, opts=options)
            return list(compare_metadata(context, METADATA[service]))

        return await writes.run_sync(compare)

    assert await database.write(differences) == []
    assert await described(database) == await declared(databases, declared_in, METADATA[service])
    await database.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_sqlite_tables_are_strict(sqlite_files: SqliteFiles, tmp_path: Path, service: str) -> None:
    database = await open_database(await sqlite_files.fresh(service, tmp_path))
    async with database.read() as reads:
        rows = (await reads.execute(text("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"))).all()
    own = {name: strict for name, strict in rows if not name.startswith(("sqlite_", "alembic_", *OWN_OF_A_DATABASE))}
    assert own == dict.fromkeys(METADATA[service].tables, 1)
    await database.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_second_run_changes_nothing(databases: Databases, tmp_path: Path, service: str) -> None:
    database = await open_database(await databases.empty(tmp_path))
    await migrate(database, MIGRATIONS[service])
    before = await described(database), await versions(database)
    await migrate(database, MIGRATIONS[service])
    assert (await described(database), await versions(database)) == before
    assert len(before[1]) == 1
    await database.close()


async def versions(database: Database) -> list[str]:
    async with database.read() as reads:
        return list((await reads.execute(text("SELECT version_num FROM alembic_version"))).scalars())


@pytest.mark.parametrize("service", SERVICES)
async def test_processes_that_migrate_together_all_succeed(
    postgres_server: PostgresServer, tmp_path: Path, service: str
) -> None:
    url = await postgres_server.empty(tmp_path)
    opened = [await open_database(url) for _ in range(3)]
    await asyncio.gather(*(migrate(database, MIGRATIONS[service]) for database in opened))
    assert len(await versions(opened[0])) == 1
    assert set(METADATA[service].tables) <= set(await described(opened[0]))
    for database in opened:
        await database.close()


async def test_failing_migration_leaves_nothing(databases: Databases, tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    for number, statement in enumerate(STEPS):
        (tmp_path / "versions" / f"{number}.py").write_text(
            f"from alembic import op\nrevision = '{number}'\ndown_revision = {'0' if number else None!r}\n"
            f"def upgrade():\n    op.execute({statement!r})\n"
        )
    database = await open_database(await databases.empty(tmp_path))
    with pytest.raises(Exception, match="there_is_no_such_table"):
        await migrate(database, tmp_path)
    assert await described(database) == {"indexes": set()}
    (tmp_path / "versions" / "1.py").unlink()
    await migrate(database, tmp_path)  # it could have made the table
    assert "first" in await described(database)
    await database.close()


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_import_nothing_of_services(service: str) -> None:
    """What a migration did must not change when the code does."""
    files = sorted((MIGRATIONS[service] / "versions").glob("*.py"))
    assert files
    for file in files:
        imported = {
            name.partition(".")[0] for node in ast.walk(ast.parse(file.read_text("utf-8"))) for name in names(node)
        }
        assert "alembic" in imported
        assert imported - sys.stdlib_module_names <= {"sqlalchemy", "alembic"}, file.name


def names(node: ast.AST) -> list[str]:
    """What a statement imports; a relative import counts as one of services."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "" if node.level == 0 else "services"]
    return []
