"""Carries out what a moderator decides about comments: states, counts, the log of decisions, the filter's lesson."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import RowMapping, bindparam, insert, update

from services.comments.commands.settle_places import settle_places
from services.comments.commands.store_comments import Counted, count_in_threads
from services.comments.commands.subscriptions import first_live
from services.comments.commands.touched import touched
from services.comments.domain.decisions import UNDO_WITHIN, Action, becomes, lesson
from services.comments.domain.filter.learning import learn
from services.comments.domain.filter.scoring import Features
from services.comments.domain.filter.seed import shipped_seed
from services.comments.domain.store import State
from services.comments.queries.judging import learnt
from services.comments.queries.moderation import comments_held, last_decisions
from services.comments.tables import changes, comments, decisions, filter_changes
from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.common.ids import IdSource
from services.common.locks import hold_lock
from services.common.upsert import store_rows

_ROWS: Final = 1_000


class Decision(Struct, frozen=True):
    """`features` by comment id, of those that the filter may learn from."""

    comment_ids: Sequence[int]
    action: Action
    made_by: str
    made_at: datetime
    features: Mapping[int, Features]


class _Step(Struct, frozen=True):
    row: RowMapping
    became: State


async def decide(writes: Writes, decision: Decision, ids: IdSource) -> Mapping[int, tuple[State, State]]:
    """Before and after, of each comment that there is."""
    rows = await comments_held(writes, set(decision.comment_ids))
    before = await _states_before(writes, decision, [row["id"] for row in rows])
    steps = [_Step(row, becomes(decision.action, row["state"], before.get(row["id"]))) for row in rows]
    await _carry_out(writes, decision, [step for step in steps if step.became != step.row["state"]], ids)
    return {step.row["id"]: (step.row["state"], step.became) for step in steps}


async def _states_before(writes: Writes, decision: Decision, comment_ids: Sequence[int]) -> Mapping[int, State]:
    if decision.action != "restore":
        return {}
    last = await last_decisions(writes, comment_ids)
    return {
        of: row["was"]
        for of, row in last.items()
        if row["action"] != "restore" and decision.made_at - row["made_at"] <= UNDO_WITHIN
    }


async def _carry_out(writes: Writes, decision: Decision, steps: Sequence[_Step], ids: IdSource) -> None:
    if not steps:
        return
    await count_in_threads(writes, [_counted(step) for step in steps])
    changed = update(comments).where(comments.c.id == bindparam("comment"))
    await writes.execute(
        changed.values(state=bindparam("became"), has_place=bindparam("is_live"), version=comments.c.version + 1),
        [{"comment": step.row["id"], "became": step.became, "is_live": int(step.became == "live")} for step in steps],
    )
    await writes.execute(insert(decisions), [_logged(decision, step, ids()) for step in steps])
    await _teach(writes, decision, steps)
    await append_changes(writes, changes, map(_change, steps), decision.made_at)
    for row in (step.row for step in steps if "live" in {step.row["state"], step.became}):
        await settle_places(writes, row, decision.made_at)
    await first_live(writes, [step.row for step in steps if step.became == "live"], ids=ids, now=decision.made_at)


def _counted(step: _Step) -> Counted:
    """Nobody decides about deleted comments, so none but live ones have a place here."""
    more = (step.became == "live") - (step.row["state"] == "live")
    return Counted(step.row["post_id"], live=more, places=more)


def _logged(decision: Decision, step: _Step, decision_id: int) -> dict[str, object]:
    return {
        "id": decision_id,
        "comment_id": step.row["id"],
        "action": decision.action,
        "was": step.row["state"],
        "became": step.became,
        "made_by": decision.made_by,
        "made_at": decision.made_at,
    }


async def _teach(writes: Writes, decision: Decision, steps: Sequence[_Step]) -> None:
    """One at a time: all lessons change some numbers that every comment has."""
    found = ((step, lesson(decision.action, step.row["state"], step.became)) for step in steps)
    lessons = [
        (decision.features[step.row["id"]], is_spam)
        for step, is_spam in found
        if is_spam is not None and step.row["id"] in decision.features
    ]
    if not lessons:
        return
    await hold_lock(writes, "filter")
    changed: dict[int, float] = {}
    for features, is_spam in lessons:
        known = await learnt(writes, features.slots) | changed
        changed |= learn(known, features, shipped_seed(), is_spam=is_spam)
    rows = [{"slot": slot, "change": change} for slot, change in sorted(changed.items())]
    for start in range(0, len(rows), _ROWS):
        await store_rows(writes, filter_changes, rows[start : start + _ROWS], on="slot")


def _change(step: _Step) -> Change:
    """Readers see nothing of what is neither live before nor afterwards."""
    touches = touched(step.row["post_id"]) if "live" in {step.row["state"], step.became} else ()
    return Change("comment.moderated", step.row["id"], step.row["version"] + 1, touches)
