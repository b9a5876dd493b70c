"""What a write to posts touches: the pages that show them, so that nobody has to look through all pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Select, select, tuple_, union_all

from services.common.changes import Change
from services.common.cursors import TimeCursor
from services.common.database import Writes
from services.common.locks import hold_lock
from services.posts.domain.store import PostToStore
from services.posts.queries.posts import LIVE, place_of
from services.posts.related_tables import related_docs, related_lists, related_mentions, related_rules
from services.posts.tables import paths, posts, related_links

EVERYTHING: Final = "everything"
"""Stands for all pages, where to name them would take longer than to make them anew."""
_MAX_NAMED: Final = 100
_MAX_STEPS: Final = 50


class Seen(Struct, frozen=True):
    """What lists and links show of a post. `listed_at` is its date while lists show it."""

    post_id: int
    version: int
    is_live: bool
    listed_at: datetime | None
    path: str | None
    title: str
    author_id: int | None
    labels: tuple[str, ...]

    @classmethod
    def of(cls, post: PostToStore) -> "Seen":
        return cls(
            post_id=post.post_id,
            version=post.version,
            is_live=post.state == "live",
            listed_at=post.published_at if post.is_listed else None,
            path=post.path,
            title=post.title,
            author_id=post.author_id,
            labels=post.labels,
        )


class Step(Struct, frozen=True):
    """A post before a write and after it; None where there is none, or none any more."""

    kind: str
    before: Seen | None
    after: Seen | None

    @property
    def both(self) -> list[Seen]:
        return [post for post in (self.before, self.after) if post is not None]

    @property
    def is_moved(self) -> bool:
        """Whether it stands at another place of lists, or in others."""
        return _places(self.before) != _places(self.after)

    @property
    def is_renamed(self) -> bool:
        """Whether what links to it looks otherwise."""
        return _names(self.before) != _names(self.after)

    @property
    def is_found_anew(self) -> bool:
        """Whether pages may show it now that did not before, because their texts or rules name it."""
        return self.after is not None and self.after.is_live and _address(self.before) != _address(self.after)


def _address(post: Seen | None) -> tuple[object, ...] | None:
    return None if post is None else (post.is_live, post.path)


def _places(post: Seen | None) -> tuple[object, ...] | None:
    if post is None or post.listed_at is None:
        return None
    return post.listed_at, post.author_id, frozenset(post.labels)


def _names(post: Seen | None) -> tuple[object, ...] | None:
    return None if post is None else (post.is_live, post.path, post.title)


async def changes_of(writes: Writes, steps: Sequence[Step]) -> list[Change]:
    """After everything else is written. `post:ID` is whatever shows the post, `page:ID` its own page alone,
    `label:NAME` and `list` which posts stand where.

    One writer at a time: each sees the links and places that the one before it made.
    """
    await hold_lock(writes, "what shows posts")
    others = await _around(writes, [step for step in steps if step.is_moved or step.is_renamed])
    return [_change(step, others if step is steps[0] else ()) for step in steps]


def _change(step: Step, others: Sequence[str]) -> Change:
    post = step.both[-1]
    version = post.version + (step.after is None)
    places: Sequence[str] = ()
    if step.is_moved:
        names = dict.fromkeys(name for one in reversed(step.both) for name in one.labels)
        places = ("list", *(f"label:{name}" for name in names))
    return Change(step.kind, post.post_id, version, (f"post:{post.post_id}", *places, *others))


async def _around(writes: Writes, steps: Sequence[Step]) -> Sequence[str]:
    """The posts whose pages name these: those that link to them, those before and after them."""
    if not steps:
        return ()
    if len(steps) > _MAX_STEPS:
        return (EVERYTHING,)
    queries = [*_linking(steps), *_naming([step for step in steps if step.is_found_anew]), *_beside(steps)]
    found: set[int] = set((await writes.execute(union_all(*queries))).scalars())
    others = sorted(found - {step.both[-1].post_id for step in steps})
    return [f"page:{one}" for one in others] if len(others) <= _MAX_NAMED else (EVERYTHING,)


def _linking(steps: Sequence[Step]) -> list[Select[Any]]:
    """Links lead to an id, or to a path that the post has, had, or gave up just now."""
    post_ids = [step.both[-1].post_id for step in steps]
    given = [one.path for step in steps for one in step.both if one.path is not None]
    had = select(paths.c.path).where(paths.c.post_id.in_(post_ids))
    target_id, target_path = related_links.c.target_id, related_links.c.target_path
    links = [target_id.in_(post_ids), target_path.in_(had), target_path.in_(given)]
    found = select(related_links.c.post_id).limit(_MAX_NAMED + len(steps) + 1)
    return [select(found.where(link).subquery()) for link in links]


def _naming(steps: Sequence[Step]) -> list[Select[Any]]:
    """Texts that lead to the paths that posts have or had, rules that pin posts, lists in which they still stand."""
    if not steps:
        return []
    post_ids = [step.both[-1].post_id for step in steps]
    own = select(paths.c.path).where(paths.c.post_id.in_(post_ids))
    back = [step.both[-1].post_id for step in steps if step.before is not None and not step.before.is_live]
    saying = select(related_mentions.c.post_id).where(related_mentions.c.path.in_(own))
    pinning = select(related_rules.c.post_id).where(
        related_rules.c.other_id.in_(post_ids), related_rules.c.rule == "pin"
    )
    return [select(found.limit(_MAX_NAMED + len(steps) + 1).subquery()) for found in (saying, pinning, *_listing(back))]


def _listing(post_ids: Sequence[int]) -> list[Select[Any]]:
    """Until the job that relates posts hears that they are gone."""
    mine, theirs = related_docs.alias("mine"), related_docs.alias("theirs")
    listing = (
        select(theirs.c.post_id)
        .join_from(mine, related_lists, related_lists.c.other == mine.c.doc)
        .join(theirs, theirs.c.doc == related_lists.c.doc)
        .where(mine.c.post_id.in_(post_ids), theirs.c.post_id.is_not(None))
    )
    return [listing] if post_ids else []


def _beside(steps: Sequence[Step]) -> list[Select[Any]]:
    """The listed posts before and after the places that posts had and have."""
    places = {(one.listed_at, one.post_id) for step in steps for one in step.both if one.listed_at is not None}
    return [side for at, post_id in sorted(places) for side in _sides(at, post_id)]


def _sides(at: datetime, post_id: int) -> list[Select[Any]]:
    own = tuple_(*place_of(TimeCursor(at, post_id)))
    place = tuple_(posts.c.published_at, posts.c.id)
    listed = select(posts.c.id).where(LIVE, posts.c.kind == "post").limit(1)
    before = listed.where(place < own).order_by(posts.c.published_at.desc(), posts.c.id.desc())
    after = listed.where(place > own).order_by(posts.c.published_at, posts.c.id)
    return [select(side.subquery()) for side in (before, after)]
