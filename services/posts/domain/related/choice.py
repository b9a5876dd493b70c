"""Which of a post's computed links are shown first: good ones that do not all say the same."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

STORED: Final = 20
SHOWN: Final = 5
FLOOR: Final = 50_000
"""Of 1,000,000: of 20 posts of a blog 19 have a fifth related one with twice as much."""
POOL: Final = 8
"""What is shown comes from the best ones."""
LAST: Final = SHOWN + 1
"""The place of what is not chosen: after what is, in the order of scores."""
_QUALITY: Final = 0.8


def ranked(scores: Mapping[int, int]) -> list[int]:
    """Best first; the newer one wins a tie. What has next to nothing in common is left out."""
    found = sorted([(-score, -doc) for doc, score in scores.items() if score >= FLOOR])
    return [-doc for _, doc in found[:STORED]]


def chosen(best: Sequence[int], scores: Mapping[int, int], similarity: Callable[[int, int], float]) -> list[int]:
    """The places from one on (maximal marginal relevance): each adds most to those before it.

    Scores are taken as shares of the best: as they are, they are less than likenesses, and cost .007 of NDCG@5.
    """
    left, found = list(best[:POOL]), list[int]()
    top = max((scores[doc] for doc in left), default=0)
    quality = {doc: _QUALITY * scores[doc] / top for doc in left}
    likest, compared, adds = dict.fromkeys(left, 0.0), dict.fromkeys(left, 0), dict(quality)
    while left and len(found) < SHOWN:
        following = max(left, key=adds.__getitem__)
        if compared[following] < len(found):  # it adds so much at most; those behind it need no comparison
            likest[following] = max(likest[following], similarity(found[compared[following]], following))
            compared[following] += 1
            adds[following] = quality[following] - (1 - _QUALITY) * likest[following]
        else:
            left.remove(following)
            found.append(following)
    return found
