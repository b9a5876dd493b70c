"""What readers, writers and operators get while comments or posts is away, slow, failing or talking nonsense."""

from collections.abc import Callable

import httpx
import pytest

from tests.gateway.reading import HTML, assert_problem, assert_problem_page, part, parts, text_of_page, texts
from tests.stack import Stack

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

Answer = Callable[[httpx.Request], httpx.Response]
UNAVAILABLE = "Comments are not available at the moment."


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("nothing came", request=request)


def gone(request: httpx.Request) -> httpx.Response:
    raise httpx.RemoteProtocolError("hung up", request=request)


def says(status: int, **content: object) -> Answer:
    return lambda _request: httpx.Response(status, **content)  # type: ignore[arg-type]  # httpx's own keywords


WAYS: dict[str, Answer | None] = {
    "not there": None,
    "silent": silent,
    "hanging up": gone,
    "failing": says(500, json={"type": "urn:dateline:problem:internal-error", "title": "x", "status": 500}),
    "overloaded": says(503, text="busy"),
    "garbage": says(200, text='{"count": 1, "items": ['),
    "another shape": says(200, json={"count": "many", "counts": [], "items": None}),
    "a page": says(200, html="<h1>It works!</h1>"),
    "a page not found": says(404, html="<h1>404</h1>"),
    "nothing": says(200),
    "redirecting": says(302, headers={"Location": "https://login.example/"}),
    "not knowing us": says(401, json={"title": "Unauthorized", "status": 401}),
}


async def test_article_page_says_that_its_comments_are_missing(stack: Stack) -> None:
    other = await stack.post(title="Other", labels=["L"])
    written = await stack.post(title="Whole", labels=["L"])
    await stack.relate()
    await stack.comment(written["id"])
    for way, answer in WAYS.items():
        stack.take_away("comments", answer)
        got = await stack.reader.get(f"/api/v1/articles/{written['id']}")
        assert got.status_code == 200, way
        page = got.json()
        missing: dict[str, object] = {
            "status": "unavailable",
            "is_open": True,
            "takes_votes": False,
            "count": None,
            "count_line": UNAVAILABLE,
            "items": [],
            "next_cursor": None,
            "notifies": False,
        }
        assert page["comments"] == missing, way
        assert [(link["article_id"], link["comment_count"]) for link in page["related"]] == [(other["id"], None)]
        html = await stack.reader.get(written["path"], headers=HTML)
        assert html.status_code == 200, way
        text = text_of_page(html.text)
        assert UNAVAILABLE in text
        assert "Whole" in text
        assert "No comments" not in text
        assert part(html.text, "#comment-form")
    stack.bring_back("comments")
    page = (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()
    assert (page["comments"]["status"], page["comments"]["count"]) == ("open", 1)


async def test_list_leaves_counts_out_without_comments(stack: Stack) -> None:
    written = await stack.post(title="Listed")
    assert texts((await stack.reader.get("/", headers=HTML)).text, ".byline a") == ["0 comments"]
    for way, answer in WAYS.items():
        stack.take_away("comments", answer)
        got = await stack.reader.get("/api/v1/articles")
        assert got.status_code == 200, way
        assert [(one["id"], one["comment_count"]) for one in got.json()["items"]] == [(written["id"], None)]
        html = await stack.reader.get("/", headers=HTML)
        assert html.status_code == 200, way
        assert texts(html.text, "h3") == ["Listed"]
        assert "comment" not in text_of_page(html.text)


async def test_comments_that_cannot_be_stored_are_told_so_and_kept(stack: Stack) -> None:
    written = await stack.post()
    address = f"/articles/{written['id']}/comments"
    for way, answer in WAYS.items():
        stack.take_away("comments", answer)
        got = await stack.reader.post(f"/api/v1{address}", json={"body": "Hello"})
        assert_problem(got, 503, "unavailable")
        assert got.headers["Retry-After"] == "5", way
        fields = {"body": "My <long> & careful\ntext", "author_name": 'Ann "A"', "author_url": "https://ann.example/"}
        form = await stack.reader.post(address, data=fields, headers=HTML)
        assert form.status_code == 503, way
        assert form.headers["Retry-After"] == "5"
        assert part(form.text, "textarea").text().strip() == fields["body"]
        kept = [part(form.text, f"#field-{name}").attributes["value"] for name in ("author_name", "author_url")]
        assert kept == [fields["author_name"], fields["author_url"]]
        assert "It is not certain that your comment was posted" in text_of_page(form.text)
        assert UNAVAILABLE in texts(form.text, ".errors li")[0]
    stack.bring_back("comments")
    assert (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()["comments"]["count"] == 0


async def test_closed_and_hidden_threads_stay_so_without_comments(stack: Stack) -> None:
    closed = await stack.post(comment_policy="closed")
    hidden = await stack.post(comment_policy="hidden")
    stack.take_away("comments")

    assert not parts((await stack.reader.get(hidden["path"], headers=HTML)).text, "#comments, form")
    html = (await stack.reader.get(closed["path"], headers=HTML)).text
    assert UNAVAILABLE in text_of_page(html)
    assert not parts(html, "form")


async def test_something_else_at_the_comments_address_is_no_comments_service(stack: Stack) -> None:
    """Its 404 says nothing of the article."""
    written = await stack.post()
    for answer in (says(404, json={"detail": "Not Found"}), says(400, json={}), says(404, json=[])):
        stack.take_away("comments", answer)
        got = await stack.reader.get(f"/api/v1/articles/{written['id']}")
        assert got.status_code == 200
        assert got.json()["comments"]["status"] == "unavailable"
        assert (await stack.reader.get("/api/v1/articles")).status_code == 200


async def test_nothing_is_not_found_while_posts_is_away(stack: Stack) -> None:
    written = await stack.post()
    addresses = ("/", written["path"], "/never-was.html")
    below_api = ("", f"/{written['id']}", f"/by-path?path={written['path']}", f"/{written['id']}/comments", "/5")
    for way, answer in WAYS.items():
        stack.take_away("posts", answer)
        for address in (*addresses, *(f"/api/v1/articles{rest}" for rest in below_api)):
            got = await stack.reader.get(address)
            assert_problem(got, 503, "unavailable")
            assert got.headers["Retry-After"] == "5", way
            assert "try again" in got.json()["detail"]
        for address in addresses:
            got = await stack.reader.get(address, headers=HTML)
            assert_problem_page(got, 503)
            assert got.headers["Retry-After"] == "5", way
            assert "Articles are not available at the moment." in text_of_page(got.text)


async def test_something_else_at_the_posts_address_is_no_posts_service(stack: Stack) -> None:
    written = await stack.post()
    for answer in (says(404, json={"detail": "Not Found"}), says(301, headers={"Location": "https://login.example/"})):
        stack.take_away("posts", answer)
        assert_problem(await stack.reader.get(written["path"]), 503, "unavailable")
        assert_problem_page(await stack.reader.get(written["path"], headers=HTML), 503)


async def test_writes_are_refused_while_posts_is_away(stack: Stack) -> None:
    written = await stack.post()
    program = await stack.key("posts:write", "posts:publish", "import:run")
    post = {"title": "T", "body_html": "<p>b</p>"}
    for way, answer in WAYS.items():
        stack.take_away("posts", answer)
        for client, path, body in (
            (stack.operator, "/api/v1/posts", post),
            (stack.operator, "/api/v1/import/posts", {"source": "s", "posts": []}),
            (stack.operator, "/api/v1/keys", {"scopes": ["posts:write"]}),
            (program, "/api/v1/posts", post),
            (stack.reader, f"/api/v1/articles/{written['id']}/comments", {"body": "Hm"}),
        ):
            got = await client.post(path, json=body)
            assert_problem(got, 503, "unavailable")
            assert got.headers["Retry-After"] == "5", way
        form = await stack.reader.post(f"/articles/{written['id']}/comments", data={"body": "Hm"}, headers=HTML)
        assert_problem_page(form, 503)


async def test_operators_see_what_is_away(stack: Stack) -> None:
    assert (await stack.reader.get("/readyz")).json() == {"status": "ok", "checks": {"posts": "ok", "comments": "ok"}}
    for service, other in (("posts", "comments"), ("comments", "posts")):
        for answer in (None, silent, says(500)):
            stack.take_away(service, answer)
            got = await stack.reader.get("/readyz")
            assert got.status_code == 503
            assert got.json() == {"status": "failing", "checks": {service: "failing", other: "ok"}}
            assert (await stack.reader.get("/livez")).json() == {"status": "ok"}
        stack.bring_back(service)
    assert (await stack.reader.get("/readyz")).status_code == 200
