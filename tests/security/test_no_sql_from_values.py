"""No statement is built from values: hostile strings in every parameter are data, and the source shows why."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

import services
from services.posts.queries.posts import live_article_by_path
from services.posts.tables import posts
from tests.security.bodies import article, body_of, send, write_routes
from tests.security.inside import database_of, leaves, replaced
from tests.security.surfaces import JSON, addresses
from tests.stack import PUBLIC_URL, Stack

SERVICES: Final = Path(services.__file__).parent
HOSTILE: Final = [
    "'; DROP TABLE posts;--",
    "x' OR '1'='1\" \\",
    "a\0b",
    "%_:name$1?{0}\\'",
]
_SQL_MAKERS: Final = frozenset({"text", "exec_driver_sql", "literal_column", "TextClause", "DDL", "execute"})
_PRAGMAS: Final = SERVICES / "common" / "sqlite.py"
"""SQLite takes no parameters in a PRAGMA; the words there are constants of the file."""


async def test_hostile_strings_in_what_is_read(stack: Stack) -> None:
    post_id = await article(stack)
    hostile = {"cursor": HOSTILE, "comments": HOSTILE, "comments_cursor": HOSTILE, "reply_to": HOSTILE}
    values = hostile | {"article_id": [post_id, *HOSTILE], "path": HOSTILE, "limit": HOSTILE}

    read = [await stack.reader.get(address, headers=JSON) for address in addresses(stack.gateway, values)]

    assert [(str(one.url), one.status_code) for one in read if one.status_code >= 500] == []
    await _assert_whole(stack, post_id)


async def test_hostile_strings_in_what_is_written(stack: Stack) -> None:
    """Each in every string of every body, one at a time."""
    post_id = await article(stack)
    failed = []
    for route in write_routes(stack.gateway):
        body = body_of(route, post_id)
        assert (await send(stack.operator, route, post_id, body)).status_code < 400, "the control: the body is right"
        for leaf in leaves(body):
            for value in HOSTILE:
                answer = await send(stack.operator, route, post_id, replaced(body, leaf, value))
                if answer.status_code >= 500:
                    failed.append((route, leaf, value, answer.status_code))
    for value in HOSTILE:
        key = value.encode("ascii").replace(b"\0", b"")
        answer = await stack.reader.post(
            "/api/v1/keys", json={"scopes": ["posts:write"]}, headers={b"Authorization": b"Bearer " + key}
        )
        assert answer.status_code == 401
    assert failed == []
    await _assert_whole(stack, post_id)


async def _assert_whole(stack: Stack, post_id: str) -> None:
    async with database_of(stack, "posts").read() as reads:
        assert (await reads.execute(select(posts.c.id).where(posts.c.id == int(post_id)))).scalar_one() == int(post_id)
    page = await stack.reader.get(f"{PUBLIC_URL}/api/v1/articles/{post_id}")
    assert page.status_code == 200
    assert page.json()["comments"]["status"] == "open"


async def test_control_a_statement_built_from_the_value_means_something_else(stack: Stack) -> None:
    """The same database, the same value: bound it finds nothing, written into the text it changes the question."""
    await stack.post(title="Found")
    value = "x' OR '1'='1"

    async with database_of(stack, "posts").read() as reads:
        assert await live_article_by_path(reads, value) is None
        built = await reads.execute(text(f"SELECT title FROM posts WHERE path = '{value}'"))  # noqa: S608 the control
        assert built.scalars().all() == ["Found"]
    async with database_of(stack, "posts").read() as reads:
        with pytest.raises(DBAPIError):
            await reads.execute(text(f"SELECT title FROM posts WHERE path = '{HOSTILE[0]}"))  # noqa: S608 the same


def test_every_statement_in_the_source_is_a_constant() -> None:
    found = {
        f"{path.relative_to(SERVICES)}:{line}"
        for path in SERVICES.rglob("*.py")
        for line in _built_statements(path.read_text("utf-8"))
        if path != _PRAGMAS
    }

    assert found == set()


def test_pragmas_are_made_of_constants() -> None:
    """What `_set_up` is given, as the file calls it."""
    calls = [node for node in ast.walk(ast.parse(_PRAGMAS.read_text("utf-8"))) if isinstance(node, ast.Call)]
    given = [call.args[1:] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "_set_up"]

    assert given
    for arguments in given:
        for argument in arguments:
            parts = argument.elts if isinstance(argument, ast.Tuple) else [argument]
            assert all(isinstance(part, ast.Constant) for part in parts)


@pytest.mark.parametrize(
    "source",
    [
        "text(f'SELECT {x}')",
        "text('SELECT ' + x)",
        "sa.text('SELECT {}'.format(x))",
        "connection.exec_driver_sql(statement)",
        "literal_column('%s' % x)",
        "cursor.execute(f'DROP TABLE {x}')",
    ],
)
def test_control_built_statements_are_seen(source: str) -> None:
    assert list(_built_statements(source)) == [1]


def _built_statements(source: str) -> Iterator[int]:
    """The lines where SQL text is made of anything but a literal."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        statement = node.args[0]
        if name not in _SQL_MAKERS or _is_literal(statement):
            continue
        # SQLAlchemy's own constructs are calls or names; text that is put together is not
        if name != "execute" or isinstance(statement, ast.JoinedStr | ast.BinOp) or _is_format(statement):
            yield node.lineno


def _is_literal(node: ast.expr) -> bool:
    """A constant, or the choice between two."""
    if isinstance(node, ast.IfExp):
        return _is_literal(node.body) and _is_literal(node.orelse)
    return isinstance(node, ast.Constant)


def _is_format(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
