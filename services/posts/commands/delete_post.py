"""Deletes a post for good, with everything that was kept of it. Its path is free again; its import is not."""

from sqlalchemy import delete, or_, select, update

from services.common.changes import append_changes
from services.common.upsert import insert_missing
from services.posts.commands.current_post import current_post
from services.posts.commands.editing import Editing
from services.posts.commands.index_posts import unindex_post
from services.posts.commands.live_counts import LiveCounts
from services.posts.commands.owe_related import owe_related
from services.posts.commands.touched import Seen, Step, changes_of
from services.posts.domain.store import PostToStore
from services.posts.queries.whole_posts import CurrentPost
from services.posts.related_tables import related_choices, related_rules
from services.posts.search_tables import search_owed
from services.posts.tables import changes, deleted_imports, paths, post_labels, posts, related_links, revisions


async def delete_post(editing: Editing, post_id: int, if_match: str | None) -> None:
    writes = editing.writes
    current = await current_post(writes, post_id, if_match, editing.principal)
    if current.post.first_live_at is not None:
        editing.principal.require("posts:publish")
    await _keep_links_to_it_silent(editing, post_id)
    await unindex_post(writes, post_id)
    for table in (related_links, revisions, post_labels, paths, search_owed, related_choices):
        await writes.execute(delete(table).where(table.c.post_id == post_id))
    await writes.execute(delete(posts).where(posts.c.id == post_id))
    rules = or_(related_rules.c.post_id == post_id, related_rules.c.other_id == post_id)
    await writes.execute(delete(related_rules).where(rules))
    await owe_related(writes, [post_id])
    await _remember_source(editing, current.post)
    await _uncount(editing, current)
    gone = await changes_of(writes, [Step("post.deleted", Seen.of(current.post), None)])
    await append_changes(writes, changes, gone, editing.now)


async def _remember_source(editing: Editing, post: PostToStore) -> None:
    """So that the next run of its import does not bring it back."""
    if post.source is not None:
        row = {"source": post.source, "source_id": post.source_id, "deleted_at": editing.now}
        await insert_missing(editing.writes, deleted_imports, [row], on=("source", "source_id"))


async def _keep_links_to_it_silent(editing: Editing, post_id: int) -> None:
    """Links by path would show again as links to a path that no post has; by id they stay hidden."""
    own_paths = select(paths.c.path).where(paths.c.post_id == post_id)
    to_it = update(related_links).where(related_links.c.target_path.in_(own_paths), related_links.c.target_id.is_(None))
    await editing.writes.execute(to_it.values(target_id=post_id))


async def _uncount(editing: Editing, current: CurrentPost) -> None:
    post, counts = current.post, LiveCounts(editing.zone)
    if post.is_listed and post.published_at is not None:
        counts.add(post.published_at, post.author_id, current.label_ids.values(), by=-1)
    await counts.apply(editing.writes)
