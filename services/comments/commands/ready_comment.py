"""A comment with all done to it that takes time, before a transaction is open."""

from collections.abc import Collection

from msgspec import Struct

from services.comments.domain.bodies import RenderedBody, render_body
from services.comments.domain.filter.example import Example
from services.comments.domain.filter.scoring import Features, features_of
from services.comments.domain.look_alikes import skeleton
from services.comments.domain.said import Said
from services.comments.domain.signals import FormFact, text_hash
from services.comments.errors import InvalidBody
from services.common.html import UncleanableError
from services.common.text import text_or_none


class ReadyComment(Struct, frozen=True):
    """`features` are None where no filter looks at it; `name_skeleton` is what the name looks like, empty without."""

    source: str
    author_name: str | None
    author_url: str | None
    body: RenderedBody
    said: Said
    text_hash: int | None
    name_skeleton: str
    features: Features | None
    facts: Collection[FormFact] = ()


def ready_comment(
    source: str,
    author_name: str | None,
    author_url: str | None,
    *,
    is_filtered: bool,
    facts: Collection[FormFact] = (),
) -> ReadyComment:
    """Raises InvalidBody."""
    try:
        body = render_body(source, "text")
    except UncleanableError as exc:
        raise InvalidBody(str(exc)) from exc
    features = features_of(Example(source, author_name, author_url)) if is_filtered else None
    return ReadyComment(
        source,
        text_or_none(author_name),
        author_url,
        body,
        Said(source, author_name, author_url),
        text_hash(source),
        skeleton(author_name or ""),
        features,
        facts,
    )
