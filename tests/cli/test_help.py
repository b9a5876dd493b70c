"""Every command explains itself and its options."""

import pytest
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from services.cli.main import app
from tests.cli.conftest import Run


def commands(command: object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], TyperCommand | TyperGroup]:
    """The command and all below it, by the words that name them."""
    assert isinstance(command, TyperCommand | TyperGroup)
    found = {path: command}
    for name in names_in(command):
        assert isinstance(command, TyperGroup)
        found |= commands(command.commands[name], (*path, name))
    return found


def names_in(command: TyperCommand | TyperGroup) -> list[str]:
    return list(command.commands) if isinstance(command, TyperGroup) else []


COMMANDS = commands(get_command(app))


def test_commands_are_those_of_the_readme() -> None:
    leaves = {" ".join(path) for path, command in COMMANDS.items() if not names_in(command)}
    services = {"serve", "posts", "comments", "gateway"}
    assert leaves == services | {
        "key create",
        "import blogger",
        "import comments",
        "export comments",
        "rebuild comments",
        "rebuild related",
    }


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "dateline")
def test_help_lists_every_option(run: Run, path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    options = [option for option in COMMANDS[path].params if isinstance(option, TyperOption)]
    assert options or names_in(COMMANDS[path])
    for option in options:
        assert all(name in result.stdout for name in option.opts), option.name
        assert option.help, f"{option.name} has no help"
    for name in names_in(COMMANDS[path]):
        assert name in result.stdout


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "dateline")
def test_help_says_what_the_command_does(path: tuple[str, ...]) -> None:
    said = COMMANDS[path].help or ""
    assert said.endswith("."), said
    assert "\b" not in said


@pytest.mark.parametrize(
    "path", [(), ("key",), ("import",), ("export",), ("rebuild",)], ids=lambda path: " ".join(path) or "dateline"
)
def test_group_alone_shows_its_help(run: Run, path: tuple[str, ...]) -> None:
    result = run(*path)
    assert result.exit_code == 2
    assert "Usage:" in result.output
    assert all(name in result.output for name in names_in(COMMANDS[path]))


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("serve", "--nonsense"),
        ("serve", "--port", "0"),
        ("key", "create"),
        ("import", "blogger", "no.xml"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_told(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr
