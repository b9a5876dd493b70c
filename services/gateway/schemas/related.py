"""Rules for related articles, and the work of relating them."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.common.ids import Id
from services.common.models import Input
from services.gateway.schemas.blog import RelatedComputed, RelatedShown


class RelatedRules(Input):
    """All rules of a post: what is left out is none. They hold for the links on its own page, not for those to it.

    `computed` and `shown` are the blog's own while they are null.
    """

    pinned: Annotated[
        tuple[Id, ...], Field(max_length=20, description="Posts, after picked links, in this order.")
    ] = ()
    forbidden: Annotated[
        tuple[Id, ...], Field(max_length=100, description="Posts that are neither computed nor linked here.")
    ] = ()
    computed: RelatedComputed | None = None
    shown: RelatedShown | None = None


class StoredRelatedRules(BaseModel):
    pinned: list[str]
    forbidden: list[str]
    computed: RelatedComputed | None
    shown: RelatedShown | None


class RelatedOwed(BaseModel):
    """`owed`: posts of this step. Without `next_cursor` all are owed, and related anew one after the other."""

    owed: int
    next_cursor: str | None


class RelatedProgress(BaseModel):
    """Posts that wait to be read, for the weights of their words, for a list; and all that are related."""

    unread: int
    unweighed: int
    unlisted: int
    known: int
