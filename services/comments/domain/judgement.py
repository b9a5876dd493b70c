"""Whether a new comment is shown at once: the blog's policy and the filter say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from services.comments.domain.filter.explanation import Explanation, explain
from services.comments.domain.filter.scoring import Changes, Features, Verdict, verdict
from services.comments.domain.filter.seed import shipped_seed
from services.comments.domain.store import State

Moderation = Literal["none", "first_time", "old_posts", "all"]
_REASONS_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Policy:
    """Which comments wait for a moderator; `days` is how old a post is whose comments do, under `old_posts`."""

    moderation: Moderation
    days: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`is_known`: a comment under the same name is shown already."""

    is_known: bool
    post_published_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """`reasons` are sentences for moderators; none for what is shown."""

    state: State
    reasons: tuple[str, ...] = ()


def explained(features: Features, changes: Changes) -> Explanation:
    return explain(features, changes, shipped_seed(), most=_REASONS_TOLD)


def judge(policy: Policy, circumstances: Circumstances, found: Explanation | None) -> Judgement:
    """The filter alone may call it spam; it then waits among the spam, and its author is told no more.

    `found` is None without a filter.
    """
    by_filter: Verdict = "live" if found is None else verdict(found.probability)
    reasons = (*_by_policy(policy, circumstances), *_by_filter(found, by_filter))
    if by_filter == "live" and reasons:
        return Judgement("held", reasons)
    return Judgement(by_filter, reasons)


def _by_policy(policy: Policy, circumstances: Circumstances) -> Iterator[str]:
    published = circumstances.post_published_at
    if policy.moderation == "all":
        yield "Every comment waits for a moderator."
    elif policy.moderation == "first_time" and not circumstances.is_known:
        yield "It is the first comment under this name."
    elif policy.moderation == "old_posts" and published and circumstances.now - published > timedelta(policy.days):
        yield f"The post is older than {policy.days} days."


def _by_filter(found: Explanation | None, verdict: Verdict) -> Iterator[str]:
    if found is not None and verdict != "live":
        pushing = ", ".join(reason.says for reason in found.reasons if reason.push > 0)
        yield f"The filter takes it for spam ({found.probability:.0%}): {pushing or 'by many small signs'}."
