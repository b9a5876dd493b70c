"""Following an outbox over HTTP: what is told, to whom, and from which places."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from services.cli.started import started
from services.comments.app import create_app as create_comments
from services.comments.settings import CommentsSettings
from services.common.callers import caller_headers
from services.common.change_feed import BEGINNING, ChangeCursor
from services.common.database import Database
from services.common.in_process import InProcessTransport
from services.common.open_database import open_database
from services.common.secret_files import load_or_create_secret
from services.posts.app import create_app as create_posts
from services.posts.settings import PostsSettings
from tests.common.outboxes import follower, get, told, write
from tests.databases import Databases
from tests.stack import Stack


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.fresh("posts", tmp_path))
    yield opened
    await opened.close()


async def test_change_is_told_whole(database: Database) -> None:
    await write(database, 2**63 - 1)
    read = await get(follower(database))
    assert read["items"] == [
        {
            "kind": "post.changed",
            "entity_id": "9223372036854775807",
            "version": 3,
            "touches": ["post:9223372036854775807", "label:Cafés"],
        }
    ]
    assert (set(read), read["has_more"]) == ({"items", "next", "has_more"}, False)


async def test_pages_follow_each_other(database: Database) -> None:
    await write(database, *range(1, 104))
    client = follower(database)
    one = await get(client)
    assert (len(one["items"]), one["has_more"]) == (100, True)
    two = await get(client, after=one["next"], limit=1000)
    assert (told(two), two["has_more"]) == (["101", "102", "103"], False)
    three = await get(client, after=two["next"])
    assert three == {"items": [], "next": two["next"], "has_more": False}


async def test_places_of_another_feed_are_refused(database: Database) -> None:
    """As of a newer copy, or of another database; those of this one are taken, with something behind them or not."""
    client = follower(database)
    nothing_before = ChangeCursor.decode((await client.get("/changes/head")).json()["next"])
    await write(database, 1)
    await write(database, 2)
    head = ChangeCursor.decode((await client.get("/changes/head")).json()["next"])
    last = ChangeCursor.decode((await get(client))["next"])
    for known in (BEGINNING, nothing_before, head, last):
        assert (await client.get("/changes", params={"after": known.encode()})).status_code == 200
    unknown = [replace(head, at=head.at + 1), replace(last, seq=last.seq + 1), replace(last, at=0)]
    if last.xid:
        unknown += [replace(last, xid=2**62), replace(last, seq=0)]
    for place in unknown:
        answer = await client.get("/changes", params={"after": place.encode(), "wait_s": 0})
        assert answer.status_code == 422, place
        assert [error["parameter"] for error in answer.json()["errors"]] == ["after"]


async def test_head_is_where_a_new_follower_begins(database: Database) -> None:
    await write(database, 1)
    client = follower(database)
    head = (await client.get("/changes/head")).json()
    assert set(head) == {"next"}
    assert told(await get(client, after=head["next"])) == []
    await write(database, 2)
    assert told(await get(client, after=head["next"])) == ["2"]


@pytest.mark.parametrize(
    "query",
    [
        *("after=", "after=x", "after=%00", "after=" + "A" * 23),
        *("limit=0", "limit=1001", "limit=x"),
        *("wait_s=-1", "wait_s=25.1", "wait_s=nan", "wait_s=inf", "wait_s=x"),
    ],
)
async def test_malformed_parameters_are_named(database: Database, query: str) -> None:
    answer = await follower(database).get(f"/changes?{query}")
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("service", ["posts", "comments"])
async def test_feed_is_for_services_only(databases: Databases, tmp_path: Path, service: str) -> None:
    url, secrets = await databases.fresh(service, tmp_path), tmp_path / "secrets"
    app = (
        create_posts(PostsSettings.load(posts_database_url=url, secrets=secrets))
        if service == "posts"
        else create_comments(CommentsSettings.load(comments_database_url=url, secrets=secrets))
    )
    async with AsyncExitStack() as ends:
        running = await ends.enter_async_context(started(app))
        transport = InProcessTransport(running.app, running.state)
        client = await ends.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://inside"))
        known = caller_headers("gateway", load_or_create_secret(secrets, "gateway"))
        for path in ("/changes", "/changes/head"):
            assert (await client.get(path)).status_code == 401
            assert (await client.get(path, headers=caller_headers("gateway", "guess"))).status_code == 401
            assert (await client.get(path, headers=known)).status_code == 200


async def test_feed_is_not_published(stack: Stack) -> None:
    for path in ("/changes", "/changes/head", "/api/v1/changes"):
        assert (await stack.operator.get(path)).status_code == 404
