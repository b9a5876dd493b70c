"""Deleting for good: nothing of a post is left but what comes from it elsewhere, and that stays silent."""

from services.posts.tables import changes
from tests.gateway.inside import outbox
from tests.posts.editing import acted, article, cost, deleted, listed_ids, patched, read, refused, send
from tests.security.inside import everything_stored
from tests.stack import Stack


async def test_a_deleted_post_is_gone_with_everything_of_it(stack: Stack) -> None:
    empty = await everything_stored(stack, "posts")
    post = await stack.post(
        title="Gone",
        labels=["L"],
        related_links=[{"headline": "H", "url": "/x.html"}],
        published="2024-02-03T00:00:00Z",
    )
    await patched(stack, post, title="Gone Too", path="/gone.html")
    await stack.relate()
    full = await everything_stored(stack, "posts")
    kept = {"changes", "labels", "name_words", "archive", "idempotency"}
    kept |= {f"related_{name}" for name in ("state", "languages", "labels", "counts")}
    filled = {f"related_{name}" for name in ("docs", "vectors", "terms", "postings")}
    filled |= {"posts", "post_labels", "paths", "related_links", "revisions", "search_docs"}
    assert {name for name in full if full[name] != empty[name]} - kept == filled

    await deleted(stack, f"posts/{post['id']}")
    await stack.relate()
    after = await everything_stored(stack, "posts")
    assert {name for name in after if after[name] != empty[name]} <= kept
    assert not [row for rows in after.values() for row in rows if "Gone" in row]
    assert await listed_ids(stack) == await listed_ids(stack, q="gone") == []
    assert (await read(stack, "archive"))["years"] == []
    for path in ("/gone.html", post["path"], f"/api/v1/articles/{post['id']}"):
        assert (await stack.reader.get(path)).status_code == 404
    for more in ("", "/revisions", "/revisions/1"):
        assert (await stack.operator.get(f"/api/v1/posts/{post['id']}{more}")).status_code == 404
    refused(await send(stack, "DELETE", f"posts/{post['id']}", tag="*"), 404, "not-found")
    assert (await outbox(stack, "posts", changes))[-1] == (
        "post.deleted",
        post["id"],
        3,
        [f"post:{post['id']}", "list", "label:L"],
    )


async def test_its_paths_are_free_again(stack: Stack) -> None:
    post = await stack.post(path="/a.html")
    await patched(stack, post, path="/b.html")
    wanted = {"title": "T", "body_html": "x", "path": "/a.html"}
    assert refused(await stack.operator.post("/api/v1/posts", json=wanted), 409, "conflict") == ["/path"]
    await deleted(stack, f"posts/{post['id']}")
    for path in ("/a.html", "/b.html"):
        new = await stack.post(path=path)
        assert (await stack.reader.get(path)).status_code == 200
        assert new["id"] != post["id"]


async def test_picked_links_to_it_stay_silent(stack: Stack) -> None:
    """Also when another post gets its path: nobody picked that one."""
    target = await stack.post(title="Target", path="/target.html")
    by_path = {"headline": "By path", "url": "/target.html"}
    await stack.imported_posts({"source_id": "77", "related_links": [by_path | {"headline": "Imported"}]})
    links = [{"post_id": target["id"]}, by_path, {"headline": "Out", "url": "https://elsewhere.example/"}]
    post = await stack.post(related_links=links)
    assert [one["headline"] for one in (await article(stack, post))["related"]] == ["Target", "By path", "Out"]
    await deleted(stack, f"posts/{target['id']}")
    for _ in range(2):
        assert [one["headline"] for one in (await article(stack, post))["related"]] == ["Out"]
        assert (await article(stack, {"id": "77"}))["related"] == []
        await stack.post(path="/target.html") if _ == 0 else None
    edited = await patched(stack, post, title="Else")
    assert edited["version"] == 2


async def test_drafts_and_trashed_posts_are_deleted_too(stack: Stack) -> None:
    writer = await stack.key("posts:write")
    draft, live = await stack.post(state="draft"), await stack.post()
    refused(await send(stack, "DELETE", f"posts/{live['id']}", by=writer), 403, "forbidden")
    assert (await send(stack, "DELETE", f"posts/{draft['id']}", by=writer)).status_code == 204
    await acted(stack, live, "trash")
    await deleted(stack, f"posts/{live['id']}")
    assert (await read(stack, "posts", state="trashed"))["items"] == []


async def test_what_deleting_costs(stack: Stack) -> None:
    links = [{"headline": f"L{number}", "url": f"/x/{number}.html"} for number in range(20)]
    found = []
    for given in ({}, {"labels": [f"L{number}" for number in range(20)], "related_links": links}):
        place = f"posts/{(await stack.post(**given))['id']}"
        calls, queries = await cost(stack, "DELETE", place, status=204)
        assert calls == [f"posts DELETE /{place}"]
        found.append(queries)
    assert found == [19, 20]
