"""Keeps the search index in step with posts, in the transaction that changes them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, insert, or_, select, update

from services.common.database import Writes
from services.common.upsert import insert_missing
from services.posts.domain.indexed import docid_of, indexed_words, is_place_of, markers, month_marker
from services.posts.domain.store import PostToStore
from services.posts.search_tables import search_docs, search_owed


class Doc(Struct, frozen=True):
    """What to index of a post; without `words` its body stays as it is indexed."""

    post_id: int
    at: datetime
    title: str
    markers: str
    words: str | None


def doc_of(post: PostToStore, label_ids: Collection[int]) -> Doc:
    return Doc(
        post_id=post.post_id,
        at=post.published_at or post.created_at,
        title=post.title,
        markers=markers(post.state, post.kind, post.author_id, label_ids, post.title),
        words=post.body.words,
    )


async def index_posts(writes: Writes, docs: Sequence[Doc]) -> None:
    if not docs:
        return
    known, docids = await _docids(writes, docs)
    rows = [(doc, _row(doc, docids[doc.post_id])) for doc in docs]
    if new := [row | {"post_id": doc.post_id} for doc, row in rows if doc.post_id not in known and "body" in row]:
        await writes.execute(insert(search_docs), new)
    # what is not indexed yet waits for the job, which reads bodies
    owed = [{"post_id": doc.post_id} for doc, row in rows if doc.post_id not in known and "body" not in row]
    await insert_missing(writes, search_owed, owed, on="post_id")
    for doc, row in rows:
        if doc.post_id in known:
            await writes.execute(update(search_docs).where(search_docs.c.post_id == doc.post_id).values(row))


async def unindex_post(writes: Writes, post_id: int) -> None:
    await writes.execute(delete(search_docs).where(search_docs.c.post_id == post_id))


async def _docids(writes: Writes, docs: Sequence[Doc]) -> tuple[set[int], Mapping[int, int]]:
    """The posts that are indexed already, and each post's docid: the first free one from its own on."""
    wanted = {doc.post_id: docid_of(doc.at, doc.post_id) for doc in docs}
    known, taken = set[int](), set[int]()
    asked = set(wanted.values())
    while asked:
        near = or_(search_docs.c.post_id.in_(wanted), search_docs.c.docid.in_(asked))
        rows = (await writes.execute(select(search_docs.c.post_id, search_docs.c.docid).where(near))).all()
        known |= {row.post_id for row in rows if row.post_id in wanted}
        kept = {row.post_id: row.docid for row in rows if is_place_of(row.docid, wanted.get(row.post_id))}
        taken |= {row.docid for row in rows if row.post_id not in kept}
        settled = _first_free(wanted | kept, taken)
        asked = set(settled.values()) - set(wanted.values())
        wanted = settled
    return known, wanted


def _first_free(wanted: Mapping[int, int], taken: Collection[int]) -> dict[int, int]:
    """Each post's docid, or the next one that is neither taken nor another post's here."""
    given = dict[int, int]()
    used = set(taken)
    for post_id, docid in wanted.items():
        free = next(one for one in count(docid) if one not in used)
        used.add(free)
        given[post_id] = free
    return given


def _row(doc: Doc, docid: int) -> dict[str, Any]:
    body = {} if doc.words is None else {"body": doc.words}
    return {"docid": docid, "title": indexed_words(doc.title), "tags": f"{month_marker(doc.at)} {doc.markers}"} | body
