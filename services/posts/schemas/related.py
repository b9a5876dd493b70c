"""Related posts, the rules that editors give for them, and the work of making them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from services.common.ids import Id, IdOut
from services.common.models import Input, Output

Computed = Literal["on", "off"]
Shown = Annotated[int, Field(ge=0, le=20)]


class RelatedProgressOut(Output):
    """Posts that wait to be read, to be weighed and for a list, and all that are known."""

    unread: int
    unweighed: int
    unlisted: int
    known: int


class RebuildStep(Input):
    """Without a cursor the rebuild begins."""

    cursor: Annotated[str, Field(max_length=100)] | None = None


class RelatedOwedOut(Output):
    """Posts of this step; without `next_cursor` all are owed."""

    owed: int
    next_cursor: str | None


class RelatedRules(Input):
    """All of a post's rules: what is left out is none. Without `computed` and `shown` the blog's own hold."""

    pinned: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    forbidden: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    computed: Computed | None = None
    shown: Shown | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        named = [*self.pinned, *self.forbidden]
        if len(set(named)) < len(named):
            raise ValueError("name each post once")
        return self


class RelatedRulesOut(Output):
    pinned: list[IdOut]
    forbidden: list[IdOut]
    computed: Computed | None
    shown: int | None
