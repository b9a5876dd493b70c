"""The documentation says what the code does: settings, errors, routes, commands, links."""

import re
from pathlib import Path

import pytest

from services.comments.settings import CommentsSettings
from services.common.problems import TYPE_PREFIX, family
from services.common.settings import PREFIX, ServiceSettings
from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings
from services.posts.settings import PostsSettings

ROOT = Path(__file__).parent.parent.parent
SETTINGS = {
    "All services": ServiceSettings,
    "posts": PostsSettings,
    "comments": CommentsSettings,
    "gateway": GatewaySettings,
}


def table(text: str, heading: str | None = None) -> list[list[str]]:
    """The cells of the rows of the first table below a heading."""
    part = text if heading is None else text.split(f"\n## {heading}\n")[1]
    rows = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)
    assert rows is not None
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[0].splitlines()[2:]]


@pytest.mark.parametrize("heading", SETTINGS)
def test_settings_page_tells_every_setting(heading: str) -> None:
    kind = SETTINGS[heading]
    shared = set() if kind is ServiceSettings else set(ServiceSettings.model_fields)
    expected = [
        [f"`{PREFIX}{name.upper()}`", f"`{field.default}`" if field.default != "" else "(empty)", field.description]
        for name, field in kind.model_fields.items()
        if name not in shared
    ]
    rows = table((ROOT / "docs/settings.md").read_text(), heading)
    assert [[cell.rstrip(" |") for cell in row] for row in rows] == expected


def test_errors_page_tells_every_problem() -> None:
    rows = table((ROOT / "docs/errors.md").read_text())
    told = [(row[0], row[1]) for row in rows]
    # PassedOn carries an owner's problem, which is in the list by itself
    real = [problem for problem in family() if problem.slug != "passed-on"]
    assert told == [(f"`{TYPE_PREFIX}{problem.slug}`", str(problem.status)) for problem in real]


def test_api_page_tells_every_route(tmp_path: Path) -> None:
    schema = create_app(GatewaySettings.load(secrets=tmp_path)).openapi()
    routes = {f"`{method.upper()} {path}`" for path, methods in schema["paths"].items() for method in methods}
    assert {row[0] for row in table((ROOT / "docs/api.md").read_text())} == routes


@pytest.mark.parametrize("page", [*sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*.md")), "docs"])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    pages = list((ROOT / page).rglob("*.md")) if (ROOT / page).is_dir() else [ROOT / page]
    for one in pages:
        for target in re.findall(r"(?:\]\(|src=\")([^)#\"]+)", one.read_text()):
            assert "://" in target or (one.parent / target).exists(), f"{one.name} links to {target}"
