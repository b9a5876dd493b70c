"""A post as it is, held until the unit of work that changes it ends."""

from services.common.callers import Principal
from services.common.database import Writes
from services.posts.commands.match import require_match
from services.posts.domain.etags import etag_of
from services.posts.errors import NoSuchPost
from services.posts.queries.whole_posts import CurrentPost, whole_post


async def current_post(writes: Writes, post_id: int, if_match: str | None, principal: Principal) -> CurrentPost:
    """Raises NoSuchPost, PreconditionRequired, PreconditionFailed, Forbidden: what is public takes posts:publish."""
    current = await whole_post(writes, post_id, held=True)
    if current is None:
        raise NoSuchPost
    require_match(if_match, etag_of(current.post.version, current.post.labels))
    if current.post.is_publishers:
        principal.require("posts:publish")
    return current
