"""Changing posts: each member alone, a post anew, and what an edit that changes nothing leaves."""

from typing import Any

from services.posts.tables import changes
from tests.gateway.inside import outbox
from tests.posts.editing import acted, cost, patched, read, refused, send
from tests.stack import PUBLIC_URL, Stack

WORDS = {"updated", "version"}


async def test_each_member_is_changed_alone(stack: Stack) -> None:
    post = await stack.post(labels=["A"], path="/old.html", published="2024-02-01T00:00:00Z")
    author = (await stack.operator.post("/api/v1/authors", json={"name": "Ann"})).json()
    link = {"headline": "Elsewhere", "url": "https://elsewhere.example/"}
    for given, becomes in (
        ({"title": "  New \n one "}, {"title": "New one"}),
        (
            {"body_html": "<p onclick=x()>New</p>"},
            {"body_html": "<p>New</p>", "body_source": "<p onclick=x()>New</p>", "excerpt": "New"},
        ),
        (
            {"body_markdown": "*Newer*"},
            {
                "body_html": "<p><em>Newer</em></p>\n",
                "body_source": "*Newer*",
                "body_format": "markdown",
                "excerpt": "Newer",
            },
        ),
        ({"labels": ["B", "A", "B"]}, {"labels": ["B", "A"]}),
        ({"related_links": [link]}, {"related_links": [link | {"post_id": None}]}),
        ({"published": "2024-01-01T01:00:00+01:00"}, {"published": "2024-01-01T00:00:00Z"}),
        ({"comment_policy": "closed"}, {"comment_policy": "closed"}),
        ({"author_id": author["id"]}, {"author": {"id": author["id"], "name": "Ann", "url": None}}),
        ({"path": "/new.html"}, {"path": "/new.html", "url": f"{PUBLIC_URL}/new.html"}),
        ({"state": "draft"}, {"state": "draft"}),
    ):
        before = await stack.operator.get(f"/api/v1/posts/{post['id']}")
        answer = await send(stack, "PATCH", f"posts/{post['id']}", given)
        assert answer.status_code == 200, answer.text
        after: dict[str, Any] = answer.json()
        changed = {name for name, value in after.items() if before.json()[name] != value}
        is_words = given.keys() & {"title", "body_html", "body_markdown", "labels", "related_links"}
        assert changed == {*becomes, "version", *({"updated"} if is_words else ())}, given
        assert {name: after[name] for name in becomes} == becomes
        assert after["version"] == before.json()["version"] + 1
        assert answer.headers["ETag"] != before.headers["ETag"]
        again = await stack.operator.get(f"/api/v1/posts/{post['id']}")
        assert (again.json(), again.headers["ETag"]) == (after, answer.headers["ETag"])


async def test_a_post_written_anew_keeps_path_date_and_state(stack: Stack) -> None:
    author = (await stack.operator.post("/api/v1/authors", json={"name": "Ann"})).json()
    link = {"headline": "Elsewhere", "url": "https://elsewhere.example/"}
    full = {"labels": ["A"], "related_links": [link], "comment_policy": "closed", "author_id": author["id"]}
    post = await stack.post(**full, published="2024-02-01T00:00:00Z")
    place = f"posts/{post['id']}"
    bare = {"title": "Anew", "body_markdown": "Text"}

    answer = await send(stack, "PUT", place, bare)
    assert answer.status_code == 200
    anew = answer.json()
    assert answer.headers["ETag"] == (await stack.operator.get(f"/api/v1/{place}")).headers["ETag"]
    kept = {name: post[name] for name in ("id", "kind", "state", "path", "url", "published", "created", "trashed")}
    assert {name: anew[name] for name in kept} == kept
    assert (anew["labels"], anew["related_links"], anew["comment_policy"], anew["author"]) == ([], [], "open", None)
    assert (anew["title"], anew["body_source"], anew["body_format"]) == ("Anew", "Text", "markdown")

    moved = bare | full | {"path": "/x.html", "published": "2024-03-01T00:00:00Z", "state": "draft"}
    anew = (await send(stack, "PUT", place, moved)).json()
    assert (anew["path"], anew["published"], anew["state"]) == ("/x.html", "2024-03-01T00:00:00Z", "draft")
    assert (anew["labels"], anew["author"]["name"]) == (["A"], "Ann")
    for missing in ({"title": "T"}, {"body_html": "x"}, bare | {"body_html": "x"}):
        assert refused(await send(stack, "PUT", place, missing), 422, "invalid") in ([""], ["/title"])
    assert (await read(stack, place))["version"] == anew["version"]


async def test_an_edit_that_changes_nothing_leaves_no_trace(stack: Stack) -> None:
    target = await stack.post(title="Target")
    links = [{"post_id": target["id"]}, {"headline": "H", "url": "https://elsewhere.example/"}]
    post = await stack.post(labels=["A"], body_html="<p>a</p>", related_links=links)
    place = f"posts/{post['id']}"
    before = await stack.operator.get(f"/api/v1/{place}")
    told = await outbox(stack, "posts", changes)
    given = {name: post[name] for name in ("title", "labels", "published", "comment_policy", "path", "state")}
    for same in ({"body_html": "<p>a</p>"}, given, {"related_links": links}, {"author_id": None}):
        answer = await send(stack, "PATCH", place, same)
        assert (answer.json(), answer.headers["ETag"]) == (before.json(), before.headers["ETag"]), same
    assert await acted(stack, post, "publish") == before.json()
    assert (await read(stack, f"{place}/revisions"))["items"] == []
    assert await outbox(stack, "posts", changes) == told

    await patched(stack, post, title="Else")
    assert [one["version"] for one in (await read(stack, f"{place}/revisions"))["items"]] == [1]
    assert (await outbox(stack, "posts", changes))[len(told) :] == [
        ("post.changed", post["id"], 2, [f"post:{post['id']}", f"page:{target['id']}"])
    ]


async def test_what_was_read_may_be_sent_back(stack: Stack) -> None:
    """Links are read with the address and the post behind them, and mean the same when they come back so."""
    target = await stack.post(title="Target")
    links = [{"post_id": target["id"]}, {"url": target["url"]}, {"headline": "H", "url": "https://elsewhere.example/"}]
    post = await stack.post(related_links=links)
    again = await patched(stack, post, related_links=post["related_links"])
    assert again == post
    await patched(stack, target, path="/moved.html")
    assert (await read(stack, f"posts/{post['id']}"))["related_links"][0]["url"] == "/moved.html"


async def test_an_edit_costs_one_call_and_as_many_queries_whatever_there_is(stack: Stack) -> None:
    post = await stack.post()
    place = f"posts/{post['id']}"
    links = [{"headline": f"L{number}", "url": f"/x/{number}.html"} for number in range(20)]
    labels = [f"L{number}" for number in range(20)]
    costs = [
        await cost(stack, method, place, given)
        for method, given in (
            ("GET", None),
            ("PATCH", {"title": "Else"}),
            ("PATCH", {"title": "Else"}),
            ("PATCH", {"comment_policy": "closed"}),
            ("PATCH", {"labels": ["One"]}),
            ("PATCH", {"labels": labels}),
            ("PATCH", {"related_links": links}),
            ("PATCH", {"path": "/else.html"}),
            ("PATCH", {"title": "Full"}),
            ("PUT", {"title": "Whole", "body_html": "x", "labels": labels, "related_links": links}),
            ("GET", None),
        )
    ]
    assert [calls for calls, _ in costs] == [
        [f"posts GET /{place}"],
        *[[f"posts PATCH /{place}"]] * 8,
        [f"posts PUT /{place}"],
        [f"posts GET /{place}"],
    ]
    assert [queries for _, queries in costs] == [3, 14, 7, 12, 20, 20, 16, 14, 14, 15, 3]
