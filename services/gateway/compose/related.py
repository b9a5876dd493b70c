"""The related links of an article: the editor's picks in order, then what posts relates until the list is full."""

from collections.abc import Mapping

from services.common.microseconds import from_microseconds
from services.common.urls import absolute
from services.gateway.clients.models import Article, Picked, Related, RelatedList, Target
from services.gateway.compose.model import Reason, RelatedLink


def shown_related(article: Article | RelatedList, limit: int) -> list[Picked | Related]:
    """Picked links all stay; others fill up to `limit`. The blog, or the article, may say another."""
    most = limit if article.related_shown is None else article.related_shown
    return all_related(article)[: max(most, len(article.picked))]


def all_related(article: Article | RelatedList) -> list[Picked | Related]:
    """What was picked, then what posts relates, without repeats."""
    picked_ids = {link.target.id for link in article.picked if link.target is not None}
    return [*article.picked, *(link for link in article.related if link.target.id not in picked_ids)]


def countable_ids(shown: list[Picked | Related]) -> list[str]:
    """The articles of the blog among the links whose comments may be counted."""
    targets = [link.target for link in shown if link.target is not None]
    return [target.id for target in targets if target.comment_policy != "hidden"]


def related_links(shown: list[Picked | Related], counts: Mapping[str, int], public_url: str) -> list[RelatedLink]:
    """`counts` by article id; what is missing there is unknown."""
    return [_related_link(link, counts, public_url) for link in shown]


def _related_link(link: Picked | Related, counts: Mapping[str, int], public_url: str) -> RelatedLink:
    target = link.target
    return RelatedLink(
        headline=headline(link),
        url=_url(link, target, public_url),
        kind="picked" if isinstance(link, Picked) else link.kind,
        article_id=target.id if target else None,
        published=from_microseconds(target.published) if target else None,
        comment_count=counts.get(target.id) if target else None,
        reasons=[] if isinstance(link, Picked) else _reasons(link),
    )


def headline(link: Picked | Related) -> str:
    return link.headline if isinstance(link, Picked) else link.target.title or link.target.path


def _reasons(link: Related) -> list[Reason]:
    label = [] if link.label is None else [Reason(kind="label", text=link.label)]
    return label + [Reason(kind="term", text=term) for term in link.terms]


def _url(link: Picked | Related, target: Target | None, public_url: str) -> str:
    if target is not None:
        return absolute(target.path, public_url)
    assert isinstance(link, Picked)  # noqa: S101 only picked links point elsewhere
    return public_url + link.url if link.url.startswith("/") else link.url
