"""Comments that the filter is in doubt about, whatever it has learnt by the time the tests run."""

from collections.abc import Iterator
from itertools import product

from services.comments.domain.filter.example import Example
from services.comments.domain.filter.scoring import HOLD_ABOVE, features_of
from services.comments.domain.judgement import PROOF_UP_TO, find
from services.comments.domain.signals import signals

_BEGINNINGS = ("Please like", "Check out", "Subscribe to", "Visit", "Thank you for", "I love", "Look at", "Share")
_MIDDLES = ("my photo", "my channel", "this page", "my new song", "the harbor", "this video", "our shop", "my knots")
_ENDS = ("please", "today", "and win", "my friends", "thank you", "for free", "again")


def doubtful_texts() -> Iterator[str]:
    """Short ones, each of which waits with a challenge when its form has no stamp of ours."""
    for text in map(" ".join, product(_BEGINNINGS, _MIDDLES, _ENDS)):
        found = find(features_of(Example(text)), {}, [*signals({"stamp"}, 0, None)])
        if HOLD_ABOVE + 0.01 < found.probability < PROOF_UP_TO - 0.01:
            yield text
