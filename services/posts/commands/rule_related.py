"""Keeps what an editor says of the related posts of one post: which are pinned, which are not to be shown, how many."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, update

from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.posts.commands.current_post import current_post
from services.posts.commands.editing import Editing
from services.posts.domain.related.rules import Rules
from services.posts.errors import InTrash, InvalidBody
from services.posts.queries.links import targets_by_id
from services.posts.queries.related_rules import rules_of
from services.posts.related_tables import related_choices, related_rules
from services.posts.tables import changes, posts


async def rule_related(editing: Editing, post_id: int, if_match: str | None, rules: Rules) -> None:
    """Instead of the rules that there were. Its own page shows it, and no other.

    Raises what `current_post` raises, InTrash, and InvalidBody for an id that no other post has.
    """
    writes, current = editing.writes, await current_post(editing.writes, post_id, if_match, editing.principal)
    if current.post.state == "trashed":
        raise InTrash
    if rules == await rules_of(writes, post_id):
        return
    await _require_posts(writes, post_id, {"pinned": rules.pinned, "forbidden": rules.forbidden})
    await _store(writes, post_id, rules)
    version = current.post.version + 1
    await writes.execute(update(posts).where(posts.c.id == post_id).values(version=version))
    await append_changes(writes, changes, [Change("post.changed", post_id, version, (f"page:{post_id}",))], editing.now)


async def _require_posts(writes: Writes, post_id: int, given: dict[str, Sequence[int]]) -> None:
    known = await targets_by_id(writes, {one for others in given.values() for one in others})
    for member, others in given.items():
        for place, other in enumerate(others):
            if other not in known or other == post_id:
                raise InvalidBody(f"/{member}/{place}", "No other post has this id.")


async def _store(writes: Writes, post_id: int, rules: Rules) -> None:
    for table in (related_rules, related_choices):
        await writes.execute(delete(table).where(table.c.post_id == post_id))
    rows = [*_rows(post_id, "pin", rules.pinned), *_rows(post_id, "forbid", rules.forbidden)]
    if rows:
        await writes.execute(insert(related_rules), rows)
    if rules.computed is not None or rules.shown is not None:
        chosen = {"post_id": post_id, "computed": rules.computed, "shown": rules.shown}
        await writes.execute(insert(related_choices).values(chosen))


def _rows(post_id: int, rule: str, others: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"post_id": post_id, "other_id": other, "rule": rule, "position": position}
        for position, other in enumerate(others)
    ]
