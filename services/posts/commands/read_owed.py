"""Reads posts that changed: what they say is counted, and they wait for weights and for a list."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import RowMapping, bindparam, delete, insert

from services.common.clock import Clock
from services.common.database import Database, Reads, Writes
from services.common.html import SafeHtml
from services.posts.commands.related_changes import tell_of_lists
from services.posts.commands.related_turn import take_turn
from services.posts.commands.store_intake import store_intake
from services.posts.domain.related.docs import Intake, new_ids
from services.posts.domain.related.reading import Reading, read_post
from services.posts.queries.blog import the_blog
from services.posts.queries.paths import owners_of_paths
from services.posts.queries.posts import labels_by_post
from services.posts.queries.related_index import docs_of_posts, languages, owed_posts, term_ids, the_state
from services.posts.queries.related_posts import mentions_by_post, posts_to_read
from services.posts.related_tables import related_mentions, related_owed

_BATCH: Final = 50


async def read_owed(database: Database, clock: Clock, public_url: str) -> int:
    """Takes in a batch; returns how many."""
    async with database.read() as reads:
        owed = await owed_posts(reads, _BATCH)
        if not owed:
            return 0
        batch = await _batch(reads, owed, public_url)
    await database.write(partial(batch.store, clock=clock))
    return len(owed)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Posts that were read, ready to be stored."""

    state: RowMapping
    known: Mapping[str, RowMapping]
    owed: Mapping[int, int]
    readings: Mapping[int, Reading]
    new_terms: Mapping[tuple[str, str], int]
    intake: Intake
    mentioned: frozenset[int]
    """Posts that a text links to that did not before, or no longer does."""

    async def store(self, writes: Writes, clock: Clock) -> None:
        next_term = self.state["next_term"] + len(self.new_terms)
        await take_turn(writes, self.state, next_doc=self.intake.next_doc, next_term=next_term)
        await self._pay(writes)
        await store_intake(writes, self.intake, self.new_terms, self.known)
        await tell_of_lists(writes, self.state["turn"], self.mentioned, (), clock())

    async def _pay(self, writes: Writes) -> None:
        """What was owed once more meanwhile stays owed."""
        paid = delete(related_owed).where(
            related_owed.c.post_id == bindparam("owed"), related_owed.c.marks == bindparam("seen")
        )
        await writes.execute(paid, [{"owed": post_id, "seen": marks} for post_id, marks in self.owed.items()])
        await writes.execute(delete(related_mentions).where(related_mentions.c.post_id.in_(self.owed)))
        rows = [
            {"post_id": post_id, "path": path, "position": position}
            for post_id, reading in self.readings.items()
            for position, path in enumerate(reading.mentions)
        ]
        if rows:
            await writes.execute(insert(related_mentions), rows)


async def _batch(reads: Reads, owed: Mapping[int, int], public_url: str) -> _Batch:
    state, blog, known = await the_state(reads), await the_blog(reads), await languages(reads)
    rows = await posts_to_read(reads, owed)
    labels = {post_id: [one["id"] for one in found] for post_id, found in (await labels_by_post(reads, rows)).items()}
    own_url, language = blog["public_url"] or public_url, blog["locale"].replace("_", "-").split("-")[0].lower()
    readings = await asyncio.to_thread(_readings, rows, labels, own_url, language)
    wanted = dict[str, dict[str, None]]()
    for reading in readings.values():
        wanted.setdefault(reading.lang, {}).update(dict.fromkeys(reading.terms))
    ids = await term_ids(reads, wanted)
    fresh = new_ids(wanted, ids, state["next_term"])
    before = await docs_of_posts(reads, owed)
    intake = Intake({**ids, **fresh}, state["next_doc"])
    for post_id in sorted(owed):
        intake.take(post_id, before.get(post_id), readings.get(post_id))
    mentioned = await _newly_mentioned(reads, owed, readings)
    return _Batch(state, known, owed, readings, fresh, intake, mentioned)


def _readings(
    rows: Mapping[int, RowMapping], labels: Mapping[int, list[int]], public_url: str, language: str
) -> dict[int, Reading]:
    return {
        post_id: read_post(
            row["title"],
            SafeHtml(row["body_html"]),
            labels.get(post_id, []),
            row["published_at"],
            public_url,
            language,
        )
        for post_id, row in rows.items()
    }


async def _newly_mentioned(reads: Reads, owed: Mapping[int, int], readings: Mapping[int, Reading]) -> frozenset[int]:
    before = await mentions_by_post(reads, owed)
    paths = set[str]()
    for post_id in owed:
        now = readings[post_id].mentions if post_id in readings else ()
        paths |= set(before.get(post_id, ())) ^ set(now)
    return frozenset((await owners_of_paths(reads, sorted(paths))).values())
