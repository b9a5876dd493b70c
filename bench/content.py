"""Post n of a made-up archive: the same whenever it is asked for. Only its date depends on the archive's size."""

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Final

from bench.bodies import body_of
from bench.planted import foreign_sentence, label_planted, words_planted
from bench.vocabulary import SEED, drawn, vocabulary
from services.posts.domain.store import PickedLink, PostToStore

FIRST_DAY: Final = datetime(2015, 1, 1, tzinfo=UTC)
_SPAN: Final = (datetime(2025, 1, 1, tzinfo=UTC) - FIRST_DAY) // timedelta(microseconds=1)
_LABELS: Final = 2_000
_AUTHORS: Final = 50
_DRAFTS: Final = 100
_LINKED: Final = 10
_LINKED_AT: Final = 3
_MOVED: Final = 100


@cache
def label_names() -> tuple[str, ...]:
    """The most frequent one first."""
    return tuple(word.capitalize() for word in vocabulary()[2_000 : 2_000 + _LABELS])


@cache
def author_names() -> tuple[str, ...]:
    """The most frequent one first."""
    names = [word.capitalize() for word in vocabulary()[5_000 : 5_000 + 2 * _AUTHORS]]
    return tuple(f"{given} {family}" for given, family in zip(names[::2], names[1::2], strict=True))


def author_id(place: int) -> int:
    return place + 1


@cache
def _weights(count: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, count + 1)))


def post_id(n: int) -> int:
    """Grows with n and has as many digits as a real one."""
    return (n + 1) << 40 | (n * 2_654_435_761 & 0x3FFFFF)


def date_of(n: int, size: int) -> datetime:
    return FIRST_DAY + timedelta(microseconds=_SPAN * n // size)


def is_draft(n: int) -> bool:
    return n % _DRAFTS == _DRAFTS // 2


def former_path(n: int) -> str | None:
    return f"/old/{n}.html" if n % _MOVED == 1 else None


def post(n: int, size: int) -> PostToStore:
    """Still without a path."""
    rng = random.Random(SEED << 32 | n)
    at, draft = date_of(n, size), is_draft(n)
    words = [*drawn(rng, rng.randint(150, 300)), *words_planted(n, size)]
    body = body_of(words, foreign_sentence(n))
    return PostToStore(
        post_id=post_id(n),
        kind="post",
        state="draft" if draft else "live",
        title=" ".join(drawn(rng, rng.randint(3, 8))).capitalize(),
        path=None,
        author_id=author_id(rng.choices(range(_AUTHORS), cum_weights=_weights(_AUTHORS))[0]),
        body=body,
        body_source=str(body.html),
        body_format="html",
        labels=_labels(rng, n, size),
        related_links=_links(n),
        comment_policy="open",
        published_at=None if draft else at,
        created_at=at,
        updated_at=at,
        source=f"bench-{size}",
        source_id=str(n),
        has_generated_path=not draft,
        first_live_at=None if draft else at,
    )


def _labels(rng: random.Random, n: int, size: int) -> tuple[str, ...]:
    """From one to five; a rare one takes the place of another."""
    names = rng.choices(label_names(), cum_weights=_weights(_LABELS), k=rng.randint(1, 5))
    if rare := label_planted(n, size):
        names[0] = rare
    return tuple(dict.fromkeys(names))


def _links(n: int) -> tuple[PickedLink, ...]:
    if n % _LINKED != _LINKED_AT:
        return ()
    return (
        PickedLink("", "", None, target_id=post_id(n // 2)),
        PickedLink("Elsewhere", "https://elsewhere.example/", None),
    )
