"""Where an article page is found: by path, by id, under a former path, and not at all."""

from urllib.parse import quote

import pytest

from tests.gateway.inside import give_former_path
from tests.gateway.reading import HTML, assert_problem, assert_problem_page, text_of_page, texts
from tests.stack import PUBLIC_URL, Stack


async def test_paths_are_found_however_they_are_escaped(stack: Stack) -> None:
    paths = ["/2024/05/über-страница.html", "/日本/語", "/old/style/", "/a+b&c=d;e,f.html", "/p/tilde~(1)!.html"]
    for number, path in enumerate(paths):
        written = await stack.post(title=f"Number {number}", path=path)
        assert written["path"] == path
        assert written["url"].isascii()
        assert written["url"].startswith(PUBLIC_URL)
        for address in (written["url"], PUBLIC_URL + path, PUBLIC_URL + quote(path, safe="/"), quote(path).lower()):
            answer = await stack.reader.get(address, headers=HTML)
            assert answer.status_code == 200, address
            assert texts(answer.text, "h1") == [f"Number {number}"]
        answer = await stack.reader.get("/api/v1/articles/by-path", params={"path": path})
        assert (answer.status_code, answer.json()["id"]) == (200, written["id"])


async def test_former_path_is_moved_permanently(stack: Stack) -> None:
    written = await stack.post(title="Moved", path="/2024/neu-größe.html")
    await give_former_path(stack, "/2020/01/ältere.html", written["id"])

    page = await stack.reader.get("/2020/01/ältere.html?comments=AA&reply_to=5", headers=HTML)
    assert page.status_code == 301
    assert page.headers["Location"] == "/2024/neu-gr%C3%B6%C3%9Fe.html?comments=AA&reply_to=5"
    program = await stack.reader.get("/api/v1/articles/by-path", params={"path": "/2020/01/ältere.html"})
    assert program.status_code == 301
    assert program.headers["Location"] == f"/api/v1/articles/by-path?path={quote('/2024/neu-größe.html', safe='')}"
    assert (await stack.reader.get(program.headers["Location"])).json()["id"] == written["id"]


async def test_former_path_keeps_the_page_of_the_thread_for_programs(stack: Stack) -> None:
    written = await stack.post(title="Moved")
    await give_former_path(stack, "/2020/01/old.html", written["id"])

    given = {"path": "/2020/01/old.html", "comments_cursor": "AAAA"}
    answer = await stack.reader.get("/api/v1/articles/by-path", params=given)

    assert answer.status_code == 301
    assert "comments_cursor=AAAA" in answer.headers["Location"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_nothing_here_is_a_problem_for_programs_and_a_page_for_people(stack: Stack) -> None:
    for path in ("/nope", "/2022/01/nope.html", "/.git/config", "/api", "/static/nope.css"):
        assert_problem(await stack.reader.get(path), 404, "not-found")
        assert_problem_page(await stack.reader.get(path, headers=HTML), 404)
    for path in ("/api/v1/articles/5", "/api/v1/articles/5/comments", "/api/v1/articles/by-path?path=/x", "/api/v1/no"):
        assert_problem(await stack.reader.get(path, headers=HTML), 404, "not-found")


async def test_addresses_that_no_article_can_have_are_not_found(stack: Stack) -> None:
    """PostgreSQL cannot even be asked for a NUL; a permalink has at most 1024 characters."""
    for path in ("/%F0%9F%92%A9%ED%A0%80", "/%00", "/api/v1/articles/by-path?path=%00", "/" + "a" * 2000):
        assert_problem(await stack.reader.get(path), 404, "not-found")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_ids_that_are_none_are_refused(stack: Stack) -> None:
    for wrong in ("0", "-1", "x", "9223372036854775808", "1e3", "٣"):
        answer = await stack.reader.get(f"/api/v1/articles/{wrong}")
        assert_problem(answer, 422, "invalid")
        assert [error["parameter"] for error in answer.json()["errors"]] == ["article_id"]
        assert wrong not in answer.json()["errors"][0]["detail"].replace("9223372036854775807", "").replace(
            "from 1", ""
        )


async def test_what_is_not_live_is_not_found(stack: Stack) -> None:
    draft = await stack.post(state="draft", path="/draft.html")
    later = await stack.post(published="2099-01-01T00:00:00Z")
    results = await stack.imported_posts({"source_id": "1", "state": "trashed", "path": "/gone.html"})

    for path in ("/draft.html", later["path"], "/gone.html"):
        assert_problem_page(await stack.reader.get(path, headers=HTML), 404)
    for post_id in (draft["id"], later["id"], results[0]["id"]):
        assert_problem(await stack.reader.get(f"/api/v1/articles/{post_id}"), 404, "not-found")
        answer = await stack.reader.post(f"/api/v1/articles/{post_id}/comments", json={"body": "Hello?"})
        assert_problem(answer, 404, "not-found")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_head_answers_as_get_without_the_body(stack: Stack) -> None:
    written = await stack.post()
    same = ("Content-Type", "Content-Length", "Content-Security-Policy")
    for path in (written["path"], "/", f"/api/v1/articles/{written['id']}", "/nope", "/livez", "/static/dateline.css"):
        got = await stack.reader.get(path)
        head = await stack.reader.head(path)
        assert head.status_code == got.status_code
        assert [head.headers.get(name) for name in same] == [got.headers.get(name) for name in same]
        assert got.content
        assert not head.content


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_methods_that_a_page_does_not_take_are_said(stack: Stack) -> None:
    written = await stack.post()
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        answer = await stack.reader.request(method, written["path"])
        assert_problem(answer, 405, "method-not-allowed")
        assert answer.headers["Allow"] == "GET"
    page = await stack.reader.post(written["path"], headers=HTML)
    assert page.status_code == 405
    assert "does not take that method" in text_of_page(page.text)
