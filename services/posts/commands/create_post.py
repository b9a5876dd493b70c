"""Creates one post or page as a writer asked for it."""

from services.common.html import HtmlPolicy, UncleanableError
from services.posts.commands.authors import existing_author
from services.posts.commands.editing import Editing
from services.posts.commands.links import picked_links
from services.posts.commands.settle import settle
from services.posts.commands.store_posts import store_posts
from services.posts.domain.bodies import RenderedBody, render_body
from services.posts.domain.store import PostToStore
from services.posts.errors import InvalidBody
from services.posts.schemas.posts import BodyIn, NewPost


def render_given(given: BodyIn, policy: HtmlPolicy) -> RenderedBody:
    """Outside the transaction, because it takes time; raises InvalidBody."""
    try:
        return render_body(given.source, given.body_format, policy)
    except UncleanableError as exc:
        raise InvalidBody(f"/body_{given.body_format}", str(exc)) from exc


async def create_post(editing: Editing, new: NewPost, body: RenderedBody) -> int:
    """Returns the new post's id; raises PathInUse. A draft gets no path but the one that was asked for."""
    given = new.body
    wanted = PostToStore(
        post_id=editing.ids(),
        kind=new.kind,
        state=new.state,
        title=new.title,
        path=new.path,
        author_id=await existing_author(editing.writes, new.author_id),
        body=body,
        body_source=given.source,
        body_format=given.body_format,
        labels=tuple(dict.fromkeys(new.labels)),
        related_links=await picked_links(editing.writes, new.related_links, editing.public_url),
        comment_policy=new.comment_policy or editing.blog["comment_policy"],
        published_at=new.published,
        created_at=editing.now,
        updated_at=editing.now,
        written_by=editing.principal.name,
    )
    post = await settle(editing, None, wanted)
    await store_posts(editing.writes, [post], editing.ids, editing.now, editing.zone)
    return post.post_id
