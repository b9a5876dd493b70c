"""Writing posts: paths, bodies, labels, drafts, schedules, and the outbox."""

from datetime import timedelta
from typing import Any

from services.posts.tables import changes
from tests.gateway.inside import give_former_path, outbox, publish_what_is_due
from tests.gateway.reading import assert_problem
from tests.stack import PUBLIC_URL, Stack


async def refused(stack: Stack, status: int, slug: str, **given: Any) -> list[dict[str, str]]:
    body = {"title": "T", "body_html": "<p>b</p>"} | given
    answer = await stack.operator.post(
        "/api/v1/posts", json={name: value for name, value in body.items() if value is not ...}
    )
    assert_problem(answer, status, slug)
    errors: list[dict[str, str]] = answer.json().get("errors", [answer.json()])
    return errors


async def test_written_post_comes_back_whole(stack: Stack) -> None:
    given = {
        "title": "  One \n Title ",
        "body_html": "<h2>Head</h2><p onclick='x()'>Text</p><script>x()</script>",
        "labels": ["B", "A", "B", " A  ", "b"],
        "published": "2024-03-01T01:00:00+02:00",
        "related_links": [{"headline": "H", "url": "https://elsewhere.example/"}],
        "comment_policy": "closed",
    }
    answer = await stack.operator.post("/api/v1/posts", json=given)

    assert answer.status_code == 201
    post = answer.json()
    assert answer.headers["Location"] == f"/api/v1/posts/{post['id']}"
    again = await stack.operator.get(answer.headers["Location"])
    assert (again.json(), again.headers["ETag"]) == (post, answer.headers["ETag"])
    assert post == {
        "id": post["id"],
        "kind": "post",
        "state": "live",
        "title": "One Title",
        "path": "/2024/02/one-title.html",
        "url": f"{PUBLIC_URL}/2024/02/one-title.html",
        "published": "2024-02-29T23:00:00Z",
        "created": post["updated"],
        "updated": post["updated"],
        "trashed": None,
        "author": None,
        "labels": ["B", "A", "b"],
        "body_html": "<h2>Head</h2><p>Text</p>",
        "body_source": given["body_html"],
        "body_format": "html",
        "excerpt": "Text",
        "related_links": [{"headline": "H", "url": "https://elsewhere.example/", "post_id": None}],
        "comment_policy": "closed",
        "version": 1,
    }
    assert isinstance(post["id"], str)
    assert post["updated"].startswith("2026-03-14T15:09:2")


async def test_markdown_is_rendered_and_kept(stack: Stack) -> None:
    source = "# Head\n\nSome *words*, <b>no HTML</b>, https://x.example\n\n| a |\n|---|\n| 1 |"
    post = await stack.post(body_html=None, body_markdown=source)
    assert (post["body_source"], post["body_format"]) == (source, "markdown")
    for piece in ("<h1>Head</h1>", "<em>words</em>", "&lt;b&gt;no HTML", 'href="https://x.example"', "<td>1</td>"):
        assert piece in post["body_html"]


async def test_bodies_are_one_and_not_too_deep(stack: Stack) -> None:
    assert await refused(stack, 422, "invalid", body_html=...) == [
        {"pointer": "", "detail": "give either body_html or body_markdown"}
    ]
    await refused(stack, 422, "invalid", body_markdown="x")
    for field, body in (("body_html", "<div>" * 300), ("body_markdown", "> " * 300 + "x")):
        given = {"body_html": ..., field: body}
        if field == "body_html":
            assert [error["pointer"] for error in await refused(stack, 422, "invalid", **given)] == ["/body_html"]
        else:
            assert (await stack.post(body_html=None, body_markdown=body))["state"] == "live"
    assert [error["pointer"] for error in await refused(stack, 422, "invalid", body_html="\x00")] == ["/body_html"]
    assert [e["pointer"] for e in await refused(stack, 422, "invalid", labels=["x"] * 21)] == ["/labels"]
    assert [e["pointer"] for e in await refused(stack, 422, "invalid", labels=["ok", " "])] == ["/labels/1"]
    assert [e["pointer"] for e in await refused(stack, 422, "invalid", published="2024-01-01T00:00:00")] == [
        "/published"
    ]
    link = {"headline": "H", "url": "javascript:alert(1)"}
    assert [e["pointer"] for e in await refused(stack, 422, "invalid", related_links=[link])] == [
        "/related_links/0/url"
    ]
    assert [e["pointer"] for e in await refused(stack, 422, "invalid", author="me")] == ["/author"]


async def test_the_month_is_that_of_the_blogs_zone(stack: Stack) -> None:
    await stack.operator.post("/api/v1/import/blog", json={"time_zone": "America/Sao_Paulo"})
    post = await stack.post(title="Late", published="2024-03-01T01:00:00Z")
    assert post["path"] == "/2024/02/late.html"
    again = [await stack.post(title="Late", published="2024-03-01T02:00:00Z") for _ in range(3)]
    assert [one["path"] for one in again] == [f"/2024/02/late_{number}.html" for number in (29, 1, 2)]


async def test_many_posts_of_one_title_all_get_a_path(stack: Stack) -> None:
    """Past the first look and the wider one after it."""
    await stack.imported_posts(*({"source_id": str(n)} for n in range(1, 101)))
    more = await stack.post(title="T", published="2022-01-08T12:00:00Z")
    assert more["path"] == "/2022/01/t_100.html"
    listed = (await stack.reader.get("/api/v1/articles?limit=100")).json()["items"]
    assert len({item["path"] for item in listed}) == 100


async def test_wanted_paths_are_given_once(stack: Stack) -> None:
    first = await stack.post(path="/wanted.html")
    await give_former_path(stack, "/formerly.html", first["id"])
    await stack.post(state="draft", path="/drafted.html")
    for path in ("/wanted.html", "/formerly.html", "/drafted.html"):
        assert (await refused(stack, 409, "conflict", path=path))[0]["pointer"] == "/path"
    for path in ("x", "/", "/a b", "/api/x", "/static/x", "/../x", "//evil.example/x", "/x" * 600):
        assert [error["pointer"] for error in await refused(stack, 422, "invalid", path=path)] == ["/path"]
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [item["path"] for item in listed] == ["/wanted.html"]


async def test_draft_has_no_path_and_is_nowhere(stack: Stack) -> None:
    draft = await stack.post(state="draft", labels=["L"])
    other = await stack.post(labels=["L"])
    assert (draft["state"], draft["path"], draft["url"], draft["published"]) == ("draft", None, None, None)
    assert_problem(await stack.operator.get(f"/api/v1/articles/{draft['id']}"), 404, "not-found")
    page = (await stack.reader.get(f"/api/v1/articles/{other['id']}")).json()
    assert page["related"] == []
    assert [item["id"] for item in (await stack.reader.get("/api/v1/articles")).json()["items"]] == [other["id"]]


async def test_scheduled_post_comes_when_its_time_has_come(stack: Stack) -> None:
    other = await stack.post(labels=["L", "M"])
    due = await stack.post(title="Due", labels=["L"], published="2026-03-15T00:00:00Z")
    later = await stack.post(title="Later", labels=["L"], published="2026-04-15T00:00:00Z")
    assert (due["state"], due["path"]) == ("scheduled", "/2026/03/due.html")
    assert await publish_what_is_due(stack) == 0
    assert (await stack.reader.get(due["path"])).status_code == 404

    stack.clock.now += timedelta(days=1)
    assert await publish_what_is_due(stack) == 1
    assert await publish_what_is_due(stack) == 0
    await stack.relate()

    page = (await stack.reader.get(f"/api/v1/articles/{due['id']}")).json()
    assert (page["path"], page["published"]) == (due["path"], "2026-03-15T00:00:00Z")
    assert [link["article_id"] for link in page["related"]] == [other["id"]]
    reverse = (await stack.reader.get(f"/api/v1/articles/{other['id']}")).json()
    assert [link["article_id"] for link in reverse["related"]] == [due["id"]]
    assert reverse["next"]["title"] == "Due"
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [item["id"] for item in listed] == [due["id"], other["id"]]
    assert (await stack.reader.get(later["path"])).status_code == 404


async def test_every_write_is_in_the_outbox(stack: Stack) -> None:
    live = await stack.post(labels=["Ä", "B"], path="/x.html")
    draft = await stack.post(state="draft")
    due = await stack.post(labels=["Ä"], published="2026-03-15T00:00:00Z")
    await refused(stack, 409, "conflict", path="/x.html")
    stack.clock.now += timedelta(days=1)
    await publish_what_is_due(stack)

    in_lists = [f"post:{live['id']}", "list", "label:Ä", "label:B"]
    assert await outbox(stack, "posts", changes) == [
        ("post.created", live["id"], 1, in_lists),
        ("post.created", draft["id"], 1, [f"post:{draft['id']}"]),
        ("post.created", due["id"], 1, [f"post:{due['id']}"]),
        ("post.published", due["id"], 2, [f"post:{due['id']}", "list", "label:Ä", f"page:{live['id']}"]),
    ]


async def test_times_that_cannot_be_shown_are_refused(stack: Stack) -> None:
    """In the blog's zone they would stand before the year 1 or after 9999."""
    await stack.operator.post("/api/v1/import/blog", json={"time_zone": "America/Sao_Paulo"})
    for moment in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "0001-01-01T00:00:00Z"):
        errors = await refused(stack, 422, "invalid", published=moment)
        assert [error["pointer"] for error in errors] == ["/published"]
