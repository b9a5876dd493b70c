"""Settles what follows from what an editor asked for: state, date and path of a post."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from services.posts.commands.editing import Editing
from services.posts.commands.paths import claim_first_free, claim_path, release_path
from services.posts.domain.slugs import PAGE_FALLBACK, SlugLetters, month_folder, page_paths, post_paths, slug
from services.posts.domain.store import PostToStore, state_at
from services.posts.errors import InvalidBody


async def settle(editing: Editing, before: PostToStore | None, after: PostToStore) -> PostToStore:
    """Raises Forbidden, InvalidBody and PathInUse.

    A path is made when a post first gets to readers and stays. Until then it follows the month that it is planned for.
    """
    if before is not None and before.is_public and after.is_public and after.published_at is None:
        raise InvalidBody("/published", "A post that is published has a date.")
    after = replace(after, state=state_at(after.state, after.published_at, editing.now))
    if after.is_public:
        editing.principal.require("posts:publish")
        after = replace(after, published_at=after.published_at or editing.now)
    after = await _with_path(editing, before, after)
    if after.state == "live" and after.first_live_at is None:
        after = replace(after, first_live_at=editing.now)
    return after


async def _with_path(editing: Editing, before: PostToStore | None, after: PostToStore) -> PostToStore:
    if after.path is not None and (before is None or after.path != before.path):
        path = await claim_path(editing.writes, after.path, after.post_id)
        if before is not None and before.path is not None and _is_unknown(before):
            await release_path(editing.writes, before.path, after.post_id)
        return replace(after, path=path, has_generated_path=False)
    if not after.is_public or (after.path is not None and not _tells_another_month(after, editing.zone)):
        return after
    if after.path is not None:
        await release_path(editing.writes, after.path, after.post_id)
    letters: SlugLetters = editing.blog["slug_letters"]
    candidates = paths_for(after, editing.now, editing.zone, letters)
    path = await claim_first_free(editing.writes, candidates, after.post_id)
    return replace(after, path=path, has_generated_path=True)


def _is_unknown(post: PostToStore) -> bool:
    """Whether no reader can know its path: it was never live, and does not come from elsewhere."""
    return post.first_live_at is None and post.source is None


def _tells_another_month(post: PostToStore, zone: ZoneInfo) -> bool:
    """Whether a path that nobody can know yet was made for a month that is no longer meant."""
    if not _is_unknown(post) or not post.has_generated_path or post.kind == "page":
        return False
    meant = "" if post.published_at is None else month_folder(post.published_at.astimezone(zone))
    return not (post.path or "").startswith(meant)


def paths_for(post: PostToStore, now: datetime, zone: ZoneInfo, letters: SlugLetters) -> Iterator[str]:
    """Generated paths to try for a post, best first."""
    opening = "" if post.title.strip() else post.body.opening
    if post.kind == "page":
        return page_paths(slug(post.title, opening, letters, PAGE_FALLBACK))
    day = (post.published_at or now).astimezone(zone).date()
    return post_paths(slug(post.title, opening, letters), day)
