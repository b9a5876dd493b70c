"""Makes lists of related posts, and puts posts into the lists of those that they have most to do with."""

import asyncio
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import RowMapping, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from services.common.clock import Clock
from services.common.database import Database, Reads, Writes
from services.posts.commands.related_changes import tell_of_lists
from services.posts.commands.related_turn import take_turn
from services.posts.domain.related.docs import Doc
from services.posts.domain.related.lists import MAX_LISTS, Entry, Pairs, RelatedList, enterable, least, pool
from services.posts.queries.related_candidates import Near, docs_near
from services.posts.queries.related_index import docs_by_number, docs_wanting, languages, lists_of, the_state
from services.posts.related_tables import related_docs, related_lists

_BATCH: Final = 8
SOON: Final = 2
AT_NIGHT: Final = 1


async def list_related(database: Database, clock: Clock, wants: int = SOON) -> int:
    """Makes a batch of lists; returns how many."""
    async with database.read() as reads:
        state, docs = await the_state(reads), await docs_wanting(reads, wants, _BATCH)
        if not docs:
            return 0
        near = await docs_near(reads, docs, await languages(reads))
        found = _Lists(docs, near, Pairs(near.docs))
        await asyncio.to_thread(found.compare)
        await found.read_lists(reads)
    await asyncio.to_thread(found.change)
    await database.write(partial(found.store, state=state, clock=clock))
    return len(docs)


@dataclass(slots=True)
class _Lists:
    """A batch of lists that are made, and those that they change."""

    docs: Mapping[int, Doc]
    near: Near
    pairs: Pairs
    before: dict[int, RelatedList] = field(default_factory=dict)
    after: dict[int, RelatedList] = field(default_factory=dict)
    entered: dict[int, list[int]] = field(default_factory=dict)
    put_off: set[int] = field(default_factory=set)

    def compare(self) -> None:
        """Makes the lists themselves, and finds the lists that the docs get into."""
        done = set[int]()
        for doc in self.docs:
            self.after[doc] = self.pairs.whole_list(doc, self.near.others[doc])
            done.add(doc)
            # a list that is to be made anyway will find this doc by itself
            others = {one for one in self.near.others[doc] if one in done or self.pairs.docs[one].wants != SOON}
            entered = enterable(doc, others, self.pairs)
            fallen = sorted(self.near.listing[doc] & others - set(entered))
            self.entered[doc] = [*entered, *fallen][:MAX_LISTS]
            # where it fell behind, another that is not in the list may be better now
            self.put_off |= {*entered[MAX_LISTS:], *fallen}

    async def read_lists(self, reads: Reads) -> None:
        """As they are, and whatever may be shown in them."""
        wanted = {*self.docs, *(other for entered in self.entered.values() for other in entered)}
        self.before = {doc: RelatedList({}) for doc in wanted}
        for row in await lists_of(reads, wanted):
            self.before[row["doc"]].entries[row["other"]] = _entry(row)
        pools = {other for one in self.before.values() for other in pool(one)}
        self.pairs.docs = {**self.pairs.docs, **await docs_by_number(reads, pools - self.pairs.docs.keys())}

    def change(self) -> None:
        for doc, entered in self.entered.items():
            for other in entered:
                now = self.after.get(other) or self.before[other]
                self.after[other] = self.pairs.with_other(now, other, doc)

    async def store(self, writes: Writes, state: RowMapping, clock: Clock) -> None:
        await take_turn(writes, state)
        gone, kept = list[dict[str, Any]](), list[dict[str, Any]]()
        for doc, now in self.after.items():
            before = self.before[doc].entries
            gone += [{"of": doc, "with": other} for other in before.keys() - now.entries.keys()]
            kept += [_row(doc, other, one) for other, one in now.entries.items() if before.get(other) != one]
        if gone:
            stood = related_lists.c.doc == bindparam("of"), related_lists.c.other == bindparam("with")
            await writes.execute(delete(related_lists).where(*stood), gone)
        if kept:
            await _put(writes, kept)
        await self._note(writes)
        shown = {doc for doc, now in self.after.items() if now.shown() != self.before[doc].shown()}
        others = {doc for doc, now in self.after.items() if now.entries != self.before[doc].entries}
        await tell_of_lists(writes, state["turn"], self._posts(shown), self._posts(others), clock())

    def _posts(self, docs: Collection[int]) -> list[int]:
        post_ids = (self.pairs.docs[doc].post_id for doc in docs)
        return [post_id for post_id in post_ids if post_id is not None]

    async def _note(self, writes: Writes) -> None:
        mine = update(related_docs).where(related_docs.c.doc == bindparam("of"))
        rows = [{"of": doc, "now": least(one)} for doc, one in self.after.items() if doc in self.docs]
        await writes.execute(mine.values(least=bindparam("now"), wants=0), rows)
        others = [{"of": doc, "now": least(one)} for doc, one in self.after.items() if doc not in self.docs]
        if others:
            await writes.execute(mine.values(least=bindparam("now")), others)
        if self.put_off:
            later = related_docs.c.doc.in_(self.put_off), related_docs.c.wants == 0
            await writes.execute(update(related_docs).where(*later).values(wants=AT_NIGHT))


def _entry(row: RowMapping) -> Entry:
    terms = array("I")
    terms.frombytes(row["terms"])
    return Entry(row["score"], row["place"], tuple(terms), row["label_id"])


def _row(doc: int, other: int, entry: Entry) -> dict[str, Any]:
    return {
        "doc": doc,
        "other": other,
        "score": entry.score,
        "place": entry.place,
        "terms": array("I", entry.terms).tobytes(),
        "label_id": entry.label,
    }


async def _put(writes: Writes, rows: Sequence[dict[str, Any]]) -> None:
    dialect = postgresql if writes.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(related_lists)
    changed = {name: statement.excluded[name] for name in ("score", "place", "terms", "label_id")}
    await writes.execute(statement.on_conflict_do_update(index_elements=["doc", "other"], set_=changed), rows)
