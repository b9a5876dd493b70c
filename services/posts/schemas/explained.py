"""From explanations to what is sent."""

from collections.abc import Mapping, Sequence

from services.posts.domain.related.explained import Explained, Explanation, Weight
from services.posts.domain.related.scores import WHOLE
from services.posts.domain.related.told import Related
from services.posts.schemas.related import ExplanationOut, WeightOut


def explanations_out(
    found: Explained, related: Sequence[Related], labels: Mapping[int, str]
) -> dict[str, ExplanationOut]:
    """By the id of the other post. `labels` are the names of those of the post that they are related to."""
    surfaces = {term: one.surface for term, one in found.spellings.items()}
    return {
        str(one.post_id): _explanation_out(found.explanations[one.post_id], one.score or 0, surfaces, labels)
        for one in related
        if one.post_id in found.explanations
    }


def _explanation_out(
    one: Explanation, listed_score: int, surfaces: Mapping[int, str], labels: Mapping[int, str]
) -> ExplanationOut:
    terms = _weights_out(one.terms, surfaces)
    return ExplanationOut(
        listed_score=listed_score / WHOLE,
        score=one.factors.score / WHOLE,
        words=one.factors.words,
        labels=one.factors.labels,
        date=one.factors.date,
        days_apart=one.days_apart,
        terms=terms,
        other_terms=max(one.factors.words - sum(term.product for term in terms), 0.0),
        shared_labels=_weights_out(one.labels, labels),
    )


def _weights_out(weights: Sequence[Weight], names: Mapping[int, str]) -> list[WeightOut]:
    return [
        WeightOut(text=names[one.id], weight=one.mine, other_weight=one.theirs, product=one.product)
        for one in weights
        if one.id in names
    ]
