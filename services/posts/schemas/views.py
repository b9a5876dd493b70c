"""From rows to what is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from services.common.urls import absolute
from services.posts.domain.live_article import LiveArticle
from services.posts.domain.related.explained import Explanation, Share
from services.posts.domain.related.scores import WHOLE
from services.posts.domain.related.told import Related, Spelling, told_terms
from services.posts.domain.revisions import Revision
from services.posts.domain.snippets import Fragment
from services.posts.schemas.articles import (
    ArticleOut,
    AuthorOut,
    BlogOut,
    ExplanationOut,
    FragmentOut,
    ListedOut,
    NeighbourOut,
    PickedOut,
    RelatedListOut,
    RelatedOut,
    ShareOut,
    TargetOut,
)
from services.posts.schemas.authors import AuthorProfileOut
from services.posts.schemas.blog import BlogSettingsOut
from services.posts.schemas.labels import LabelOut
from services.posts.schemas.posts import LinkOut, ListedPostOut, PostOut
from services.posts.schemas.revisions import RevisionOut, WholeRevisionOut

Row = Mapping[Any, Any]


def blog_out(row: Row, public_url: str, prefix: str = "") -> BlogOut:
    """`prefix` parts the blog's columns from an article's; `public_url` is the one that holds for want of its own."""
    return BlogOut(
        title=row[f"{prefix}title"],
        description=row[f"{prefix}description"],
        locale=row["locale"],
        time_zone=row["time_zone"],
        posts_per_page=row["posts_per_page"],
        public_url=row[f"{prefix}public_url"] or public_url,
        meta_description=row["meta_description"],
        comment_votes=row["comment_votes"],
        comment_names=row["comment_names"],
    )


def author_out(row: Row) -> AuthorOut | None:
    if row["author_id"] is None:
        return None
    return AuthorOut(id=str(row["author_id"]), name=row["author_name"], url=row["author_url"])


def target_out(row: Row) -> TargetOut:
    """Of a row with its time as it is stored."""
    return TargetOut(str(row["id"]), row["path"], row["title"], row["published"], row["comment_policy"])


def article_out(article: LiveArticle, related: Sequence[RelatedOut], public_url: str) -> ArticleOut:
    row, neighbours = article.row, article.neighbours
    return ArticleOut(
        blog=blog_out(row, public_url, "blog_"),
        version=row["version"],
        kind=row["kind"],
        picked=[_picked_out(link) for link in article.picked],
        related=list(related),
        related_shown=row["related_shown"],
        previous=_neighbour_out(neighbours.get("previous")),
        next=_neighbour_out(neighbours.get("next")),
        snippet=None,
        body_html=row["body_html"],
        **_listed(row, article.labels),
    )


def listed_out(
    row: Row,
    labels: Sequence[Row],
    *,
    body_html: str | None = None,
    snippet: Sequence[Fragment] | None = None,
) -> ListedOut:
    return ListedOut(
        body_html=body_html,
        snippet=None if snippet is None else [FragmentOut(text=one.text, is_match=one.is_match) for one in snippet],
        **_listed(row, labels),
    )


def _listed(row: Row, labels: Sequence[Row]) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "path": row["path"],
        "title": row["title"],
        "published": row["published_at"],
        "updated": row["updated_at"],
        "author": author_out(row),
        "labels": [label["name"] for label in labels],
        "excerpt": row["excerpt"],
        "comment_policy": row["comment_policy"],
    }


def related_list_out(
    article: LiveArticle, related: Sequence[RelatedOut], explanations: Mapping[int, ExplanationOut], public_url: str
) -> RelatedListOut:
    return RelatedListOut(
        blog=blog_out(article.row, public_url, "blog_"),
        id=str(article.row["id"]),
        labels=[label["name"] for label in article.labels],
        picked=[_picked_out(link) for link in article.picked],
        related=list(related),
        related_shown=article.row["related_shown"],
        explanations={str(one): found for one, found in explanations.items()},
    )


def explanation_out(found: Explanation, spellings: Mapping[int, Spelling], names: Mapping[int, str]) -> ExplanationOut:
    """Labels without a name among `names` are left out."""
    texts = {of: one.surface for of, one in spellings.items()}
    return ExplanationOut(
        score=found.factors.score / WHOLE,
        words=found.factors.words,
        labels=found.factors.labels,
        date=found.factors.date,
        days=found.days,
        terms=_shares_out(found.terms, texts),
        shared_labels=_shares_out(found.labels, names),
    )


def _shares_out(shares: Sequence[Share], texts: Mapping[int, str]) -> list[ShareOut]:
    return [
        ShareOut(text=texts[one.of], weight=one.weight, other_weight=one.other_weight, product=one.product)
        for one in shares
        if one.of in texts
    ]


def related_out(
    related: Sequence[Related], spellings: Mapping[int, Spelling], labels: Sequence[Row]
) -> list[RelatedOut]:
    """`labels` are those of the post that they are related to."""
    names = {label["id"]: label["name"] for label in labels}
    return [
        RelatedOut(
            kind=one.kind,
            target=TargetOut(str(one.post_id), one.path, one.title, one.published, one.comment_policy),
            label=names.get(one.label_id),
            terms=told_terms(one, spellings),
        )
        for one in related
    ]


def _picked_out(row: Row) -> PickedOut:
    target = target_out(row) if row["id"] is not None else None
    headline = row["headline"] or row["title"] or row["path"] or row["url"]
    return PickedOut(headline=headline, url=row["url"] or row["path"], target=target)


def _neighbour_out(row: Row | None) -> NeighbourOut | None:
    return None if row is None else NeighbourOut(title=row["title"], path=row["path"])


def post_out(row: RowMapping, labels: Sequence[Row], links: Sequence[RowMapping], public_url: str) -> PostOut:
    return PostOut(
        body_source=row["body_source"],
        body_format=row["body_format"],
        trashed=row["trashed_at"],
        related_links=[_link_out(link) for link in links],
        **dict(listed_post_out(row, labels, public_url, row["body_html"])),
    )


def listed_post_out(row: Row, labels: Sequence[Row], public_url: str, body_html: str | None) -> ListedPostOut:
    return ListedPostOut(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        title=row["title"],
        path=row["path"],
        url=None if row["path"] is None else absolute(row["path"], public_url),
        published=row["published_at"],
        created=row["created_at"],
        updated=row["updated_at"],
        author=author_out(row),
        labels=[label["name"] for label in labels],
        excerpt=row["excerpt"],
        comment_policy=row["comment_policy"],
        version=row["version"],
        body_html=body_html,
    )


def _link_out(row: RowMapping) -> LinkOut:
    """With the present title and path of the post behind it."""
    return LinkOut(
        headline=row["headline"] or row["found_title"] or row["found_path"] or row["url"],
        url=row["url"] or row["found_path"],
        post_id=row["target_id"],
    )


def revision_out(row: RowMapping) -> RevisionOut:
    return RevisionOut(
        version=row["version"], title=row["title"], written_by=row["written_by"], written=row["written_at"]
    )


def whole_revision_out(revision: Revision) -> WholeRevisionOut:
    return WholeRevisionOut(
        version=revision.version,
        title=revision.title,
        written_by=revision.written_by,
        written=revision.written_at,
        body_source=revision.body_source,
        body_format=revision.body_format,
        labels=list(revision.labels),
        related_links=[
            LinkOut(headline=link.headline, url=link.url or None, post_id=link.target_id)
            for link in revision.related_links
        ],
    )


def label_out(row: RowMapping) -> LabelOut:
    return LabelOut(id=row["id"], name=row["name"], live_count=row["live_count"])


def author_profile_out(row: RowMapping) -> AuthorProfileOut:
    return AuthorProfileOut(
        id=row["id"],
        name=row["name"],
        url=row["url"],
        about=row["about"],
        picture_url=row["picture_url"],
        live_count=row["live_count"],
        version=row["version"],
    )


def blog_settings_out(row: Row) -> BlogSettingsOut:
    return BlogSettingsOut(
        title=row["title"],
        description=row["description"],
        locale=row["locale"],
        time_zone=row["time_zone"],
        public_url=row["public_url"],
        posts_per_page=row["posts_per_page"],
        meta_description=row["meta_description"],
        robots_txt=row["robots_txt"],
        slug_letters=row["slug_letters"],
        comment_policy=row["comment_policy"],
        comment_moderation=row["comment_moderation"],
        comment_moderation_days=row["comment_moderation_days"],
        comment_names=row["comment_names"],
        comment_votes=row["comment_votes"],
        related_computed=row["related_computed"],
        related_shown=row["related_shown"],
        updated=row["updated_at"],
        version=row["version"],
    )
