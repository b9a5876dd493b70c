"""Posts that were there before the search index are indexed, and the archive is counted, when the service starts."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, text

from services.common.database import Writes
from services.common.microseconds import to_microseconds
from services.posts.domain.indexed import docid_of
from services.posts.search_tables import search_docs
from tests.databases import Databases
from tests.posts.as_before import AsBefore
from tests.posts.listing import POSTS, found, ids, page
from tests.stack import running_stack

COUNT = 120  # more than two batches of the job
ROWS = (
    "INSERT INTO authors (id, name, url, source, source_id) VALUES (7, 'Tobin Marsh', NULL, 's', 'a')",
    "INSERT INTO labels (id, name, live_count) VALUES (8, 'High Tide', 120)",
)
POST = text(
    "INSERT INTO posts (id, kind, state, title, path, author_id, excerpt, comment_policy, published_at, created_at, "
    "updated_at, version, body_html, policy_version, body_format, body_source) VALUES (:id, 'post', :state, :title, "
    ":path, :author, 'x', 'open', :at, 5, 5, 1, :body, 1, 'html', 'x')"
)
POST_2 = text(str(POST).replace("body_source)", "body_source, has_generated_path)").replace("'x')", "'x', 0)"))
LABEL = text("INSERT INTO post_labels (post_id, label_id, position, live_at) VALUES (:id, 8, 0, :at)")


async def _fill(writes: Writes) -> None:
    for row in ROWS:
        await writes.execute(text(row))
    for number in range(1, COUNT + 1):
        at = to_microseconds(datetime(2020 + number % 3, 1 + number % 2, 1 + number % 28, number % 24, tzinfo=UTC))
        given = {"id": number, "at": at, "path": f"/{number}.html", "author": 7 if number % 2 else None}
        words = {"title": f"Harbor n{number}", "body": f"<p>ferry &amp; b{number}</p>", "state": "live"}
        await writes.execute(POST, given | words)
        await writes.execute(LABEL, {"id": number, "at": at})
    blank = {"id": 901, "at": None, "path": None, "author": None, "title": "Harbor", "body": "<p>ferry</p>"}
    await writes.execute(POST, blank | {"state": "draft"})
    await writes.execute(POST, blank | {"id": 902, "state": "trashed"})


async def _fill_indexed(writes: Writes) -> None:
    """As the index was before it held characters and months."""
    at = to_microseconds(datetime(2020, 1, 2, tzinfo=UTC))
    given = {"id": 1, "at": at, "path": "/1.html", "author": None, "title": "地図", "state": "live"}
    await writes.execute(POST_2, given | {"body": "<p>図書館</p>"})
    doc = {"docid": docid_of(datetime(2020, 1, 2, tzinfo=UTC), 1), "post_id": 1, "title": "地図 図"}
    words = {"tags": "·livepost ·t地図 ·t図", "body": "図書 書館 館"}
    await writes.execute(insert(search_docs), [doc | words])


async def test_indexed_posts_are_indexed_again(databases: Databases, tmp_path: Path) -> None:
    async with running_stack(AsBefore(databases, 2, _fill_indexed), tmp_path) as stack:
        assert await found(stack, "図書館") == ["1"]
        async with asyncio.timeout(20):
            while await found(stack, "書") != ["1"]:  # noqa: ASYNC110 the job rings no bell
                await asyncio.sleep(0.02)
        assert await found(stack, "地", order="best") == ["1"]


async def test_old_posts_are_indexed_and_counted(databases: Databases, tmp_path: Path) -> None:
    async with running_stack(AsBefore(databases, 1, _fill), tmp_path) as stack:
        async with asyncio.timeout(20):
            while await found(stack, "n1 b1") != ["1"]:  # noqa: ASYNC110 the job's last
                await asyncio.sleep(0.02)
        assert ids(await page(stack, POSTS, q="harbor", state=["trashed"])) == ["902"]
        newest = ids(await page(stack, limit=100))
        assert len(newest) == 100
        for query in ("harbor", "ferry", "tide", 'label:"High Tide"'):
            assert await found(stack, query) == newest
        assert await found(stack, "x") == []
        assert await found(stack, "n77 b77 marsh") == ["77"]
        assert await found(stack, "n78 marsh") == []
        assert await found(stack, 'b78 label:"High Tide"') == ["78"]
        assert set(await found(stack, "marsh", author="7", year=2021)) == {
            str(number) for number in range(1, COUNT + 1, 2) if number % 3 == 1
        }
        assert ids(await page(stack, POSTS, q="harbor", state=["draft"])) == ["901"]

        archive = (await stack.reader.get("/api/v1/archive")).json()["years"]
        assert {year["year"]: year["count"] for year in archive} == {2020: 40, 2021: 40, 2022: 40}
        assert [month["count"] for year in archive for month in year["months"]] == [20] * 6
        (listed,) = (await stack.reader.get("/api/v1/authors")).json()["items"]
        assert (listed["name"], listed["live_count"]) == ("Tobin Marsh", 60)
        await stack.post(title="Harbor new", published="2022-01-31T00:00:00Z")
        assert len(await found(stack, "new harbor")) == 1
        archive = (await stack.reader.get("/api/v1/archive")).json()["years"]
        assert archive[0]["count"] == 41
