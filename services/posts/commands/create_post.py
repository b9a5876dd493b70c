"""Creates one post as a writer asked for it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.common.database import Writes
from services.common.html import HtmlPolicy, UncleanableError
from services.common.ids import IdSource
from services.posts.commands.paths import claim_first_free, claim_path
from services.posts.commands.store_posts import store_posts
from services.posts.domain.bodies import RenderedBody, render_body
from services.posts.domain.paths import own_path
from services.posts.domain.slugs import post_paths, slug
from services.posts.domain.store import PickedLink, PostToStore, State, state_at
from services.posts.errors import InvalidBody
from services.posts.queries.blog import the_blog
from services.posts.schemas.common import LinkIn
from services.posts.schemas.posts import NewPost


def render_new_post(new: NewPost, policy: HtmlPolicy) -> RenderedBody:
    """Outside the transaction, because it takes time; raises InvalidBody."""
    source, body_format = new.body
    try:
        return render_body(source, body_format, policy)
    except UncleanableError as exc:
        raise InvalidBody(f"/body_{body_format}", str(exc)) from exc


async def create_post(
    writes: Writes, new: NewPost, body: RenderedBody, *, ids: IdSource, now: datetime, public_url: str
) -> int:
    """Returns the new post's id; raises PathInUse. A draft gets no path but the one that was asked for."""
    post_id = ids()
    state = state_at(new.state, new.published, now)
    published_at = new.published or (None if state == "draft" else now)
    source, body_format = new.body
    post = PostToStore(
        post_id=post_id,
        kind="post",
        state=state,
        title=new.title,
        path=await _path(writes, new, state, published_at or now, body, post_id),
        author_id=None,
        body=body,
        body_source=source,
        body_format=body_format,
        labels=tuple(dict.fromkeys(new.labels)),
        related_links=tuple(picked_link(link, public_url) for link in new.related_links),
        comment_policy=new.comment_policy,
        published_at=published_at,
        created_at=now,
        updated_at=now,
    )
    await store_posts(writes, [post], ids, now)
    return post_id


async def _path(
    writes: Writes, new: NewPost, state: State, published_at: datetime, body: RenderedBody, post_id: int
) -> str | None:
    if new.path is not None:
        return await claim_path(writes, new.path, post_id)
    if state == "draft":
        return None
    zone = ZoneInfo((await the_blog(writes))["time_zone"])
    day = published_at.astimezone(zone).date()
    return await claim_first_free(writes, post_paths(slug(new.title, body.text), day), post_id)


def picked_link(link: LinkIn, public_url: str) -> PickedLink:
    return PickedLink(link.headline, link.url, own_path(link.url, public_url))
