"""What authors do to their comments while these are new: change them, delete them, show them by a proof of work."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import RowMapping, update

from services.comments.commands.create_comment import require_open
from services.comments.commands.judging import UNKNOWN, Origin, clues, judged
from services.comments.commands.ready_comment import ReadyComment
from services.comments.commands.settle_places import settle_places
from services.comments.commands.store_comments import Counted, count_in_threads
from services.comments.commands.subscriptions import end_subscriptions, first_live
from services.comments.commands.touched import touched
from services.comments.domain.edit_tokens import token_hash
from services.comments.domain.judgement import Judgement
from services.comments.domain.store import State
from services.comments.errors import ChangedMeanwhile, NameMissing, NotProven, NotYours
from services.comments.queries.blocks import KnownBlocks
from services.comments.queries.judging import known_before
from services.comments.queries.moderation import comments_held, last_decisions
from services.comments.queries.threads import has_place_below
from services.comments.tables import changes, comments
from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.common.ids import IdSource

_WORSE: Final[tuple[State, ...]] = ("live", "held", "spam", "removed", "deleted")


class Author(Struct, frozen=True):
    """Who shows a token. Comments may be changed for the time of `window` after they were written."""

    token: str
    window: timedelta
    origin: Origin = UNKNOWN
    is_moderator: bool = False

    def owns(self, row: RowMapping, now: datetime) -> bool:
        own = row["token_hash"] is not None and hmac.compare_digest(token_hash(self.token), row["token_hash"])
        return own and now - row["published_at"] <= self.window

    def may_edit(self, row: RowMapping, now: datetime) -> bool:
        return self.owns(row, now) and row["state"] != "deleted"


async def edit_comment(
    writes: Writes,
    comment_id: int,
    version: int,
    ready: ReadyComment,
    author: Author,
    known_blocks: KnownBlocks,
    now: datetime,
) -> bool:
    """Whether a proof of work would show it. It is judged anew, and never shown because of that when it was not.

    `version` is what was edited. Raises NotYours, ChangedMeanwhile, NameMissing, ThreadNotFound and ThreadClosed.
    """
    row = await _held(writes, comment_id)
    if row is None or not author.may_edit(row, now):
        raise NotYours
    if row["version"] != version:
        raise ChangedMeanwhile
    known = await known_before(writes, row["post_id"], clues(ready, own_id=row["id"]), now)
    require_open(known, None)
    if known["names"] == "required" and ready.author_name is None:
        raise NameMissing
    judgement = Judgement("live")
    if not author.is_moderator:
        judgement = await judged(writes, ready, known, author.origin, known_blocks, now, own_id=row["id"])
    state: State = max(row["state"], judgement.state, key=_WORSE.index)
    await _store(writes, row, state, _edited(ready, judgement, row, now), "comment.edited", now)
    return judgement.may_prove and state == "held"


def _edited(ready: ReadyComment, judgement: Judgement, row: RowMapping, now: datetime) -> dict[str, object]:
    return {
        "author_name": ready.author_name,
        "author_url": ready.author_url,
        "body_source": ready.source,
        "body_format": "text",
        "body_html": str(ready.body.html),
        "policy_version": ready.body.policy_version,
        "text_hash": ready.text_hash,
        "edited_at": now,
        "reasons": json.dumps(judgement.reasons, ensure_ascii=False) if judgement.reasons else row["reasons"],
    }


async def delete_comment(writes: Writes, comment_id: int, author: Author, now: datetime) -> None:
    """Its text and its author are gone at once; its place stays while replies stand below it. Twice is as once.

    Raises NotYours.
    """
    row = await _held(writes, comment_id)
    if row is None or not author.owns(row, now):
        raise NotYours
    if row["state"] == "deleted":
        return
    keeps_place = row["has_place"] and await has_place_below(writes, row["post_id"], row["order_key"])
    emptied = {
        "author_name": None,
        "author_url": None,
        "body_source": "",
        "body_html": "",
        "text_hash": None,
        "votes": 0,
        "reasons": "[]",
    }
    await _store(writes, row, "deleted", emptied, "comment.deleted", now, keeps_place=bool(keeps_place))
    await end_subscriptions(writes, [comment_id])


async def show_proven(writes: Writes, comment_id: int, version: int, ids: IdSource, now: datetime) -> None:
    """Twice is as once. Raises NotProven for a version that is gone, and for what a moderator decided about since."""
    row = await _held(writes, comment_id)
    if row is not None and row["state"] == "live":
        return
    decided = await last_decisions(writes, [comment_id])
    if row is None or row["version"] != version or row["state"] != "held" or decided:
        raise NotProven
    await _store(writes, row, "live", {}, "comment.proven", now)
    await first_live(writes, [row], ids=ids, now=now)


async def _held(writes: Writes, comment_id: int) -> RowMapping | None:
    return next(iter(await comments_held(writes, {comment_id})), None)


async def _store(
    writes: Writes,
    row: RowMapping,
    state: State,
    values: Mapping[str, object],
    kind: str,
    now: datetime,
    *,
    keeps_place: bool = False,
) -> None:
    has_place = state == "live" or keeps_place
    live, places = (state == "live") - (row["state"] == "live"), has_place - row["has_place"]
    await count_in_threads(writes, [Counted(row["post_id"], live, places)])
    await writes.execute(
        update(comments)
        .where(comments.c.id == row["id"])
        .values(**values, state=state, has_place=int(has_place), version=row["version"] + 1)
    )
    touches = touched(row["post_id"]) if has_place or row["has_place"] else ()
    if has_place != row["has_place"]:
        await settle_places(writes, row, now)
    await append_changes(writes, changes, [Change(kind, row["id"], row["version"] + 1, touches)], now)
