"""Earlier wordings of a post: listed, read, compared, brought back."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.common.callers import CallerPrincipal
from services.common.cursors import NumberCursor
from services.common.database import Reads
from services.common.deps import DatabaseDep
from services.common.ids import MAX_ID, Id
from services.common.problems import Conflict
from services.posts.commands.create_post import render_given
from services.posts.commands.edit_post import restore_revision
from services.posts.deps import DeskDep, IfMatch, PolicyDep
from services.posts.domain.revisions import Revision, unified_diff
from services.posts.errors import NoSuchPost, RevisionNotFound
from services.posts.queries.posts import post_exists
from services.posts.queries.revisions import present_words, revision_of, revisions_page
from services.posts.routes.answers import edited
from services.posts.schemas.posts import BodyIn, PostOut
from services.posts.schemas.revisions import DiffOut, RevisionsOut, WholeRevisionOut
from services.posts.schemas.views import revision_out, whole_revision_out


async def _may_read(principal: CallerPrincipal) -> None:
    principal.require("posts:read-drafts")


router = APIRouter(prefix="/posts/{post_id}/revisions")
reading = [Depends(_may_read)]
Version = Annotated[int, Path(ge=1, le=MAX_ID)]


@router.get("", dependencies=reading)
async def list_revisions(
    post_id: Id,
    database: DatabaseDep,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> RevisionsOut:
    before = None if cursor is None else NumberCursor.decode(cursor).number
    async with database.read() as reads:
        if not await post_exists(reads, int(post_id)):
            raise NoSuchPost
        rows = await revisions_page(reads, int(post_id), before, limit)
    more = len(rows) > limit
    return RevisionsOut(
        items=[revision_out(row) for row in rows[:limit]],
        next_cursor=NumberCursor(rows[limit - 1]["version"]).encode() if more else None,
    )


@router.get("/{version}", dependencies=reading)
async def get_revision(post_id: Id, version: Version, database: DatabaseDep) -> WholeRevisionOut:
    async with database.read() as reads:
        return whole_revision_out(await _revision(reads, int(post_id), version))


@router.get("/{version}/diff", dependencies=reading)
async def compare_revisions(
    post_id: Id,
    version: Version,
    database: DatabaseDep,
    to: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
) -> DiffOut:
    """With the post as it is, unless another version is named."""
    async with database.read() as reads:
        old = await _revision(reads, int(post_id), version)
        new = await present_words(reads, int(post_id)) if to is None else await _revision(reads, int(post_id), to)
    if new is None:
        raise NoSuchPost
    try:
        diff = await asyncio.to_thread(unified_diff, old, new)
    except ValueError as exc:
        raise Conflict(f"These two cannot be compared: {exc}.") from exc
    return DiffOut(from_version=old.version, to_version=new.version, diff=diff)


@router.post("/{version}/restore", response_model=PostOut)
async def restore(
    post_id: Id, version: Version, desk: DeskDep, policy: PolicyDep, if_match: IfMatch = None
) -> Response:
    async with desk.database.read() as reads:
        revision = await _revision(reads, int(post_id), version)
    given = BodyIn(revision.body_source, revision.body_format)
    body = await asyncio.to_thread(render_given, given, policy)
    change = partial(restore_revision, post_id=int(post_id), if_match=if_match, revision=revision, body=body)
    return await edited(desk, int(post_id), change)


async def _revision(reads: Reads, post_id: int, version: int) -> Revision:
    """The present words have a version as well."""
    present = await present_words(reads, post_id)
    if present is None:
        raise NoSuchPost
    found = present if present.version == version else await revision_of(reads, post_id, version)
    if found is None:
        raise RevisionNotFound
    return found
