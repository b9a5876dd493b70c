"""Whether a new comment is shown at once: the blog's policy and the filter say."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec import Struct

from services.comments.domain.filter.explanation import explain
from services.comments.domain.filter.scoring import Changes, Features, Verdict, log_odds, probability, verdict
from services.comments.domain.filter.seed import shipped_seed
from services.comments.domain.signals import Signal
from services.comments.domain.store import State

Moderation = Literal["none", "first_time", "old_posts", "all"]
PROOF_UP_TO: Final = 0.9
"""Above it a proof of work shows nothing: 0.7 % of the ham is there, and 89 % of the spam."""
_REASONS_TOLD: Final = 3
_VOUCHES_FOR_AT_MOST: Final = -4.0
"""Words outweigh only so much of what else speaks for spam: spam may be words of somebody else."""


class Policy(Struct, frozen=True):
    """Which comments wait for a moderator; `days` is how old a post is whose comments do, under `old_posts`."""

    moderation: Moderation
    days: int


class Circumstances(Struct, frozen=True):
    """`is_known`: a comment under the same name is shown already."""

    is_known: bool
    post_published_at: datetime | None
    now: datetime


class Found(Struct, frozen=True):
    """What the filter makes of a comment; `pushing` says what spoke for spam."""

    probability: float
    pushing: tuple[str, ...] = ()


class Judgement(Struct, frozen=True):
    """`reasons` are sentences for moderators; none for what is shown. `may_prove`: a proof of work would show it."""

    state: State
    reasons: tuple[str, ...] = ()
    may_prove: bool = False


def find(features: Features, changes: Changes, signals: Sequence[Signal]) -> Found:
    """What its words say, and the signals on top."""
    seed = shipped_seed()
    odds = max(log_odds(features, changes, seed), _VOUCHES_FOR_AT_MOST)
    likely = probability(odds + sum(signal.push for signal in signals))
    if verdict(likely) == "live":
        return Found(likely)
    by_words = explain(features, changes, seed, most=_REASONS_TOLD).reasons
    told = [(signal.push, signal.says) for signal in signals] + [(reason.push, reason.says) for reason in by_words]
    pushing = sorted((-push, says) for push, says in told if push > 0)
    return Found(likely, tuple(says for _, says in pushing[:_REASONS_TOLD]))


def judge(policy: Policy, circumstances: Circumstances, found: Found | None) -> Judgement:
    """The filter alone may call it spam; it then waits among the spam, and its author is told no more.

    `found` is None without a filter.
    """
    by_filter: Verdict = "live" if found is None else verdict(found.probability)
    by_policy = tuple(_by_policy(policy, circumstances))
    reasons = (*by_policy, *_by_filter(found, by_filter))
    if by_filter == "live":
        return Judgement("held" if reasons else "live", reasons)
    may_prove = not by_policy and found is not None and found.probability <= PROOF_UP_TO
    return Judgement(by_filter, reasons, may_prove)


def _by_policy(policy: Policy, circumstances: Circumstances) -> Iterator[str]:
    published = circumstances.post_published_at
    if policy.moderation == "all":
        yield "Every comment waits for a moderator."
    elif policy.moderation == "first_time" and not circumstances.is_known:
        yield "It is the first comment under this name."
    elif policy.moderation == "old_posts" and published and circumstances.now - published > timedelta(policy.days):
        yield f"The post is older than {policy.days} days."


def _by_filter(found: Found | None, verdict: Verdict) -> Iterator[str]:
    if found is not None and verdict != "live":
        pushing = ", ".join(found.pushing) or "by many small signs"
        yield f"The filter takes it for spam ({found.probability:.0%}): {pushing}."
