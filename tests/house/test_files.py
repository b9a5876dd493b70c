"""House rules that no linter knows: first lines, lengths, one wrapper for httpx, no marks in templates."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted((ROOT / "services").rglob("*.py"))
MAX_LINES = 400
HTTPX_ALLOWED = {
    "services/common/followed.py",
    "services/common/http_connection.py",
    "services/common/in_process.py",
    "services/common/outgoing.py",
    "services/common/sockets.py",
    "services/common/sender.py",
    "services/gateway/clients/service.py",
    "services/gateway/clients/posts.py",
    "services/gateway/clients/comments.py",
    "services/migration/calls.py",
    "services/migration/sender.py",
    "services/migration/comment_sender.py",
    "services/migration/comment_writer.py",
    "services/migration/rebuild.py",
    "services/migration/rebuild_related.py",
    "services/cli/destination.py",
    "services/migration/posts_of_threads.py",
    "services/cli/api.py",
    "services/cli/demo.py",
    "services/cli/keys.py",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_file_says_its_one_job_and_stays_short() -> None:
    for path in [*SOURCES, *(ROOT / "tests").rglob("*.py")]:
        text = path.read_text()
        assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{name_of(path)} has no first line"
        assert text.count("\n") <= MAX_LINES, f"{name_of(path)} is too long"


def test_httpx_is_imported_in_few_places() -> None:
    """A move to its successor must stay small."""
    users = {name_of(path) for path in SOURCES if "import httpx" in path.read_text()}
    assert users <= HTTPX_ALLOWED


def test_templates_trust_only_what_was_cleaned_when_stored() -> None:
    """`safe` would let any text through; the one filter that does not escape is for bodies."""
    marks = []
    for path in (ROOT / "services/gateway/templates").iterdir():
        text = path.read_text()
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text
        marks += [line.strip() for line in text.splitlines() if "cleaned_when_stored" in line]
    assert marks == ["{{ page.body_html | cleaned_when_stored }}"]


def test_one_file_makes_html_by_hand() -> None:
    """Whose every value is seen to be escaped by what hostile comments and posts do to pages."""
    by_hand = [name_of(path) for path in SOURCES if "gateway" in path.parts and "SafeHtml(" in path.read_text()]
    assert by_hand == ["services/gateway/pages/html_by_hand.py"]


def test_lock_files_name_no_host() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text(), name_of(path)
