"""Related posts, the rules that editors give for them, and the work of making them."""

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from services.common.ids import Id, IdOut
from services.common.models import Input, Output
from services.posts.domain.related.rules import Computed

MAX_PINNED: Final = 20
MAX_FORBIDDEN: Final = 100
MAX_SHOWN: Final = 20
Shown = Annotated[int, Field(ge=0, le=MAX_SHOWN)]


class RelatedRulesIn(Input):
    """What is left out is as it is without rules."""

    pinned: Annotated[tuple[Id, ...], Field(max_length=MAX_PINNED)] = ()
    forbidden: Annotated[tuple[Id, ...], Field(max_length=MAX_FORBIDDEN)] = ()
    computed: Computed | None = None
    shown: Shown | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        named = [int(one) for one in (*self.pinned, *self.forbidden)]
        if len(set(named)) < len(named):
            raise ValueError("name each post once")
        return self


class RelatedRulesOut(Output):
    pinned: list[IdOut]
    forbidden: list[IdOut]
    computed: Computed | None
    shown: int | None


class WeightOut(Output):
    """What a term or label weighs in either post, of 1; the product is what it adds to the likeness."""

    text: str
    weight: float
    other_weight: float
    product: float


class ExplanationOut(Output):
    """Why a post stands where it does: `score = words * (1 + labels + date)`, as the two are now.

    `listed_score` is what its place was given for. `words` is the sum of all products of `terms`, of which the
    largest are told, and of `other_terms`, which are the rest. `labels` and `date` are at most .3.
    """

    listed_score: float
    score: float
    words: float
    labels: float
    date: float
    days_apart: int
    terms: list[WeightOut]
    other_terms: float
    shared_labels: list[WeightOut]


class ExplanationsOut(Output):
    """Of computed ones, by their ids."""

    explanations: dict[str, ExplanationOut]


class RelatedProgressOut(Output):
    """Posts that wait to be read, to be weighed and for a list, and all that are known."""

    unread: int
    unweighed: int
    unlisted: int
    known: int


class RebuildStep(Input):
    """Without a cursor the rebuild begins; then `next_cursor` of the step before."""

    cursor: Annotated[str, Field(max_length=100)] | None = None


class RebuiltOut(Output):
    """How many posts this step had read anew. Without `next_cursor` all of them are."""

    done: int
    next_cursor: str | None
