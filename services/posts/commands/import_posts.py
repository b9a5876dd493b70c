"""Takes in batches of posts from another system: each once, however often it is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import RowMapping

from services.common.database import Writes
from services.common.ids import IdSource, parse_id
from services.common.locks import hold_lock
from services.common.upsert import insert_missing
from services.posts.commands.name_words import store_name_words
from services.posts.commands.paths import claim_first_free, claim_paths
from services.posts.commands.settle import paths_for
from services.posts.commands.store_posts import store_posts
from services.posts.domain.imported import PreparedPost, Refused
from services.posts.domain.indexed import author_marker
from services.posts.domain.store import PostToStore, state_at
from services.posts.queries.blog import the_blog_held
from services.posts.queries.imports import deleted_imports_of, imported_authors, imported_posts, taken_ids
from services.posts.schemas.imports import ImportedOut
from services.posts.tables import authors

Item = PreparedPost | Refused
_DELETED: Final = "it was deleted here after an earlier import"


async def import_posts(
    writes: Writes, source: str, items: Sequence[Item], *, ids: IdSource, now: datetime
) -> list[ImportedOut]:
    """What became of each item, in order. Posts of this source that are there already are left as they are."""
    await hold_lock(writes, f"import {source}")
    source_ids = [item.source_id for item in items]
    known = await imported_posts(writes, source, source_ids)
    deleted = await deleted_imports_of(writes, source, source_ids)
    items = [Refused(item.source_id, _DELETED) if item.source_id in deleted else item for item in items]
    new = {item.source_id: item for item in items if isinstance(item, PreparedPost) and item.source_id not in known}
    stored = await _Batch(writes, source, list(new.values()), ids, now).store()
    return [_outcome(item, stored, known) for item in items]


class _Stored(Struct, frozen=True):
    post_id: int
    path: str | None
    notes: list[str]


class _Batch(Struct, frozen=True):
    """New posts on their way into the database."""

    writes: Writes
    source: str
    posts: Sequence[PreparedPost]
    ids: IdSource
    now: datetime

    async def store(self) -> dict[str, _Stored]:
        if not self.posts:
            return {}
        blog = await the_blog_held(self.writes)
        post_ids = await self._post_ids()
        author_ids = await self._author_ids()
        wanted = {post.path: post_ids[post.source_id] for post in reversed(self.posts) if post.path}
        claimed = await claim_paths(self.writes, wanted)
        zone, letters = ZoneInfo(blog["time_zone"]), blog["slug_letters"]
        stored, rows = {}, list[PostToStore]()
        for post in self.posts:
            post_id, notes = post_ids[post.source_id], list(post.notes)
            path = post.path if post.path in claimed and wanted[post.path] == post_id else None
            row = self._row(post, post_id, path, author_ids)
            if path is None and post.needs_path:
                path = await claim_first_free(self.writes, paths_for(row, self.now, zone, letters), post_id)
            if post.path and path != post.path:
                notes.append(f"its path {post.path} is another post's" + (f"; it got {path}" if path else ""))
            stored[post.source_id] = _Stored(post_id, path, notes)
            rows.append(replace(row, path=path, has_generated_path=path is not None and path != post.path))
        await store_posts(self.writes, rows, self.ids, self.now, zone)
        return stored

    async def _post_ids(self) -> dict[str, int]:
        """A foreign id that fits is kept; the rest, and those that are taken, get new ones."""
        wanted = {post.source_id: _foreign_id(post.source_id) for post in self.posts}
        taken = await taken_ids(self.writes, [post_id for post_id in wanted.values() if post_id])
        return {
            source_id: post_id if post_id and post_id not in taken else self.ids()
            for source_id, post_id in wanted.items()
        }

    async def _author_ids(self) -> Mapping[str, int]:
        people = {post.author.source_id: post.author for post in self.posts if post.author}
        known = dict(await imported_authors(self.writes, self.source, list(people)))
        new = {source_id: self.ids() for source_id in people if source_id not in known}
        rows = [
            {
                "id": author_id,
                "name": people[source_id].name,
                "url": people[source_id].url,
                "source": self.source,
                "source_id": source_id,
                "about": "",
                "live_count": 0,
                "version": 1,
            }
            for source_id, author_id in new.items()
        ]
        await insert_missing(self.writes, authors, rows, on="id")
        await store_name_words(self.writes, {author_marker(new[one]): people[one].name for one in new})
        return known | new

    def _row(self, post: PreparedPost, post_id: int, path: str | None, author_ids: Mapping[str, int]) -> PostToStore:
        state = state_at(post.state, post.published_at, self.now)
        published_at = post.published_at or (self.now if post.needs_path else None)
        return PostToStore(
            post_id=post_id,
            kind=post.kind,
            state=state,
            title=post.title,
            path=path,
            author_id=author_ids[post.author.source_id] if post.author else None,
            body=post.body,
            body_source=post.body_source,
            body_format=post.body_format,
            labels=post.labels,
            related_links=post.related_links,
            comment_policy=post.comment_policy,
            published_at=published_at,
            created_at=post.published_at or self.now,
            updated_at=post.updated_at or post.published_at or self.now,
            source=self.source,
            source_id=post.source_id,
            first_live_at=published_at if state == "live" else None,
            trashed_at=self.now if state == "trashed" else None,
            trashed_from="draft" if state == "trashed" else None,
        )


def _foreign_id(source_id: str) -> int | None:
    """Only in its regular form: `7` and `007` are two ids elsewhere and must not become one here."""
    try:
        number = parse_id(source_id)
    except ValueError:
        return None
    return number if str(number) == source_id else None


def _outcome(item: Item, stored: Mapping[str, _Stored], known: Mapping[str, RowMapping]) -> ImportedOut:
    if isinstance(item, Refused):
        return ImportedOut(source_id=item.source_id, outcome="refused", id=None, path=None, notes=[item.reason])
    if (new := stored.get(item.source_id)) is not None:
        return ImportedOut(source_id=item.source_id, outcome="created", id=new.post_id, path=new.path, notes=new.notes)
    old = known[item.source_id]
    return ImportedOut(source_id=item.source_id, outcome="unchanged", id=old["id"], path=old["path"], notes=[])
