"""Reads posts that changed: what they say is counted, and they wait for weights and for a list."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from msgspec import Struct
from sqlalchemy import bindparam, delete, insert

from services.common.apart import apart
from services.common.changes import append_changes
from services.common.clock import Clock
from services.common.database import Reads, Writes
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.commands.list_related import lists_at_once
from services.posts.commands.made_lists import MadeLists
from services.posts.commands.read_links import newly_linked, with_few_links
from services.posts.commands.related_changes import first_links, links_changed
from services.posts.commands.related_turn import take_turn
from services.posts.commands.store_intake import store_intake
from services.posts.commands.weigh_posts import Weights, weights_at_once
from services.posts.domain.related.docs import Intake, new_ids
from services.posts.domain.related.reading import Reading
from services.posts.queries.related_docs import Row, docs_of_posts
from services.posts.queries.related_index import known_terms, languages, lent_by
from services.posts.queries.related_owed import OwedPosts
from services.posts.related_tables import related_mentions, related_owed
from services.posts.tables import changes

READ_AT_ONCE: Final = 50
_POST: Final = bindparam("of", type_=Int64)
_PAY: Final = Prepared(
    lambda _: delete(related_owed).where(
        related_owed.c.post_id == _POST, related_owed.c.marks == bindparam("seen", type_=Int64)
    )
)
_UNSAY: Final = Prepared(lambda _: delete(related_mentions).where(related_mentions.c.post_id == _POST))
_MENTION: Final = Prepared(
    lambda _: insert(related_mentions).values(
        {one.name: bindparam(one.name, type_=one.type) for one in related_mentions.c}
    )
)


class Read(Struct, frozen=True):
    """How many posts were taken in, how many of them have weights but no list yet, how many have neither; whether more
    may be owed; and whether nothing at all is left to do.
    """

    posts: int = 0
    weighed: int = 0
    unweighed: int = 0
    is_part: bool = False
    is_done: bool = False


async def read_owed(
    reads: Reads, found: OwedPosts, public_url: str, most_weighed: int, *, is_listed: bool = False
) -> "ReadPosts":
    """A batch, with weights at once if it is all there is and not too much; with a list if that is one post."""
    readings = await apart(reads, partial(found.read, public_url))
    taken = with_few_links(found, readings)
    is_weighed = not taken.is_part and len(taken.owed) <= most_weighed
    is_one = is_listed and len(taken.owed) == 1
    batch = await _batch(reads, taken, readings, is_weighed=is_weighed, is_listed=is_one)
    if batch.lists is not None:
        await batch.lists.make(reads)
    return batch


class ReadPosts(Struct, frozen=True):
    """Posts that were read, ready to be stored."""

    state: Row
    known: Mapping[str, Row]
    owed: Mapping[int, int]
    is_part: bool
    readings: Mapping[int, Reading]
    new_terms: Mapping[tuple[str, str], int]
    intake: Intake
    weights: Sequence[Weights]
    lists: MadeLists | None
    linked: frozenset[int]
    """Posts whose texts link to others than before, and those others."""

    @property
    def read(self) -> Read:
        weighed = sum(len(weights.docs) for weights in self.weights)
        is_done = self.lists is not None
        return Read(
            len(self.owed), 0 if is_done else weighed, len(self.intake.unweighed) - weighed, self.is_part, is_done
        )

    async def store(self, writes: Writes, clock: Clock) -> None:
        next_term = self.state["next_term"] + len(self.new_terms)
        await take_turn(writes, self.state, next_doc=self.intake.next_doc, next_term=next_term)
        links_before = await first_links(writes, self.linked)
        await self._pay(writes)
        await store_intake(writes, self.intake, self.new_terms, self.known)
        for weights in self.weights:
            await weights.store(writes)
        told = await links_changed(writes, self.state["turn"], links_before)
        await append_changes(writes, changes, told, clock())
        if self.lists is not None:
            await self.lists.store(writes, self.state["turn"], clock())

    async def _pay(self, writes: Writes) -> None:
        """What was owed once more meanwhile stays owed."""
        await _PAY.many(writes, [{"of": post_id, "seen": marks} for post_id, marks in self.owed.items()])
        await _UNSAY.many(writes, [{"of": post_id} for post_id in self.owed])
        rows = [
            {"post_id": post_id, "path": path, "position": position}
            for post_id, reading in self.readings.items()
            for position, path in enumerate(reading.mentions)
        ]
        await _MENTION.many(writes, rows)


async def _batch(
    reads: Reads, found: OwedPosts, readings: Mapping[int, Reading], *, is_weighed: bool, is_listed: bool
) -> ReadPosts:
    readings = {post_id: reading for post_id, reading in readings.items() if post_id in found.owed}
    wanted = dict[str, dict[str, None]]()
    for reading in readings.values():
        wanted.setdefault(reading.lang, {}).update(dict.fromkeys(reading.terms))
    terms = await known_terms(reads, wanted)
    fresh = new_ids(wanted, terms, found.state["next_term"])
    before = await docs_of_posts(reads, found.owed)
    lent = await lent_by(reads, terms.values(), [doc.doc for doc in before.values()])
    intake = Intake({**terms, **fresh}, lent, found.state["next_doc"])
    for post_id in sorted(found.owed):
        intake.take(post_id, before.get(post_id), readings.get(post_id))
    linked = await newly_linked(reads, found, readings)
    known = await languages(reads)
    weights = await weights_at_once(reads, intake, known) if is_weighed else ()
    lists = await lists_at_once(reads, weights[0], known) if weights and is_listed else None
    return ReadPosts(found.state, known, found.owed, found.is_part, readings, fresh, intake, weights, lists, linked)
