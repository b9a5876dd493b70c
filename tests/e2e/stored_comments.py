"""Kills a server in the middle of writes, then compares what was acknowledged with what is shown and stored."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import httpx
from sqlalchemy import func, select

from services.comments.tables import changes, comments, threads
from services.common.database import Database
from services.common.open_database import open_database
from tests.databases import Databases
from tests.e2e.kill_rounds import EDITED, History, Rounds


async def survived(databases: Databases, folder: Path, phases: Iterable[str], chance: Random) -> History:
    """A round for each phase in which the server is killed."""
    urls = {name: await databases.fresh(name, folder) for name in ("posts", "comments")}
    env = {f"DATELINE_{name.upper()}_DATABASE_URL": url for name, url in urls.items()}
    env["DATELINE_COMMENT_EDIT_MINUTES"] = "1440"  # a hundred rounds take a while
    rounds = Rounds(folder, env, History(chance))
    for phase in phases:
        await rounds.kill(phase)
    with rounds.serving() as server:
        async with rounds.client(server) as client:
            await rounds.finish(client)
            await assert_all_are_shown(client, rounds.history)
        assert server.stop() == 0
    database = await open_database(urls["comments"])
    try:
        await assert_tables_agree(database, rounds.history)
    finally:
        await database.close()
    return rounds.history


async def assert_all_are_shown(client: httpx.AsyncClient, history: History) -> None:
    """Each comment once, in JSON and on the pages, and as many as the thread says."""
    expected = {
        (one, history.parents[key], EDITED if history.changed.get(one) == "edited" else key)
        for key, one in history.stored.items()
        if history.changed.get(one) not in {"deleted", "moderated"}
    }
    shown: list[tuple[str, str | None, str]] = []
    for post in history.posts:
        items, count = await _thread(client, post["id"])
        assert len(items) == count
        assert await _ids_on_pages(client, post["path"]) == [item["id"] for item in items]
        shown += [(item["id"], item["parent_id"], re.sub(r"</?p>|\n", "", item["body_html"])) for item in items]
    assert len(shown) == len(expected), "doubled"
    assert set(shown) == expected


async def assert_tables_agree(database: Database, history: History) -> None:
    """Counts are what counting says, and every write is in the change feed, once."""
    shown = func.sum(comments.c.has_place)
    of_state = func.count().filter(comments.c.state == "live")
    async with database.read() as reads:
        counted = await reads.execute(select(comments.c.post_id, of_state, shown).group_by(comments.c.post_id))
        kept = await reads.execute(select(threads.c.post_id, threads.c.live_count, threads.c.shown_count))
        assert sorted(map(tuple, counted)) == sorted(map(tuple, kept))
        ids = (await reads.execute(select(comments.c.id))).scalars().all()
        of_comments = select(changes).where(changes.c.kind.like("comment.%"))
        told = Counter((row.kind, str(row.entity_id)) for row in await reads.execute(of_comments))
    assert sorted(map(str, ids)) == sorted(history.stored.values())
    created = {("comment.created", one) for one in history.stored.values()}
    changed = {(f"comment.{kind}", one) for one, kind in history.changed.items()}
    assert set(told) == created | changed
    # an edit that is sent again is one more edit
    assert {times for (kind, _), times in told.items() if kind != "comment.edited"} == {1}


async def _thread(client: httpx.AsyncClient, post_id: str) -> tuple[list[dict[str, Any]], int]:
    items: list[dict[str, Any]] = []
    cursor, page = "", {"next_cursor": "first"}
    while page["next_cursor"]:
        params = {"cursor": cursor} if cursor else {}
        page = (await client.get(f"/api/v1/articles/{post_id}/comments", params=params)).json()
        items, cursor = [*items, *page["items"]], page["next_cursor"]
    return items, int(page["count"])


async def _ids_on_pages(client: httpx.AsyncClient, path: str) -> list[str]:
    ids: list[str] = []
    address: str | None = path
    while address is not None:
        page = (await client.get(address, headers={"Accept": "text/html"})).text
        ids += re.findall(r'<li id="c(\d+)"', page)
        more = re.search(r'rel="next" href="([^"#]+comments_cursor=[^"#]+)', page)
        address = more[1].replace("&amp;", "&") if more else None
    return ids
