"""Changes a stored post: its words, date, path and policies; publishing, reverting, the trash."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from services.posts.commands.authors import existing_author
from services.posts.commands.current_post import current_post
from services.posts.commands.editing import Editing
from services.posts.commands.links import picked_links
from services.posts.commands.save_post import save_post
from services.posts.commands.settle import settle
from services.posts.domain.bodies import RenderedBody
from services.posts.domain.revisions import Revision
from services.posts.domain.store import PostToStore, State, change_kind
from services.posts.errors import InTrash, NotInTrash
from services.posts.queries.whole_posts import CurrentPost
from services.posts.schemas.common import LinkIn
from services.posts.schemas.posts import BodyIn, PostPatch, PostReplacement


async def edit_post(
    editing: Editing, post_id: int, if_match: str | None, edit: PostPatch | PostReplacement, body: RenderedBody | None
) -> None:
    """`body` is the rendering of the body in `edit`, if there is one. Raises InTrash and what `settle` raises."""
    current = await _outside_trash(editing, post_id, if_match)
    await _save(editing, current, replace(current.post, **await _given(editing, current.post, edit, body)))


async def publish_post(editing: Editing, post_id: int, if_match: str | None, at: datetime | None) -> None:
    """At the time that is given, else at the post's own, else now."""
    current = await _outside_trash(editing, post_id, if_match)
    at = at or current.post.published_at
    await _save(editing, current, replace(current.post, state="live", published_at=at))


async def revert_post(editing: Editing, post_id: int, if_match: str | None) -> None:
    """Back to a draft; it keeps its path and date."""
    current = await _outside_trash(editing, post_id, if_match)
    await _save(editing, current, replace(current.post, state="draft"))


async def trash_post(editing: Editing, post_id: int, if_match: str | None) -> None:
    current = await current_post(editing.writes, post_id, if_match, editing.principal)
    if current.post.state == "trashed":
        return
    was = current.post.state
    trashed = replace(current.post, state="trashed", trashed_at=editing.now, trashed_from=was)
    await _save(editing, current, trashed)


async def restore_post(editing: Editing, post_id: int, if_match: str | None) -> None:
    """To the state that it had. What was scheduled for a time that has passed becomes a draft: nobody saw it out."""
    current = await current_post(editing.writes, post_id, if_match, editing.principal)
    post = current.post
    if post.state != "trashed":
        raise NotInTrash
    state: State = post.trashed_from or "draft"
    if state == "scheduled" and (post.published_at is None or post.published_at <= editing.now):
        state = "draft"
    await _save(editing, current, replace(post, state=state, trashed_at=None, trashed_from=None))


async def _outside_trash(editing: Editing, post_id: int, if_match: str | None) -> CurrentPost:
    current = await current_post(editing.writes, post_id, if_match, editing.principal)
    if current.post.state == "trashed":
        raise InTrash
    return current


async def _save(editing: Editing, current: CurrentPost, wanted: PostToStore) -> None:
    after = await settle(editing, current.post, wanted)
    await save_post(editing, current, after, change_kind(current.post.state, after.state))


async def _given(
    editing: Editing, post: PostToStore, edit: PostPatch | PostReplacement, body: RenderedBody | None
) -> dict[str, Any]:
    """The members of the post that the edit names."""
    values: dict[str, Any] = {name: getattr(edit, name) for name in edit.given & {"title", "path", "state"}}
    if "published" in edit.given:
        values["published_at"] = edit.published
    if "labels" in edit.given:
        values["labels"] = tuple(dict.fromkeys(edit.labels))
    if "comment_policy" in edit.given:
        values["comment_policy"] = edit.comment_policy or editing.blog["comment_policy"]
    if "author_id" in edit.given:
        values["author_id"] = await existing_author(editing.writes, edit.author_id)
    if "related_links" in edit.given:
        values["related_links"] = await picked_links(editing.writes, edit.related_links, editing.public_url)
    if body is not None and edit.body is not None and edit.body != BodyIn(post.body_source, post.body_format):
        values |= {"body": body, "body_source": edit.body.source, "body_format": edit.body.body_format}
    return values


async def restore_revision(
    editing: Editing, post_id: int, if_match: str | None, revision: Revision, body: RenderedBody
) -> None:
    """Its title, body, labels and links come back; what is there now becomes a revision itself."""
    current = await _outside_trash(editing, post_id, if_match)
    words = replace(
        current.post,
        title=revision.title,
        body=body,
        body_source=revision.body_source,
        body_format=revision.body_format,
        labels=revision.labels,
        related_links=revision.related_links,
    )
    await _save(editing, current, current.post if words.says_the_same(current.post) else words)


async def pick_links(editing: Editing, post_id: int, if_match: str | None, links: Sequence[LinkIn]) -> None:
    current = await _outside_trash(editing, post_id, if_match)
    picked = await picked_links(editing.writes, links, editing.public_url)
    await _save(editing, current, replace(current.post, related_links=picked))
