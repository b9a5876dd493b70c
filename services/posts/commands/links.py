"""Picked links as an editor gave them, with the blog's own posts behind them found."""

from collections.abc import Sequence

from msgspec import Struct

from services.common.database import Writes
from services.posts.domain.paths import own_path
from services.posts.domain.store import PickedLink
from services.posts.errors import InvalidBody
from services.posts.queries.links import LinkTarget, targets_by_id, targets_by_path
from services.posts.schemas.common import LinkIn


async def picked_links(writes: Writes, given: Sequence[LinkIn], public_url: str) -> tuple[PickedLink, ...]:
    """In the editor's order; raises InvalidBody for an id that no post has, and for a link without any words."""
    paths = [None if link.url is None else own_path(link.url, public_url) for link in given]
    by_id = await targets_by_id(writes, [int(link.post_id) for link in given if link.post_id is not None])
    by_path = await targets_by_path(writes, [path for path in paths if path is not None])
    return tuple(
        _Given(place, link, path).picked(by_id.get(int(link.post_id or 0)) or by_path.get(path or ""))
        for place, (link, path) in enumerate(zip(given, paths, strict=True))
    )


class _Given(Struct, frozen=True):
    place: int
    link: LinkIn
    path: str | None

    def picked(self, target: LinkTarget | None) -> PickedLink:
        """A headline that is the post's title goes on following it."""
        if self.link.post_id is not None and target is None:
            raise InvalidBody(f"/related_links/{self.place}/post_id", "No post has this id.")
        headline = self.link.headline
        if target is None and headline is None:
            raise InvalidBody(f"/related_links/{self.place}/headline", "Only a link to a post of the blog needs none.")
        if target is not None:
            follows = headline in {None, target.title}
            return PickedLink("" if follows else headline or "", "", None, target.post_id)
        return PickedLink(headline or "", self.link.url or "", self.path)
