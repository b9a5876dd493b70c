"""`dateline import blogger`, from the file to the old paths."""

from pathlib import Path

import httpx

from tests.e2e.conftest import Served
from tests.e2e.processes import dateline

SAMPLES = Path(__file__).parent.parent / "migration" / "samples"
CLASSIC = SAMPLES / "blogger-classic.xml"
TAKEOUT = SAMPLES / "blogger-takeout" / "feed.atom"


def test_import_into_a_folder_then_again(tmp_path: Path) -> None:
    first = dateline("import", "blogger", CLASSIC, TAKEOUT, "--data", tmp_path, "--host", "old.example.org")
    second = dateline("import", "blogger", CLASSIC, TAKEOUT, "--data", tmp_path, "--host", "old.example.org")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "0 imported" not in first.stdout.splitlines()[0]
    for line in second.stdout.splitlines()[:3]:
        assert ": 0 imported" in line
    assert "posts and pages: " in first.stderr  # progress as lines, there being no terminal


def test_import_while_a_server_has_the_folder(served: Served) -> None:
    url = served.server.url
    refused = dateline("import", "blogger", CLASSIC, "--data", served.data)
    assert refused.returncode == 1
    assert f"--to {url} --key KEY" in refused.stderr

    key = dateline("key", "create", "--scopes", "import:run", "--data", served.data).stdout.strip()
    with httpx.Client(base_url=url) as client:
        before = {item["id"] for item in client.get("/api/v1/articles").json()["items"]}
        done = dateline("import", "blogger", CLASSIC, "--to", url, "--key", key)
        assert done.returncode == 0, done.stderr
        listed = client.get("/api/v1/articles").json()["items"]
        assert {item["id"] for item in listed} - before
        assert all(client.get(item["path"]).status_code == 200 for item in listed)


def test_wrong_key_and_wrong_file_are_said_in_sentences(served: Served, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html></html>")
    wrong_file = dateline("import", "blogger", tmp_path / "page.html", "--data", tmp_path / "data")
    assert wrong_file.returncode == 1
    assert "Blogger" in wrong_file.stderr
    assert not (tmp_path / "data").exists()
    wrong_key = dateline("import", "blogger", CLASSIC, "--to", served.server.url, "--key", "dl_a_b_c")
    assert wrong_key.returncode == 1
    assert "A valid API key is needed" in wrong_key.stderr
    assert "Traceback" not in wrong_file.stderr + wrong_key.stderr
