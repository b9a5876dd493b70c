"""Renames, merges and deletes labels for all posts at once."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, exists, func, insert, select, update

from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.posts.commands.name_words import forget_name_words, store_name_words
from services.posts.commands.owe_related import owe_posts_of_label
from services.posts.domain.indexed import label_marker
from services.posts.errors import LabelInUse, LabelNotFound
from services.posts.queries.blog import the_blog_to_change
from services.posts.search_tables import search_owed
from services.posts.tables import changes, labels, post_labels


async def rename_label(writes: Writes, label_id: int, name: str, now: datetime) -> None:
    """Raises LabelNotFound, and LabelInUse when another label has the name: merge the two instead."""
    label = (await _held(writes, label_id))[label_id]
    if label["name"] == name:
        return
    if (await writes.execute(select(labels.c.id).where(labels.c.name == name))).first() is not None:
        raise LabelInUse
    await writes.execute(update(labels).where(labels.c.id == label_id).values(name=name))
    await forget_name_words(writes, label_marker(label_id))
    await store_name_words(writes, {label_marker(label_id): name})
    await _append(writes, "label.renamed", label_id, (label["name"], name), now)


async def merge_label(writes: Writes, label_id: int, into_id: int, now: datetime) -> None:
    """Every post of the one gets the other instead, in its place. Raises LabelNotFound."""
    if label_id == into_id:
        return
    held = await _held(writes, label_id, into_id)
    await _owe_index(writes, label_id)
    await owe_posts_of_label(writes, label_id)
    other = post_labels.alias("other")
    has_both = exists().where(other.c.post_id == post_labels.c.post_id, other.c.label_id == into_id)
    of_label = post_labels.c.label_id == label_id
    await writes.execute(delete(post_labels).where(of_label, has_both))
    await writes.execute(update(post_labels).where(of_label).values(label_id=into_id))
    await _recount(writes, into_id)
    await _forget(writes, label_id)
    await _append(writes, "label.merged", label_id, (held[label_id]["name"], held[into_id]["name"]), now)


async def delete_label(writes: Writes, label_id: int, now: datetime) -> None:
    """Posts stay, without it. Raises LabelNotFound."""
    label = (await _held(writes, label_id))[label_id]
    await _owe_index(writes, label_id)
    await owe_posts_of_label(writes, label_id)
    await writes.execute(delete(post_labels).where(post_labels.c.label_id == label_id))
    await _forget(writes, label_id)
    await _append(writes, "label.deleted", label_id, (label["name"],), now)


async def _held(writes: Writes, *label_ids: int) -> dict[int, RowMapping]:
    """While nobody changes a post: an edit holds posts before labels, this the other way round."""
    await the_blog_to_change(writes)
    query = select(labels).where(labels.c.id.in_(label_ids)).order_by(labels.c.id).with_for_update()
    found = {row["id"]: row for row in (await writes.execute(query)).mappings()}
    if len(found) != len(set(label_ids)):
        raise LabelNotFound
    return found


async def _owe_index(writes: Writes, label_id: int) -> None:
    """A search finds the label's posts by its marker, which stands in the index of each: a job follows that up."""
    owing = select(post_labels.c.post_id).where(
        post_labels.c.label_id == label_id, ~exists().where(search_owed.c.post_id == post_labels.c.post_id)
    )
    await writes.execute(insert(search_owed).from_select(["post_id"], owing))


async def _recount(writes: Writes, label_id: int) -> None:
    counted = select(func.count()).where(post_labels.c.label_id == label_id, post_labels.c.live_at.is_not(None))
    await writes.execute(update(labels).where(labels.c.id == label_id).values(live_count=counted.scalar_subquery()))


async def _forget(writes: Writes, label_id: int) -> None:
    await forget_name_words(writes, label_marker(label_id))
    await writes.execute(delete(labels).where(labels.c.id == label_id))


async def _append(writes: Writes, kind: str, label_id: int, names: tuple[str, ...], now: datetime) -> None:
    touches = (*(f"label:{name}" for name in names), *(f"name:{name}" for name in names), "labels")
    await append_changes(writes, changes, [Change(kind, label_id, 0, touches)], now)
