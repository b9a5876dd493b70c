"""Fills a posts database with made-up articles that wait to be related, then relates them; goes on where it stopped."""

import asyncio
import html
import time
from functools import partial
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from bench.topics import Article, article
from services.common.clock import utc_now
from services.common.database import Database, Writes
from services.common.upsert import insert_missing
from services.migration.progress import Progress
from services.posts.commands.owe_related import owe_related
from services.posts.commands.relate_posts import Relating
from services.posts.queries.related_progress import related_progress
from services.posts.related_tables import related_docs
from services.posts.tables import labels, paths, post_labels, posts

PUBLIC_URL: Final = "https://bench.example"
UNLISTED: Final = 2_000_000
"""What it takes to get into a list that is not made: more than any two posts have."""
_BATCH: Final = 1_000
_STEP: Final = 1_000_003
"""Ids are given in another order than that of dates: an import brings them as they come."""


def post_id(n: int) -> int:
    return (n + 1) << 24 | n * _STEP & 0xFFFFFF


def number_of(post: int) -> int:
    return (post >> 24) - 1


async def fill(database: Database, size: int, progress: Progress) -> None:
    """Posts, their paths and labels alone: neither the search index nor counts, which relating does not look at."""
    async with database.read() as reads:
        done = (await reads.execute(select(func.count()).select_from(posts))).scalar_one()
    progress.start("posts", size)
    progress.advance(done)
    for start in range(done, size, _BATCH):
        numbers = range(start, min(start + _BATCH, size))
        await database.write(partial(store, made={n: article(n, size) for n in numbers}))
        progress.advance(len(numbers))


async def store(writes: Writes, made: dict[int, Article]) -> None:
    await writes.execute(insert(posts), [_post_row(n, one) for n, one in made.items()])
    await writes.execute(insert(paths), [{"path": _path(n), "post_id": post_id(n)} for n in made])
    names = sorted({name for one in made.values() for name in one.labels})
    rows = [{"id": label_id(name), "name": name, "live_count": 0} for name in names]
    await insert_missing(writes, labels, rows, on="name")
    await writes.execute(insert(post_labels), [row for n, one in made.items() for row in _label_rows(n, one)])
    await owe_related(writes, [post_id(n) for n in made])


async def hide(writes: Writes, n: int) -> None:
    await _turn(writes, n, "draft")


async def show(writes: Writes, n: int) -> None:
    await _turn(writes, n, "live")


async def _turn(writes: Writes, n: int, state: str) -> None:
    await writes.execute(update(posts).where(posts.c.id == post_id(n)).values(state=state))
    await owe_related(writes, [post_id(n)])


def _path(n: int) -> str:
    return f"/2020/01/{n}.html"


def label_id(name: str) -> int:
    return 1 + int(name.split()[1])


def _label_rows(n: int, one: Article) -> list[dict[str, Any]]:
    return [
        {"post_id": post_id(n), "label_id": label_id(name), "position": position, "live_at": one.published}
        for position, name in enumerate(one.labels)
    ]


def _post_row(n: int, one: Article) -> dict[str, Any]:
    body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in one.paragraphs)
    return {
        "id": post_id(n),
        "kind": "post",
        "state": "live",
        "title": one.title,
        "path": _path(n),
        "excerpt": one.paragraphs[0][:300],
        "comment_policy": "open",
        "published_at": one.published,
        "created_at": one.published,
        "updated_at": one.published,
        "version": 1,
        "body_html": body,
        "policy_version": 1,
        "body_format": "html",
        "body_source": body,
        "has_generated_path": 1,
        "first_live_at": one.published,
    }


async def relate(database: Database, progress: Progress, *, with_lists: bool) -> None:
    """In the order of the job: all are read, then weighed, then listed. Without lists, those are not wanted."""
    relating = Relating(database, utc_now, PUBLIC_URL)
    for part in ("unread", "unweighed", "unlisted"):
        if part == "unlisted" and not with_lists:
            await database.write(_want_no_lists)
        left = await _left(database, part)
        if not left:
            continue
        progress.start(part, left)
        begun, used = time.monotonic(), time.process_time()
        done = 0
        while done < left:
            count = await relating()
            done += count
            progress.advance(count)
            if not count:
                await asyncio.sleep(0.1)  # after many posts it waits for more
        print(
            f"{part}: {left} in {time.monotonic() - begun:.0f} s, {time.process_time() - used:.0f} s of CPU", flush=True
        )


async def settle(database: Database) -> None:
    """Until nothing is left to do."""
    relating = Relating(database, utc_now, PUBLIC_URL)
    while await relating():
        pass


async def _left(database: Database, part: str) -> int:
    async with database.read() as reads:
        return (await related_progress(reads))[part]


async def _want_no_lists(writes: Writes) -> None:
    await writes.execute(update(related_docs).where(related_docs.c.wants != 0).values(wants=0, least=UNLISTED))
