"""No statement in the source is built from values: SQL text is a literal wherever it stands."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import pytest

import services

SERVICES: Final = Path(services.__file__).parent
_SQL_MAKERS: Final = frozenset({"text", "exec_driver_sql", "literal_column", "TextClause", "DDL", "execute"})
PUT_TOGETHER: Final = {
    "common/sqlite.py": "_set_up",
    "posts/migrations/versions/2026_11_23_0002_posts_in_full.py": "_add",
}
"""Functions that put a statement together: names and PRAGMA cannot be bound. They are given constants of their file."""


def test_every_statement_in_the_source_is_a_constant() -> None:
    found = {
        f"{path.relative_to(SERVICES)}:{line}"
        for path in SERVICES.rglob("*.py")
        for line in _built_statements(path.read_text("utf-8"), PUT_TOGETHER.get(str(path.relative_to(SERVICES)), ""))
    }

    assert found == set()


@pytest.mark.parametrize(("path", "function"), PUT_TOGETHER.items())
def test_what_is_put_together_is_made_of_constants(path: str, function: str) -> None:
    """What the function is given wherever the file calls it, but for the engine."""
    calls = [node for node in ast.walk(ast.parse((SERVICES / path).read_text("utf-8"))) if isinstance(node, ast.Call)]
    given = [
        [one for one in call.args if not ast.unparse(one).endswith("engine")]
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == function
    ]

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
        "text(ALL[x])",
        "ALL = {1: f'SELECT {x}'}; text(ALL[1])",
        "ALL = {1: 'SELECT 1'}; ALL = {1: y}; text(ALL[1])",
        "ALL = {**other}; text(ALL[1])",
        "def known(x): op.execute(f'DROP TABLE {x}')",
    ],
)
def test_control_built_statements_are_seen(source: str) -> None:
    assert list(_built_statements(source)) == [1]


def test_control_constants_are_not() -> None:
    source = "ALL: Final = {1: 'SELECT 1', 2: 'SELECT ' '2'}\ntext(ALL[x])\ntext('SELECT 3' if x else 'SELECT 4')"

    assert list(_built_statements(source)) == []
    assert list(_built_statements("def known(x): op.execute(f'DROP TABLE {x}')", "known")) == []


def _built_statements(source: str, put_together_in: str = "") -> Iterator[int]:
    """The lines where SQL text is made of anything but a literal, outside of the function that is named."""
    tree = ast.parse(source)
    tables = _constant_tables(tree)
    for node in _walk(tree, put_together_in):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        statement = node.args[0]
        if name not in _SQL_MAKERS or _is_literal(statement, tables):
            continue
        # SQLAlchemy's own constructs are calls or names; text that is put together is not
        if name != "execute" or isinstance(statement, ast.JoinedStr | ast.BinOp) or _is_format(statement):
            yield node.lineno


def _walk(node: ast.AST, but_not_in: str) -> Iterator[ast.AST]:
    # what bears a maker's name passes on what its callers made, and they are seen by that name
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in {but_not_in, *_SQL_MAKERS}:
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, but_not_in)


def _constant_tables(tree: ast.Module) -> set[str]:
    """Names that stand for dicts of constants, wherever the file gives them a value."""
    given: dict[str, list[bool]] = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                value = getattr(node, "value", None)
                is_constant = isinstance(value, ast.Dict) and all(isinstance(one, ast.Constant) for one in value.values)
                is_whole = isinstance(value, ast.Dict) and None not in value.keys
                given.setdefault(target.id, []).append(is_constant and is_whole)
    return {name for name, values in given.items() if all(values)}


def _is_literal(node: ast.expr, tables: Collection[str]) -> bool:
    """A constant, the choice between two, or a member of a dict of them."""
    if isinstance(node, ast.IfExp):
        return _is_literal(node.body, tables) and _is_literal(node.orelse, tables)
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id in tables
    return isinstance(node, ast.Constant)


def _is_format(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
