"""Why a comment got its score, in words that a moderator understands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from services.comments.domain.filter.features import Kind, letters_of
from services.comments.domain.filter.scoring import SLOTS, Changes, Features, learnt_buckets, learnt_value, probability
from services.comments.domain.filter.seed import Seed

_MAX_QUOTED: Final = 40


@dataclass(frozen=True, slots=True)
class Reason:
    """`push` is in log-odds: above 0 towards spam, below 0 away from it."""

    says: str
    push: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The pushes of `reasons`, strongest first, and `rest` add up to the log-odds of `probability`."""

    probability: float
    reasons: tuple[Reason, ...]
    rest: float


def explain(features: Features, changes: Changes, seed: Seed, *, most: int = 8) -> Explanation:
    """At most `most` reasons; where every comment starts is part of the rest."""
    pushes: dict[str, float] = {}
    for says, push in _pushes(features, changes, seed):
        pushes[says] = pushes.get(says, 0.0) + push
    total = sum(pushes.values())
    told = sorted((-abs(push), says) for says, push in pushes.items() if says and push)
    reasons = tuple(Reason(says, pushes[says]) for _, says in told[:most])
    return Explanation(probability(total), reasons, total - sum(reason.push for reason in reasons))


def _pushes(features: Features, changes: Changes, seed: Seed) -> Iterator[tuple[str, float]]:
    words = _words_by_letters(features)
    for block, buckets in features.blocks:
        says = _SAYS[block.kind]
        for name, bucket in zip(block.names, buckets, strict=True):
            push = block.value * seed.weights[bucket] * seed.unit
            if block.kind == "letters" and name in words:
                yield _SAYS["word"](_quoted(words[name])), push
            else:
                yield says(_quoted(name)), push
        named = dict(zip(buckets, block.names, strict=True))
        for bucket in learnt_buckets(block, buckets):
            push = learnt_value(block) * changes.get(bucket % SLOTS, 0.0)
            yield says(_quoted(named[bucket])), push


def _words_by_letters(features: Features) -> dict[bytes, bytes]:
    """The first word that has the letters: to a reader, a word and its parts are one reason."""
    words = [name for block, _ in features.blocks if block.kind == "word" for name in block.names]
    return {letters: word for word in reversed(words) for letters in letters_of([word])}


def _quoted(name: bytes) -> str:
    return name.decode(errors="replace").replace("\n", "…")[:_MAX_QUOTED]


_SAYS: Final[dict[Kind, Callable[[str], str]]] = {
    "start": lambda _: "",
    "sign": lambda name: name,
    "host": lambda name: f"a link to {name}",
    "class": lambda name: name,
    "classes": lambda name: name,
    "name": lambda name: f"“{name}” in the name",
    "name class": lambda name: f"{name} in the name",
    "word": lambda name: {"xlinkx": "a link", "0": "a number"}.get(name, f"the word “{name}”"),
    "words": lambda name: f"the words “{name.replace('xlinkx', '[a link]')}”",
    "letters": lambda _: "how its words follow each other",
}
