"""The related links of an article by themselves: as its page shows them, or as many as are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Final

from services.common.callers import Principal
from services.gateway.cache.gathering import lacks_something, shows
from services.gateway.clients import models
from services.gateway.clients.models import Picked, Related
from services.gateway.compose.model import Explanation, ListedRelated, RelatedLink, RelatedList, Share
from services.gateway.compose.related import all_related, countable_ids, related_links, shown_related
from services.gateway.errors import PostsUnavailable, ServiceDown
from services.gateway.settings import GatewaySettings
from services.gateway.upstreams import Upstreams

MAX_LINKS: Final = 50
_PICKED: Final = 20
"""At most so many are picked, and may take places of what is related."""


async def related_list(
    upstreams: Upstreams, settings: GatewaySettings, article_id: str, limit: int | None, explain_to: Principal | None
) -> RelatedList:
    """None for as many as the page shows. Raises PassedOn (404; without the scope 403) and PostsUnavailable."""
    most = (limit or MAX_LINKS) + _PICKED
    try:
        if explain_to is None:
            found = await upstreams.posts.related(article_id, most)
        else:
            found = await upstreams.posts.explained_related(article_id, most, explain_to, settings.write_timeout_s)
    except ServiceDown as exc:
        raise PostsUnavailable from exc
    on_page = shown_related(found, settings.related_shown)
    links = on_page if limit is None else all_related(found)[:limit]
    if len(links) <= len(on_page):  # changes of what stands further down are told to nobody
        _shows(found, links)
    counts = await _counts(upstreams, countable_ids(links))
    items = related_links(links, counts, found.blog.public_url)
    return RelatedList(items=[_listed(item, found.explanations) for item in items])


def _shows(found: models.RelatedList, links: Sequence[Picked | Related]) -> None:
    shows(f"post:{found.id}", f"page:{found.id}", *(f"name:{name}" for name in found.labels))
    ids = [link.target.id for link in links if link.target is not None]
    shows(*(f"post:{one}" for one in ids), *(f"count:{one}" for one in ids))


async def _counts(upstreams: Upstreams, article_ids: Sequence[str]) -> Mapping[str, int]:
    if not article_ids:
        return {}
    try:
        return await upstreams.comments.counts(article_ids)
    except ServiceDown:
        lacks_something()
        return {}


def _listed(link: RelatedLink, explanations: Mapping[str, models.Explanation]) -> ListedRelated:
    found = explanations.get(link.article_id or "") if link.kind == "computed" else None
    shown = {one.name: getattr(link, one.name) for one in fields(link)}
    return ListedRelated(**shown, explanation=None if found is None else _explanation(found))


def _explanation(found: models.Explanation) -> Explanation:
    return Explanation(
        score=found.score,
        words=found.words,
        labels=found.labels,
        date=found.date,
        days=found.days,
        terms=_shares(found.terms),
        shared_labels=_shares(found.shared_labels),
    )


def _shares(found: Sequence[models.Share]) -> list[Share]:
    return [
        Share(text=one.text, weight=one.weight, other_weight=one.other_weight, product=one.product) for one in found
    ]
