"""A post in whatever state with all that it says, as commands and revisions take it."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import RowMapping, select

from services.common.database import Reads
from services.common.html import SafeHtml
from services.posts.domain.bodies import RenderedBody
from services.posts.domain.store import PickedLink, PostToStore
from services.posts.queries.links import links_by_post
from services.posts.queries.posts import labels_by_post
from services.posts.tables import posts


class CurrentPost(Struct, frozen=True):
    post: PostToStore
    label_ids: dict[str, int]


async def whole_post(reads: Reads, post_id: int, *, held: bool = False) -> CurrentPost | None:
    """`held`: nobody else changes it until the transaction ends."""
    query = select(posts).where(posts.c.id == post_id)
    row = (await reads.execute(query.with_for_update() if held else query)).mappings().one_or_none()
    if row is None:
        return None
    labels = (await labels_by_post(reads, [post_id])).get(post_id, [])
    links = (await links_by_post(reads, [post_id]))[post_id]
    post = _post(row, tuple(label["name"] for label in labels), links)
    return CurrentPost(post, {label["name"]: label["id"] for label in labels})


def _post(row: RowMapping, labels: tuple[str, ...], links: Sequence[RowMapping]) -> PostToStore:
    return PostToStore(
        post_id=row["id"],
        kind=row["kind"],
        state=row["state"],
        title=row["title"],
        path=row["path"],
        author_id=row["author_id"],
        body=RenderedBody(SafeHtml(row["body_html"]), row["policy_version"], row["excerpt"], None),
        body_source=row["body_source"],
        body_format=row["body_format"],
        labels=labels,
        related_links=tuple(
            PickedLink(link["headline"], link["url"], link["target_path"], link["target_id"]) for link in links
        ),
        comment_policy=row["comment_policy"],
        published_at=row["published_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        source=row["source"],
        source_id=row["source_id"],
        version=row["version"],
        has_generated_path=bool(row["has_generated_path"]),
        first_live_at=row["first_live_at"],
        trashed_at=row["trashed_at"],
        trashed_from=row["trashed_from"],
        written_by=row["written_by"],
    )
