"""Lays down rules for the related posts of a post."""

from sqlalchemy import delete, insert, select, update

from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.posts.commands.current_post import current_post
from services.posts.commands.editing import Editing
from services.posts.domain.store import change_kind
from services.posts.errors import InTrash, InvalidBody
from services.posts.queries.related_rules import Rules, rules_of
from services.posts.related_tables import related_choices, related_rules
from services.posts.schemas.related import RelatedRules
from services.posts.tables import changes, posts


async def rule_related(editing: Editing, post_id: int, if_match: str | None, given: RelatedRules) -> None:
    """The post's version goes up: no rule is overwritten unseen. Raises InTrash, InvalidBody and as `current_post`."""
    writes = editing.writes
    current = await current_post(writes, post_id, if_match, editing.principal)
    if current.post.state == "trashed":
        raise InTrash
    pinned, forbidden = [int(one) for one in given.pinned], [int(one) for one in given.forbidden]
    rules = Rules(pinned, forbidden, given.computed, given.shown)
    if rules == await rules_of(writes, post_id):
        return
    await _require_others(writes, post_id, rules)
    await _store(writes, post_id, rules)
    version = current.post.version + 1
    await writes.execute(update(posts).where(posts.c.id == post_id).values(version=version))
    change = Change(change_kind(current.post.state, current.post.state), post_id, version, (f"page:{post_id}",))
    await append_changes(writes, changes, [change], editing.now)


async def _require_others(writes: Writes, post_id: int, rules: Rules) -> None:
    named = [*rules.pinned, *rules.forbidden]
    known = set((await writes.execute(select(posts.c.id).where(posts.c.id.in_(named)))).scalars()) if named else set()
    for member, ids in (("pinned", rules.pinned), ("forbidden", rules.forbidden)):
        for place, one in enumerate(ids):
            if one == post_id:
                raise InvalidBody(f"/{member}/{place}", "A post is not related to itself.")
            if one not in known:
                raise InvalidBody(f"/{member}/{place}", "No post has this id.")


async def _store(writes: Writes, post_id: int, rules: Rules) -> None:
    for table in (related_rules, related_choices):
        await writes.execute(delete(table).where(table.c.post_id == post_id))
    rows = [
        {"post_id": post_id, "other_id": one, "rule": rule, "position": position}
        for rule, ids in (("pin", rules.pinned), ("forbid", rules.forbidden))
        for position, one in enumerate(ids)
    ]
    if rows:
        await writes.execute(insert(related_rules), rows)
    if (rules.computed, rules.shown) != (None, None):
        row = {"post_id": post_id, "computed": rules.computed, "shown": rules.shown}
        await writes.execute(insert(related_choices), [row])
