"""Indexes posts again that wait for it: those that were there before the index, and those whose labels were merged."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import RowMapping, delete, select

from services.common.database import Database, Reads, Writes
from services.common.html import SafeHtml, text_of
from services.posts.commands.index_posts import Doc, index_posts
from services.posts.commands.name_words import store_name_words
from services.posts.domain.indexed import author_marker, indexed_words, label_marker, markers
from services.posts.queries.blog import the_blog_held
from services.posts.queries.posts import AUTHOR, labels_by_post
from services.posts.search_tables import search_owed
from services.posts.tables import authors, posts

_BATCH: Final = 50


async def index_owed(database: Database) -> int:
    """Works off one batch; returns how many. What is left after a crash is done by the next call."""
    async with database.read() as reads:
        rows = await _owed(reads)
    words = await asyncio.to_thread(lambda: {(row["id"], row["version"]): _words(row) for row in rows})
    if rows:
        await database.write(partial(_index, words=words))
    return len(rows)


async def _owed(reads: Reads) -> list[RowMapping]:
    query = select(posts.c.id, posts.c.version, posts.c.body_html).join(
        search_owed, search_owed.c.post_id == posts.c.id
    )
    return list((await reads.execute(query.order_by(posts.c.id.desc()).limit(_BATCH))).mappings())


def _words(row: RowMapping) -> str:
    return indexed_words(text_of(SafeHtml(row["body_html"])))


async def _index(writes: Writes, words: dict[tuple[int, int], str]) -> None:
    """Posts that changed since their bodies were read wait for the next round."""
    await the_blog_held(writes)
    held = (
        select(posts, *AUTHOR)
        .join(search_owed, search_owed.c.post_id == posts.c.id)
        .join(authors, authors.c.id == posts.c.author_id, isouter=True)
        .where(posts.c.id.in_([post_id for post_id, _ in words]))
        .order_by(posts.c.id)
        .with_for_update(of=posts)
    )
    found = (await writes.execute(held)).mappings()
    rows = [row for row in found if (row["id"], row["version"]) in words]
    labels = await labels_by_post(writes, [row["id"] for row in rows])
    names = {author_marker(row["author_id"]): row["author_name"] for row in rows if row["author_id"] is not None}
    names |= {label_marker(label["id"]): label["name"] for found in labels.values() for label in found}
    await store_name_words(writes, names)
    await index_posts(writes, [_doc(row, labels.get(row["id"], []), words[row["id"], row["version"]]) for row in rows])
    await writes.execute(delete(search_owed).where(search_owed.c.post_id.in_([row["id"] for row in rows])))


def _doc(row: RowMapping, labels: Sequence[Mapping[str, Any]], words: str) -> Doc:
    return Doc(
        post_id=row["id"],
        at=row["published_at"] or row["created_at"],
        title=row["title"],
        markers=markers(row["state"], row["kind"], row["author_id"], [label["id"] for label in labels], row["title"]),
        words=words,
    )
