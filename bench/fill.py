"""Fills a posts database with a made-up archive by the service's own commands, in batches; goes on where it stopped."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from bench import content
from bench.making import BATCH, made_batches
from services.common.clock import utc_now
from services.common.database import Database, Reads, Writes
from services.common.ids import IdSource
from services.common.upsert import insert_missing
from services.migration.progress import Progress
from services.posts.commands.name_words import store_name_words
from services.posts.commands.store_posts import store_posts
from services.posts.domain.indexed import author_marker
from services.posts.domain.slugs import month_folder, post_paths, slug
from services.posts.domain.store import PostToStore
from services.posts.queries.blog import the_blog
from services.posts.tables import authors, paths, posts


class OtherArchiveError(ValueError):
    """The database holds posts already, and not the first of this archive."""


@dataclass(slots=True)
class _FreePaths:
    """Gives a month's posts their paths; posts come in the order of their dates."""

    folder: str = ""
    taken: set[str] = field(default_factory=set)

    async def give(self, reads: Reads, made: PostToStore) -> PostToStore:
        if made.published_at is None:
            return made
        day = made.published_at.date()
        if month_folder(day) != self.folder:
            is_first, self.folder = not self.folder, month_folder(day)
            within = select(paths.c.path).where(paths.c.path.startswith(self.folder, autoescape=True))
            self.taken = set((await reads.execute(within)).scalars()) if is_first else set()
        path = next(path for path in post_paths(slug(made.title), day) if path not in self.taken)
        self.taken.add(path)
        return replace(made, path=path)


async def fill(database: Database, size: int, progress: Progress) -> None:
    """Raises OtherArchiveError."""
    ids, free = IdSource(utc_now), _FreePaths()
    async with database.read() as reads:
        done = await _done(reads, size)
        zone = ZoneInfo((await the_blog(reads))["time_zone"])
    await database.write(_store_authors)
    progress.start("posts", size)
    progress.advance(done)
    with made_batches(done, size) as next_batch:
        for _ in range(done, size, BATCH):
            made = await asyncio.to_thread(next_batch)
            async with database.read() as reads:
                pathed = [await free.give(reads, one) for one in made]
            await database.write(partial(_store, made=pathed, ids=ids, zone=zone))
            progress.advance(len(made))


async def _done(reads: Reads, size: int) -> int:
    """How many posts of this archive are there."""
    last = (await reads.execute(select(posts.c.source, posts.c.source_id).order_by(posts.c.id.desc()).limit(1))).first()
    if last is None:
        return 0
    if last.source != f"bench-{size}":
        raise OtherArchiveError(f"the database holds other posts than an archive of {size}")
    return int(last.source_id) + 1


async def _store_authors(writes: Writes) -> None:
    names = {content.author_id(place): name for place, name in enumerate(content.author_names())}
    same = {"url": None, "source": "bench", "about": "", "live_count": 0, "version": 1}
    rows = [{"id": of, "name": name, "source_id": str(of)} | same for of, name in names.items()]
    await insert_missing(writes, authors, rows, on="id")
    await store_name_words(writes, {author_marker(of): name for of, name in names.items()})


async def _store(writes: Writes, made: Sequence[PostToStore], ids: IdSource, zone: ZoneInfo) -> None:
    former = ((content.former_path(int(one.source_id or 0)), one.post_id) for one in made if one.path)
    claims = [(path, post_id) for path, post_id in (*((one.path, one.post_id) for one in made), *former) if path]
    await writes.execute(insert(paths), [{"path": path, "post_id": post_id} for path, post_id in sorted(claims)])
    await store_posts(writes, made, ids, utc_now(), zone)
