"""Lists of related posts as they are made, and what they change in those of others."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field
from sqlalchemy import Executable, bindparam, delete, update

from services.common.apart import apart
from services.common.changes import append_changes
from services.common.database import Reads, Writes
from services.common.prepared import Prepared, given_by_name
from services.common.sqltypes import Int64
from services.common.upsert import insert_on
from services.posts.commands.related_changes import Told, lists_changed
from services.posts.domain.related.docs import Doc
from services.posts.domain.related.lists import (
    MAX_LISTS,
    Entry,
    Pairs,
    RelatedList,
    enterable,
    least,
    pool,
)
from services.posts.queries.related_candidates import Near
from services.posts.queries.related_docs import docs_by_number, lists_of
from services.posts.queries.related_progress import SOON
from services.posts.related_tables import related_docs, related_lists
from services.posts.tables import changes

AT_NIGHT: Final = 1


class MadeLists(Struct):
    """A batch of lists that are made, and those that they change. Made, they are ready to be stored."""

    docs: Mapping[int, Doc]
    near: Near
    pairs: Pairs
    before: dict[int, RelatedList] = field(default_factory=dict)
    after: dict[int, RelatedList] = field(default_factory=dict)
    entered: dict[int, list[int]] = field(default_factory=dict)
    """By list, the docs that are compared with it anew."""
    unplaced: list[int] = field(default_factory=list)
    put_off: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, docs: Mapping[int, Doc], near: Near) -> "MadeLists":
        return cls(docs, near, Pairs(near.docs))

    async def make(self, reads: Reads) -> None:
        await apart(reads, self.compare)
        await self.enter(reads)
        await apart(reads, self.place)

    def compare(self) -> None:
        """Makes the lists themselves, and finds the lists that the docs get into."""
        done = set[int]()
        for doc in self.docs:
            self.after[doc] = self.pairs.whole_list(doc, self.near.others[doc])
            done.add(doc)
            # a list that is to be made anyway will find this doc by itself
            others = {one for one in self.near.others[doc] if one in done or self.pairs.docs[one].wants != SOON}
            standing = self.near.listing[doc]
            entered = enterable(doc, others, self.pairs)
            fallen = sorted(standing.keys() & others - set(entered))
            anew = [one for one in (*entered, *fallen) if not self._is_as_before(standing.get(one), doc, one)]
            for one in anew[:MAX_LISTS]:
                self.entered.setdefault(one, []).append(doc)
            # where it fell behind, another that is not in the list may be better now
            self.put_off |= {*anew[MAX_LISTS:], *fallen}

    def _is_as_before(self, standing: Entry | None, doc: int, other: int) -> bool:
        return standing is not None and standing == self.pairs.entry(doc, other).at(standing.place)

    async def enter(self, reads: Reads) -> None:
        """Into lists as they are; reads whatever may be shown in those where that changes."""
        self.before = {doc: RelatedList({}) for doc in (*self.docs, *self.entered)}
        for doc, other, entry in await lists_of(reads, self.before):
            self.before[doc].entries[other] = entry
        pools = set[int]()
        for doc, others in self.entered.items():
            base = self.after.get(doc) or self.before[doc]
            self.after[doc] = self.pairs.with_others(base, doc, others)
            if (now := pool(self.after[doc])) != pool(base):
                self.unplaced.append(doc)
                pools |= now.keys()
        self.pairs.docs = {**self.pairs.docs, **await docs_by_number(reads, pools - self.pairs.docs.keys())}

    def place(self) -> None:
        self.after |= {doc: self.pairs.placed(self.after[doc]) for doc in self.unplaced}

    async def store(self, writes: Writes, turn: int, at: datetime) -> None:
        gone, kept = list[dict[str, Any]](), list[dict[str, Any]]()
        for doc, now in self.after.items():
            before = self.before[doc].entries
            gone += [{"of": doc, "with": other} for other in before.keys() - now.entries.keys()]
            kept += [_row(doc, other, one) for other, one in now.entries.items() if before.get(other) != one]
        changed = {row["of"] for row in gone} | {row["doc"] for row in kept}
        await TAKE_OUT.many(writes, gone)
        await _PUT.many(writes, kept)
        await self._note(writes)
        await append_changes(writes, changes, await lists_changed(writes, turn, self._told(changed)), at)

    def _told(self, docs: Iterable[int]) -> dict[int, tuple[Told, Told]]:
        """By post, its list before and after, where they differ."""
        lists = dict[int, tuple[Told, Told]]()
        for doc in docs:
            post_id, before, after = self.pairs.docs[doc].post_id, self.before[doc].told(), self.after[doc].told()
            if post_id is not None and before != after:
                lists[post_id] = before, after
        return lists

    async def _note(self, writes: Writes) -> None:
        await _LISTED.many(writes, [{"of": doc, "now": least(self.after[doc])} for doc in self.docs])
        others = self.after.keys() - self.docs.keys()
        await _ENTERED.many(writes, [{"of": doc, "now": least(self.after[doc])} for doc in others])
        await PUT_OFF.many(writes, [{"of": doc} for doc in self.put_off])


def _row(doc: int, other: int, entry: Entry) -> dict[str, Any]:
    return {
        "doc": doc,
        "other": other,
        "score": entry.score,
        "place": entry.place,
        "terms": entry.terms,
        "label_id": entry.label,
    }


def _put(dialect: str) -> Executable:
    given = given_by_name(related_lists.c)
    statement = insert_on(dialect)(related_lists).values(given)
    changed = {name: statement.excluded[name] for name in ("score", "place", "terms", "label_id")}
    put: Executable = statement.on_conflict_do_update(index_elements=["doc", "other"], set_=changed)
    return put


_MINE: Final = update(related_docs).where(related_docs.c.doc == bindparam("of", type_=Int64))
_LEAST: Final = bindparam("now", type_=Int64)
_PUT: Final = Prepared(_put)
TAKE_OUT: Final = Prepared(
    lambda _: delete(related_lists).where(
        related_lists.c.doc == bindparam("of", type_=Int64), related_lists.c.other == bindparam("with", type_=Int64)
    )
)
_LISTED: Final = Prepared(lambda _: _MINE.values(least=_LEAST, wants=0))
_ENTERED: Final = Prepared(lambda _: _MINE.values(least=_LEAST))
PUT_OFF: Final = Prepared(lambda _: _MINE.where(related_docs.c.wants == 0).values(wants=AT_NIGHT))
