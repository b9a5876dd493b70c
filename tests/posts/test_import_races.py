"""Imports that run at the same time, and files that hold what cannot be stored."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.common.database import Reads
from services.common.open_database import open_database
from tests.databases import Databases
from tests.stack import Stack

BLANK: dict[str, Any] = {"kind": "post", "state": "live", "body": "<p>b</p>", "body_format": "html"}
AUTHOR = {"source_id": "ann", "name": "Ann"}


def batch(*titles: str) -> dict[str, Any]:
    return {
        "source": "race",
        "posts": [
            BLANK | {"source_id": title, "title": title, "author": AUTHOR, "published": "2022-01-08T12:00:00Z"}
            for title in titles
        ],
    }


async def test_equal_batches_at_once_are_stored_once(stack: Stack) -> None:
    """A client that timed out sends its batch again while the first is still being stored."""
    sent = [stack.operator.post("/api/v1/import/posts", json=batch("a", "b")) for _ in range(6)]
    answers = await asyncio.gather(*sent)
    assert [answer.status_code for answer in answers] == [200] * 6
    outcomes = [result["outcome"] for answer in answers for result in answer.json()["results"]]
    assert sorted(outcomes) == ["created"] * 2 + ["unchanged"] * 10
    assert len((await stack.reader.get("/api/v1/articles")).json()["items"]) == 2


async def test_batches_with_one_author_at_once(stack: Stack) -> None:
    sent = [stack.operator.post("/api/v1/import/posts", json=batch(f"t{number}")) for number in range(6)]
    assert [answer.status_code for answer in await asyncio.gather(*sent)] == [200] * 6
    items = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert len(items) == 6
    assert len({item["author"]["id"] for item in items}) == 1


async def test_halves_of_characters_are_dropped(stack: Stack) -> None:
    body = rb'{"source": "s", "posts": [{"source_id": "1", "kind": "post", "state": "live", "title": "\ud800T",'
    body += rb' "body": "x\udfffy", "body_format": "html", "published": "2022-01-08T12:00:00Z"}]}'
    answer = await stack.operator.post(
        "/api/v1/import/posts", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200
    page = (await stack.reader.get("/api/v1/articles/1")).json()
    assert (page["title"], page["body_html"]) == ("T", "xy")


async def test_own_link_that_cannot_be_a_path_is_kept_as_it_is(stack: Stack) -> None:
    written = await stack.post(related_links=[{"headline": "Odd", "url": "/a%00b"}])
    related = (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()["related"]
    assert [(link["headline"], link["article_id"]) for link in related] == [("Odd", None)]


async def test_failing_statements_tell_no_values(databases: Databases, tmp_path: Path) -> None:
    """An exception's text goes to the log, and drafts must not."""
    database = await open_database(await databases.fresh("posts", tmp_path))
    try:
        async with database.read() as reads:
            with pytest.raises(DBAPIError, match="nowhere") as from_read:
                await _fail(reads)
        with pytest.raises(DBAPIError, match="nowhere") as from_write:
            await database.write(_fail)
        assert "CANARY" not in str(from_read.value) + str(from_write.value)
    finally:
        await database.close()


async def _fail(reads: Reads) -> None:
    await reads.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": "CANARY"})
