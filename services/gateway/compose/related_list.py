"""The related links of an article by themselves: as many as are asked for, explained to editors."""

from typing import Final

from services.common.callers import Principal
from services.gateway.cache.gathering import shows
from services.gateway.clients.models import Explanation, Weight
from services.gateway.compose.articles import Composer
from services.gateway.compose.model import ExplainedLink, RelatedList, ScoreExplanation, WeightOf
from services.gateway.compose.related import countable_ids, most_shown, related_links, related_tags, shown_related
from services.gateway.errors import PostsUnavailable, ServiceDown

_MOST_PICKED: Final = 20
"""Each may be one of the computed ones too."""
_MOST_SHOWN: Final = 20
"""That a blog's settings may say."""


async def related_list(
    composer: Composer, article_id: str, limit: int | None, explain_for: Principal | None
) -> RelatedList:
    """Without a limit what the article page shows. Raises PassedOn (404) and PostsUnavailable."""
    posts = composer.upstreams.posts
    try:
        found = await posts.related_to(article_id, (limit or _MOST_SHOWN) + _MOST_PICKED)
        why = (
            {}
            if explain_for is None
            else await posts.explained(article_id, explain_for, composer.settings.write_timeout_s)
        )
    except ServiceDown as exc:
        raise PostsUnavailable from exc
    most = most_shown(found, composer.settings.related_shown) if limit is None else limit
    shown = shown_related(found, most)[: None if limit is None else limit]
    shows(f"post:{article_id}", f"page:{article_id}", *related_tags(article_id, shown, most))
    shows(*(f"name:{one.label}" for one in found.related if one.label is not None))
    counts = await composer.counts(countable_ids(shown))
    links = related_links(shown, counts, found.blog.public_url)
    return RelatedList(
        items=[ExplainedLink(**dict(link), explanation=_explanation(why.get(link.article_id or ""))) for link in links]
    )


def _explanation(found: Explanation | None) -> ScoreExplanation | None:
    if found is None:
        return None
    return ScoreExplanation(
        listed_score=found.listed_score,
        score=found.score,
        words=found.words,
        labels=found.labels,
        date=found.date,
        days_apart=found.days_apart,
        terms=[_weight(one) for one in found.terms],
        other_terms=found.other_terms,
        shared_labels=[_weight(one) for one in found.shared_labels],
    )


def _weight(one: Weight) -> WeightOf:
    return WeightOf(text=one.text, weight=one.weight, other_weight=one.other_weight, product=one.product)
