"""What the page cache answers: codings, conditions, HEAD, keys, callers, hosts, room."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import brotli
import httpx
import pytest
import zstandard

from services.common.in_process import WholeBody
from services.gateway.cache.store import Store
from tests.databases import SqliteFiles
from tests.gateway.caching import caching_stack, comparable, past_the_cache, settled, status_of, store_of
from tests.gateway.reading import HTML
from tests.stack import Stack


@pytest.fixture
async def stack(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Stack]:
    async with caching_stack(sqlite_files, tmp_path) as running:
        yield running


async def article(stack: Stack, **given: object) -> str:
    """The path of a live article, once everybody has heard of it."""
    path: str = (await stack.post(body_html=f"<p>{'Some text. ' * 200}</p>", **given))["path"]
    await settled(stack)
    return path


async def plainly(stack: Stack, path: str, **headers: str) -> httpx.Response:
    return await stack.reader.get(path, headers={"Accept-Encoding": "identity"} | headers)


def sent(answer: httpx.Response) -> bytes:
    """The body before it is unpacked."""
    whole: WholeBody = cast("Any", answer.stream)._stream
    return whole.content


async def test_each_coding_has_its_bytes_and_its_tag(stack: Stack) -> None:
    path = await article(stack)
    plain = await plainly(stack, path)
    assert (status_of(plain), status_of(await plainly(stack, path))) == ("fwd=miss; stored", "hit")
    unpack = {
        "br": brotli.decompress,
        "gzip": lambda body: zlib.decompress(body, 31),
        "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
        "identity": bytes,
    }
    tags = set()
    for accepted, coding in (
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, zstd", "zstd"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("deflate", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=x", "identity"),
        ("", "identity"),
    ):
        answers = [await plainly(stack, path, **{"Accept-Encoding": accepted}) for _ in range(2)]
        for answer in answers:
            assert answer.headers.get("Content-Encoding", "identity") == coding, accepted
            assert unpack[coding](sent(answer)) == plain.content
            assert answer.headers["Content-Length"] == str(len(sent(answer)))
            assert answer.headers["Vary"] == "Accept-Encoding"
        tags.add((coding, answers[1].headers["ETag"]))
    assert len(tags) == len({tag for _, tag in tags}) == 4
    assert plain.headers["Cache-Control"] == (
        "public, max-age=0, s-maxage=10, stale-while-revalidate=30, stale-if-error=300"
    )
    assert {"thread", "post"} <= {key.partition(":")[0] for key in plain.headers["Surrogate-Key"].split()}


async def test_conditions_and_head_are_answered_out_of_one_entry(stack: Stack) -> None:
    path = await article(stack)
    whole = await plainly(stack, path)
    with stack.recorder.recording() as costs:
        for given in (whole.headers["ETag"], f"W/{whole.headers['ETag']}", f'"x", {whole.headers["ETag"]}', "*"):
            same = await plainly(stack, path, **{"If-None-Match": given})
            assert (same.status_code, same.content) == (304, b"")
            assert {"ETag", "Cache-Control", "Vary"} <= {name.title().replace("Etag", "ETag") for name in same.headers}
        other = await plainly(stack, path, **{"If-None-Match": whole.headers["ETag"], "Accept-Encoding": "br"})
        assert other.status_code == 200, "another coding is another representation"
        head = await stack.reader.head(path, headers={"Accept-Encoding": "identity"})
    assert costs.calls == []
    assert (head.status_code, head.content) == (200, b"")
    own = {"x-request-id", "age", "cache-status"}
    assert [one for one in head.headers.items() if one[0] not in own] == [
        one for one in whole.headers.items() if one[0] not in own
    ]
    assert (await stack.reader.head("/")).headers["Cache-Status"].endswith("stored")
    assert status_of(await stack.reader.get("/")) == "hit"


async def test_unknown_parameters_make_no_entries(stack: Stack) -> None:
    path = await article(stack)
    await stack.reader.get("/api/v1/articles?limit=5&author=1")
    for same in ("?author=1&limit=5", "?utm_source=x&author=1&limit=5", "?limit=5&author=1&", "?%6cimit=5&author=1"):
        assert status_of(await stack.reader.get(f"/api/v1/articles{same}")) == "hit", same
    for other in ("?limit=6&author=1", "?limit=5", "?author=1&limit=5&cursor="):
        assert status_of(await stack.reader.get(f"/api/v1/articles{other}")) != "hit", other
    assert len(store_of(stack).entries) <= 4
    for unstored in ("?posted=1", "?comment=held", "?proof=x", "?reply_to=1"):
        for _ in range(2):
            answer = await stack.reader.get(path + unstored)
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    for unstored in ("/search?q=text", "/nothing.html", "/api/v1/articles?cursor=x", "/livez", "/static/dateline.css"):
        for _ in range(2):
            assert status_of(await stack.reader.get(unstored)) == "", unstored
    assert len(store_of(stack).entries) <= 4


async def test_who_shows_a_key_or_a_token_meets_no_store(stack: Stack) -> None:
    path = await article(stack)
    key = await stack.key("posts:read-drafts")
    for client, headers in (
        (key, {}),
        (stack.operator, {}),
        (stack.reader, {"Authorization": "Bearer nonsense"}),
        (stack.reader, {"X-Edit-Token": "x"}),
        (stack.reader, {"Cookie": "a=b; dateline-edit=x"}),
    ):
        before = dict(store_of(stack).entries)
        answer = await client.get(path, headers=headers)
        assert (status_of(answer), answer.headers["Cache-Control"]) == ("", "private, no-store")
        assert store_of(stack).entries == before == {}
    await stack.reader.get(path)
    for client, headers in ((key, {}), (stack.reader, {"Cookie": "dateline-edit=x"})):
        with stack.recorder.recording() as costs:
            assert status_of(await client.get(path, headers=headers)) == ""
        assert costs.calls != []
    assert status_of(await stack.reader.get(path, headers={"Cookie": "theme=dark"})) == "hit"


async def test_hosts_are_looked_at_before_the_store(stack: Stack) -> None:
    path = await article(stack)
    await stack.reader.get(path)
    there = {"Host": "moved.example"}
    assert (await stack.reader.get(path, headers=there)).status_code == 421
    assert status_of(await stack.reader.get(path, headers={"Host": "localhost:8000"})) == "fwd=miss; stored"
    assert status_of(await stack.reader.get(path, headers={"Host": "localhost:8000"})) == "hit"
    blog = await stack.reader.get("/api/v1/blog")
    for url, status in (("https://moved.example", 200), (None, 421)):
        etag = (await stack.reader.get("/api/v1/blog")).headers["ETag"]
        changed = await stack.operator.patch("/api/v1/blog", json={"public_url": url}, headers={"If-Match": etag})
        assert changed.status_code == 200
        stack.gateway.state["blog_host"]._asked_at -= 10
        assert [(await stack.reader.get(path, headers=there)).status_code for _ in range(2)] == [status] * 2
    assert blog.headers["ETag"] != etag
    for n in range(100):
        await stack.reader.get(path, headers={"Host": f"localhost:{n}"})
    assert len(store_of(stack).hosts) <= 64


async def test_what_lacks_its_comments_is_kept_for_seconds(stack: Stack) -> None:
    path = await article(stack)
    stack.take_away("comments")
    answers = [await stack.reader.get(path) for _ in range(3)]
    assert [status_of(answer) for answer in answers] == ["fwd=miss; stored", "hit", "hit"]
    assert all("Comments are not available" in answer.text for answer in answers)
    assert answers[0].headers["Cache-Control"] == "public, max-age=0, s-maxage=1, must-revalidate"
    (entry,) = store_of(stack).entries.values()
    assert entry.fresh_until - entry.made_at == 2
    entry.fresh_until = 0
    stack.bring_back("comments")
    assert "No comments:" in (await stack.reader.get(path)).text


async def test_last_good_page_is_shown_while_posts_are_away(stack: Stack) -> None:
    path, other, gone = [await article(stack, title=title) for title in ("One", "Two", "Gone")]
    good = [await stack.reader.get(one) for one in (path, gone)]
    page = (await stack.operator.get("/api/v1/posts")).json()["items"][0]
    assert page["title"] == "Gone"
    answer = await stack.operator.post(f"/api/v1/posts/{page['id']}/trash", headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    for entry in store_of(stack).entries.values():
        entry.made_at -= 7200
        entry.fresh_until -= 7200
    stack.take_away("posts")
    stale = await stack.reader.get(path)
    if status_of(stale) != "":  # `One` shows the neighbour that went
        assert (status_of(stale), int(stale.headers["Age"])) == ("hit; fwd=stale; fwd-status=503", 7200)
        assert comparable(stale) == comparable(good[0])
    for missing in (other, gone):
        answer = await stack.reader.get(missing)
        assert (answer.status_code, "Retry-After" in answer.headers) in {(503, True), (503, False)}


class NotAtOnce(httpx.AsyncBaseTransport):
    """Lets others have their turn first, as over a socket."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return await self._inner.handle_async_request(request)


async def test_many_wait_for_one_composition(stack: Stack) -> None:
    path = await article(stack)
    stack.upstreams["posts"].instead = NotAtOnce(stack.upstreams["posts"]._inner)
    with stack.recorder.recording() as costs:
        answers = await asyncio.gather(*(stack.reader.get(path) for _ in range(50)))
    assert len(costs.calls) == 2
    assert {answer.text for answer in answers} == {answers[0].text}
    told = [status_of(answer) for answer in answers]
    assert sorted(told) == ["fwd=miss; collapsed"] * 49 + ["fwd=miss; stored"]
    with stack.recorder.recording() as costs:
        missing = await asyncio.gather(*(stack.reader.get("/none.html") for _ in range(5)))
    assert len(costs.calls) == 5
    assert {answer.status_code for answer in missing} == {404}
    assert len({answer.headers["X-Request-Id"] for answer in (*missing, *answers)}) == 55


async def test_pages_past_the_cache_are_the_same(stack: Stack) -> None:
    path = await article(stack)
    cached = await stack.reader.get(path, headers=HTML)
    fresh = await past_the_cache(stack).get(path, headers=HTML)
    assert comparable(cached) == comparable(fresh)
    added = {"etag", "vary", "age", "cache-status", "cache-control", "surrogate-key", "content-encoding"}
    own = added | {"x-request-id", "content-length"}
    assert {name: value for name, value in cached.headers.items() if name not in own} == {
        name: value for name, value in fresh.headers.items() if name not in own
    }


def test_room_is_made_by_what_was_not_asked_for_again() -> None:
    from services.gateway.cache.entries import Entry

    store = Store(200_000)
    store.heard_of("posts", 1.0)
    for n in range(100):
        store.put(f"/{n}", Entry([], b"x" * 10_000, {f"post:{n}", "list"}, 0.0, 60.0), store.now)
        if "/3" in store.entries:
            store.entries["/3"].is_used = True
    assert store.bytes <= 200_000
    assert list(store.entries)[-1] == "/99"
    assert "/3" in store.entries
    assert "/4" not in store.entries
    assert store.bytes == sum(entry.size for entry in store.entries.values())
    store.evict(["list"])
    assert (store.entries, store.bytes, dict(store._keys)) == ({}, 0, {})
