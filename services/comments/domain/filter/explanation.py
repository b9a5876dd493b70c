"""Why a comment got its score, in words that a moderator understands."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from services.comments.domain.filter.features import Block, Kind, letters_of
from services.comments.domain.filter.scoring import SLOTS, Changes, Features, learnt_buckets, learnt_value, probability
from services.comments.domain.filter.seed import Seed

_MAX_QUOTED: Final = 40


class Reason(Struct, frozen=True):
    """`push` is in log-odds: above 0 towards spam, below 0 away from it."""

    says: str
    push: float


class Explanation(Struct, frozen=True):
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
    weights, unit = seed.weights, seed.unit
    for block, buckets in features.blocks:
        told = _told(block, words)
        for says, bucket in zip(told, buckets, strict=True):
            yield says, block.value * weights[bucket] * unit
        if changes:
            says_by_bucket = dict(zip(buckets, told, strict=True))
            for bucket in learnt_buckets(block, buckets):
                yield says_by_bucket[bucket], learnt_value(block) * changes.get(bucket % SLOTS, 0.0)


def _told(block: Block, words: Mapping[bytes, str]) -> list[str]:
    """What is said of each of its features."""
    says = _SAYS[block.kind]
    if block.kind == "letters":
        of_none = says("")
        return [words.get(letters, of_none) for letters in block.names]
    return [says(_quoted(name)) for name in block.names]


def _words_by_letters(features: Features) -> dict[bytes, str]:
    """What is said of the first word that has the letters: to a reader, a word and its parts are one reason."""
    words = [name for block, _ in features.blocks if block.kind == "word" for name in block.names]
    told = [(word, _SAYS["word"](_quoted(word))) for word in reversed(words)]
    return {letters: says for word, says in told for letters in letters_of([word])}


def _quoted(name: bytes) -> str:
    return name.decode(errors="replace").replace("\n", "…")[:_MAX_QUOTED]


_NO_WORDS: Final = {"xlinkx": "a link", "0": "a number"}
_SAYS: Final[dict[Kind, Callable[[str], str]]] = {
    "start": lambda _: "",
    "sign": lambda name: name,
    "host": lambda name: f"a link to {name}",
    "class": lambda name: name,
    "classes": lambda name: name,
    "name": lambda name: f"“{name}” in the name",
    "name class": lambda name: f"{name} in the name",
    "word": lambda name: _NO_WORDS.get(name) or f"the word “{name}”",
    "words": lambda name: f"the words “{name.replace('xlinkx', '[a link]')}”",
    "letters": lambda _: "how its words follow each other",
}
