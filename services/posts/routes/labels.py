"""Labels: listed, renamed, merged, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.common.callers import CallerPrincipal
from services.common.cursors import decode_text, encode_text
from services.common.database import Reads, Writes
from services.common.deps import ClockDep, DatabaseDep
from services.common.ids import Id
from services.posts.commands.labels import delete_label, merge_label, rename_label
from services.posts.errors import LabelNotFound
from services.posts.queries.labels import label_by_id, labels_page
from services.posts.schemas.labels import LabelMerge, LabelOut, LabelPatch, LabelsOut
from services.posts.schemas.views import label_out

router = APIRouter(prefix="/labels")
_SCOPES = ("posts:write", "posts:publish")


@router.get("")
async def list_labels(
    principal: CallerPrincipal,
    database: DatabaseDep,
    cursor: Annotated[str | None, Query(max_length=600)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    unused: Annotated[bool, Query()] = False,
) -> LabelsOut:
    """With `unused` also the labels that no live post bears: those of drafts, which readers must not know."""
    if unused:
        principal.require("posts:read-drafts")
    after = None if cursor is None else decode_text(cursor)
    async with database.read() as reads:
        rows = await labels_page(reads, after, limit, unused=unused)
    return LabelsOut(
        items=[label_out(row) for row in rows[:limit]],
        next_cursor=encode_text(rows[limit - 1]["name"]) if len(rows) > limit else None,
    )


@router.patch("/{label_id}")
async def rename(
    label_id: Id, given: LabelPatch, principal: CallerPrincipal, database: DatabaseDep, clock: ClockDep
) -> LabelOut:
    principal.require(*_SCOPES)

    async def work(writes: Writes) -> LabelOut:
        await rename_label(writes, int(label_id), given.name, clock())
        return await _label(writes, int(label_id))

    return await database.write(work)


@router.post("/{label_id}/merge")
async def merge(
    label_id: Id, given: LabelMerge, principal: CallerPrincipal, database: DatabaseDep, clock: ClockDep
) -> LabelOut:
    """Answers with the label that is left."""
    principal.require(*_SCOPES)

    async def work(writes: Writes) -> LabelOut:
        await merge_label(writes, int(label_id), int(given.into), clock())
        return await _label(writes, int(given.into))

    return await database.write(work)


@router.delete("/{label_id}", status_code=204)
async def delete(label_id: Id, principal: CallerPrincipal, database: DatabaseDep, clock: ClockDep) -> None:
    principal.require(*_SCOPES)
    await database.write(lambda writes: delete_label(writes, int(label_id), clock()))


async def _label(reads: Reads, label_id: int) -> LabelOut:
    row = await label_by_id(reads, label_id)
    if row is None:
        raise LabelNotFound
    return label_out(row)
