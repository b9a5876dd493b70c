"""Takes a stored post from one state to the next: revision, row, labels, links, counts, index, outbox."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import asdict, replace
from sqlalchemy import delete, insert, update

from services.common.changes import append_changes
from services.common.database import Writes
from services.common.ids import IdSource
from services.posts.commands.editing import Editing
from services.posts.commands.index_posts import doc_of, index_posts
from services.posts.commands.label_ids import ids_of_labels
from services.posts.commands.live_counts import LiveCounts
from services.posts.commands.owe_related import owe_related
from services.posts.commands.store_posts import label_rows, link_rows, post_row
from services.posts.commands.touched import Seen, Step, changes_of
from services.posts.domain.store import PostToStore
from services.posts.queries.whole_posts import CurrentPost
from services.posts.tables import changes, post_labels, posts, related_links, revisions


async def save_post(editing: Editing, current: CurrentPost, after: PostToStore, kind: str) -> None:
    """`kind` names the change for those who follow. A post that is the same afterwards is left as it is."""
    writes, before = editing.writes, current.post
    if after == before:
        return
    if not after.says_the_same(before):
        await _keep_revision(writes, before)
        after = replace(after, updated_at=editing.now, written_by=editing.principal.name)
    after = replace(after, version=before.version + 1)
    await writes.execute(update(posts).where(posts.c.id == after.post_id).values(_changed_columns(before, after)))
    label_ids = await _save_labels(writes, current, after, editing.ids)
    if after.related_links != before.related_links:
        await _save_links(writes, after)
    await _count(writes, current, after, label_ids, editing.zone)
    await index_posts(writes, [doc_of(after, [label_ids[name] for name in after.labels])])
    if before.is_listed or after.is_listed:
        await owe_related(writes, [after.post_id])
    step = Step(kind, Seen.of(before), Seen.of(after))
    await append_changes(writes, changes, await changes_of(writes, [step]), editing.now)


def _changed_columns(before: PostToStore, after: PostToStore) -> dict[str, object]:
    old = post_row(before)
    return {name: value for name, value in post_row(after).items() if value != old[name]}


async def _keep_revision(writes: Writes, before: PostToStore) -> None:
    await writes.execute(
        insert(revisions).values(
            post_id=before.post_id,
            version=before.version,
            title=before.title,
            body_format=before.body_format,
            body_source=before.body_source,
            labels=json.dumps(before.labels, ensure_ascii=False),
            related_links=json.dumps([asdict(link) for link in before.related_links], ensure_ascii=False),
            written_by=before.written_by,
            written_at=before.updated_at,
        )
    )


async def _save_labels(writes: Writes, current: CurrentPost, after: PostToStore, ids: IdSource) -> dict[str, int]:
    before = current.post
    if after.labels == before.labels:
        label_ids = dict(current.label_ids)
    else:
        label_ids = dict(await ids_of_labels(writes, after.labels, ids))
    if (after.labels, _listed_at(after)) != (before.labels, _listed_at(before)):
        await writes.execute(delete(post_labels).where(post_labels.c.post_id == after.post_id))
        if rows := label_rows(after, label_ids):
            await writes.execute(insert(post_labels), rows)
    return label_ids


def _listed_at(post: PostToStore) -> datetime | None:
    return post.published_at if post.is_listed else None


async def _save_links(writes: Writes, after: PostToStore) -> None:
    await writes.execute(delete(related_links).where(related_links.c.post_id == after.post_id))
    if rows := link_rows(after):
        await writes.execute(insert(related_links), rows)


async def _count(
    writes: Writes, current: CurrentPost, after: PostToStore, label_ids: dict[str, int], zone: ZoneInfo
) -> None:
    counts = LiveCounts(zone)
    if (at := _listed_at(current.post)) is not None:
        counts.add(at, current.post.author_id, current.label_ids.values(), by=-1)
    if (at := _listed_at(after)) is not None:
        counts.add(at, after.author_id, [label_ids[name] for name in after.labels])
    await counts.apply(writes)
