"""From rows to what is sent."""

from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping

from services.posts.domain.related import Related
from services.posts.schemas.articles import (
    ArticleOut,
    AuthorOut,
    BlogOut,
    ComputedOut,
    ListedOut,
    NeighbourOut,
    PickedOut,
    TargetOut,
)
from services.posts.schemas.posts import LinkOut, PostOut


def blog_out(row: RowMapping, title: str = "blog_title", description: str = "blog_description") -> BlogOut:
    return BlogOut(
        title=row[title],
        description=row[description],
        locale=row["locale"],
        time_zone=row["time_zone"],
        posts_per_page=row["posts_per_page"],
    )


def author_out(row: RowMapping) -> AuthorOut | None:
    if row["author_id"] is None:
        return None
    return AuthorOut(id=row["author_id"], name=row["author_name"], url=row["author_url"])


def target_out(row: RowMapping) -> TargetOut:
    return TargetOut(
        id=row["id"],
        path=row["path"],
        title=row["title"],
        published=row["published_at"],
        comment_policy=row["comment_policy"],
    )


def article_out(
    row: RowMapping,
    labels: Sequence[RowMapping],
    picked: Sequence[RowMapping],
    computed: Sequence[Related],
    targets: Mapping[int, RowMapping],
    neighbours: Mapping[str, RowMapping],
) -> ArticleOut:
    return ArticleOut(
        blog=blog_out(row),
        kind=row["kind"],
        body_html=row["body_html"],
        picked=[_picked_out(link) for link in picked],
        computed=[
            ComputedOut(target=target_out(targets[one.post_id]), labels=list(one.labels))
            for one in computed
            if one.post_id in targets
        ],
        previous=_neighbour_out(neighbours.get("previous")),
        next=_neighbour_out(neighbours.get("next")),
        **dict(listed_out(row, labels)),
    )


def listed_out(row: RowMapping, labels: Sequence[RowMapping]) -> ListedOut:
    return ListedOut(
        id=row["id"],
        path=row["path"],
        title=row["title"],
        published=row["published_at"],
        updated=row["updated_at"],
        author=author_out(row),
        labels=[label["name"] for label in labels],
        excerpt=row["excerpt"],
        comment_policy=row["comment_policy"],
    )


def _picked_out(row: RowMapping) -> PickedOut:
    target = target_out(row) if row["id"] is not None else None
    return PickedOut(headline=row["headline"], url=row["url"], target=target)


def _neighbour_out(row: RowMapping | None) -> NeighbourOut | None:
    return None if row is None else NeighbourOut(title=row["title"], path=row["path"])


def post_out(row: RowMapping, labels: Sequence[RowMapping], links: Sequence[RowMapping]) -> PostOut:
    return PostOut(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        title=row["title"],
        path=row["path"],
        published=row["published_at"],
        updated=row["updated_at"],
        labels=[label["name"] for label in labels],
        body_html=row["body_html"],
        body_source=row["body_source"],
        body_format=row["body_format"],
        excerpt=row["excerpt"],
        related_links=[LinkOut(headline=link["headline"], url=link["url"]) for link in links],
        comment_policy=row["comment_policy"],
        version=row["version"],
    )
