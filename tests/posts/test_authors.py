"""Authors: made, changed, deleted, listed with counts, and shown under their posts."""

from typing import Any

from services.posts.tables import changes
from tests.gateway.inside import outbox
from tests.gateway.reading import HTML
from tests.posts.editing import acted, article, cost, deleted, listed_ids, patched, read, refused, send, tag_of
from tests.stack import Stack

FULL = {"name": "Ann", "url": "https://ann.example/", "about": "Writes.", "picture_url": "https://ann.example/a.png"}


async def made(stack: Stack, **given: Any) -> dict[str, Any]:
    answer = await stack.operator.post("/api/v1/authors", json={"name": "Ann"} | given)
    assert answer.status_code == 201, answer.text
    author: dict[str, Any] = answer.json()
    return author


async def test_an_author_is_made_and_comes_back_whole(stack: Stack) -> None:
    answer = await stack.operator.post("/api/v1/authors", json=FULL)
    assert answer.status_code == 201
    author = answer.json()
    assert author == FULL | {"id": author["id"], "live_count": 0, "version": 1}
    assert answer.headers["Location"] == f"/api/v1/authors/{author['id']}"
    again = await stack.operator.get(answer.headers["Location"])
    assert (again.json(), again.headers["ETag"]) == (author, answer.headers["ETag"])
    bare = await made(stack, name=" B  C ")
    assert (bare["name"], bare["url"], bare["about"], bare["picture_url"]) == ("B C", None, "", None)
    for given, pointer in (
        ({"name": ""}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"name": "A", "url": "javascript:x"}, "/url"),
        ({"name": "A", "picture_url": "/x.png"}, "/picture_url"),
        ({"name": "A", "email": "a@b.example"}, "/email"),
        ({}, "/name"),
    ):
        assert refused(await stack.operator.post("/api/v1/authors", json=given), 422, "invalid") == [pointer]


async def test_an_author_is_changed_by_who_has_read_it(stack: Stack) -> None:
    author = await made(stack)
    place = f"authors/{author['id']}"
    post = await stack.post(author_id=author["id"])
    told = await outbox(stack, "posts", changes)
    for number, (name, value) in enumerate(FULL.items(), start=1):
        old = await tag_of(stack, place)
        answer = await send(stack, "PATCH", place, {name: f"{value}x"})
        assert answer.json() == author | {name: f"{value}x", "version": number + 1, "live_count": 1}
        author = answer.json()
        assert answer.headers["ETag"] == await tag_of(stack, place) != old
        refused(await send(stack, "PATCH", place, {"about": "Else"}, tag=old), 412, "precondition-failed")
    assert (await send(stack, "PATCH", place, {"name": author["name"]})).json() == author
    assert len(await outbox(stack, "posts", changes)) == len(told) + 4
    assert (await send(stack, "PATCH", place, {"url": None, "picture_url": None})).json()["url"] is None
    for method, body in (("PATCH", {"name": "N"}), ("DELETE", None)):
        refused(await send(stack, method, place, body, tag=None), 428, "precondition-required")
        refused(await send(stack, method, "authors/1", body, tag="*"), 404, "not-found")
    for given, pointer in (({"name": None}, "/name"), ({"live_count": 5}, "/live_count")):
        assert refused(await send(stack, "PATCH", place, given), 422, "invalid") == [pointer]
    assert (await read(stack, f"posts/{post['id']}"))["version"] == 1


async def test_an_author_in_use_stays(stack: Stack) -> None:
    author = await made(stack)
    place = f"authors/{author['id']}"
    posts = [await stack.post(author_id=author["id"], state=state) for state in ("live", "draft")]
    for post in posts:
        refused(await send(stack, "DELETE", place), 409, "conflict")
        await patched(stack, post, author_id=None)
    trashed = await stack.post(author_id=author["id"])
    await acted(stack, trashed, "trash")
    refused(await send(stack, "DELETE", place), 409, "conflict")
    await deleted(stack, f"posts/{trashed['id']}")
    await deleted(stack, place)
    refused(await stack.operator.get(f"/api/v1/{place}"), 404, "not-found")
    assert (await outbox(stack, "posts", changes))[-1][:3] == ("author.deleted", author["id"], 2)


async def test_the_name_stands_on_the_page_and_in_lists(stack: Stack) -> None:
    author = await made(stack, **FULL)
    post = await stack.post(author_id=author["id"])
    shown = {"id": author["id"], "name": "Ann", "url": "https://ann.example/"}
    assert post["author"] == (await article(stack, post))["author"] == shown
    assert (await read(stack, "articles"))["items"][0]["author"] == shown
    assert "Ann" in (await stack.reader.get(post["path"], headers=HTML)).text
    assert await listed_ids(stack, author=author["id"]) == await listed_ids(stack, q="ann") == [post["id"]]

    assert (await send(stack, "PATCH", f"authors/{author['id']}", {"name": "Zoe"})).status_code == 200
    assert (await article(stack, post))["author"]["name"] == "Zoe"
    assert "Zoe" in (await stack.reader.get(post["path"], headers=HTML)).text
    assert (await listed_ids(stack, q="zoe"), await listed_ids(stack, q="ann")) == ([post["id"]], [])
    nobody = {"title": "T", "body_html": "x", "author_id": "1"}
    assert refused(await stack.operator.post("/api/v1/posts", json=nobody), 422, "invalid") == ["/author_id"]
    for method in ("PUT", "PATCH"):
        assert refused(await send(stack, method, f"posts/{post['id']}", nobody), 422, "invalid") == ["/author_id"]


async def test_authors_without_live_posts_are_hidden(stack: Stack) -> None:
    authors = {name: await made(stack, name=name) for name in ("Cy", "Ann", "Bo", "Dee")}
    for name, more in (("Cy", {}), ("Cy", {}), ("Ann", {}), ("Bo", {"state": "draft"}), ("Dee", {"kind": "page"})):
        await stack.post(author_id=authors[name]["id"], **more)
    listed = (await stack.reader.get("/api/v1/authors")).json()
    assert [(one["name"], one["live_count"]) for one in listed["items"]] == [("Ann", 1), ("Cy", 2)]
    assert (await stack.reader.get(f"/api/v1/authors/{authors['Ann']['id']}")).status_code == 200
    refused(await stack.reader.get(f"/api/v1/authors/{authors['Bo']['id']}"), 404, "not-found")
    refused(await stack.reader.get("/api/v1/authors?unused=true"), 401, "unauthorized")
    pages, cursor = list[list[str]](), None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        page = await read(stack, "authors", limit=3, unused=True, **more)
        pages.append([one["name"] for one in page["items"]])
        if (cursor := page["next_cursor"]) is None:
            break
    assert pages == [["Ann", "Bo", "Cy"], ["Dee"]]
    refused(await stack.reader.get("/api/v1/authors?cursor=x"), 422, "invalid")
    writer = await stack.key("posts:write", "posts:publish")
    refused(await writer.post("/api/v1/authors", json={"name": "N"}), 403, "forbidden")
    for method, body in (("PATCH", {"name": "N"}), ("DELETE", None)):
        refused(await send(stack, method, f"authors/{authors['Ann']['id']}", body, by=writer), 403, "forbidden")


async def test_what_authors_cost(stack: Stack) -> None:
    author = await made(stack)
    place = f"authors/{author['id']}"
    costs = [
        await cost(stack, "POST", "authors", {"name": "Bo"}, status=201),
        await cost(stack, "GET", "authors"),
        await cost(stack, "GET", place),
        await cost(stack, "PATCH", place, {"about": "Writes."}),
        await cost(stack, "PATCH", place, {"name": "Zoe"}),
        await cost(stack, "DELETE", place, status=204),
    ]
    assert [calls[0].split()[1] for calls, _ in costs] == ["POST", "GET", "GET", "PATCH", "PATCH", "DELETE"]
    assert [len(calls) for calls, _ in costs] == [1] * 6
    assert [queries for _, queries in costs] == [4, 1, 1, 4, 6, 5]
