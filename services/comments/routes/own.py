"""What authors do to their comments while these are new."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Response
from sqlalchemy import RowMapping

from services.comments.commands.change_comment import Author, delete_comment, edit_comment, show_proven
from services.comments.commands.ready_comment import ready_comment
from services.comments.deps import FilterDep, KnownBlocksDep, OriginDep, TokensDep
from services.comments.errors import CommentNotFound, NotProven, NotYours
from services.comments.queries.threads import comment_as_stored, comment_by_id
from services.comments.schemas.comments import CommentPatch, EditedOut, OwnCommentOut, PlacedCommentOut, Proof
from services.comments.schemas.views import challenge_out, own_comment_out
from services.common.callers import CallerPrincipal, Principal
from services.common.database import Database, Writes
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.hot_routes import json_answer
from services.common.ids import Id

router = APIRouter(prefix="/comments/{comment_id}")
EDIT_TOKEN_HEADER = "X-Edit-Token"  # noqa: S105 a header's name
EditToken = Annotated[str, Header(alias=EDIT_TOKEN_HEADER, max_length=200)]


@router.get("/own")
async def get_own_comment(
    comment_id: Id, edit_token: EditToken, database: DatabaseDep, clock: ClockDep, tokens: TokensDep
) -> OwnCommentOut:
    row = await _stored(database, int(comment_id))
    if row is None or not Author(edit_token, tokens.window).may_edit(row, clock()):
        raise NotYours
    return OwnCommentOut(
        id=row["id"],
        post_id=row["post_id"],
        body=row["body_source"],
        author_name=row["author_name"],
        author_url=row["author_url"],
        editable_until=row["published_at"] + tokens.window,
    )


@router.patch("")
async def edit_own_comment(
    comment_id: Id,
    patch: CommentPatch,
    edit_token: EditToken,
    principal: CallerPrincipal,
    database: DatabaseDep,
    clock: ClockDep,
    is_filtered: FilterDep,
    origin: OriginDep,
    known_blocks: KnownBlocksDep,
    tokens: TokensDep,
) -> Response:
    author = Author(edit_token, tokens.window, origin, _is_moderator(principal))
    before = await _stored(database, int(comment_id))
    if before is None or not author.may_edit(before, clock()):
        raise NotYours
    wanted = {"body": before["body_source"], "author_name": before["author_name"], "author_url": before["author_url"]}
    wanted |= patch.model_dump(exclude_unset=True)
    ready = ready_comment(
        wanted["body"],
        wanted["author_name"],
        wanted["author_url"],
        is_filtered=is_filtered and not author.is_moderator,
    )

    async def work(writes: Writes) -> EditedOut:
        now = clock()
        may_prove = await edit_comment(writes, before["id"], before["version"], ready, author, known_blocks, now)
        row = await comment_by_id(writes, before["id"])
        if row is None:
            raise CommentNotFound
        challenge = tokens.challenge(row["id"], row["version"], now) if may_prove else None
        return EditedOut(comment=own_comment_out(row), challenge=challenge_out(challenge))

    return json_answer(await database.write(work))


@router.delete("", status_code=204)
async def delete_own_comment(
    comment_id: Id, edit_token: EditToken, database: DatabaseDep, clock: ClockDep, tokens: TokensDep
) -> None:
    author = Author(edit_token, tokens.window)
    await database.write(partial(delete_comment, comment_id=int(comment_id), author=author, now=clock()))


@router.post("/proof")
async def prove_comment(
    comment_id: Id, proof: Proof, database: DatabaseDep, ids: IdsDep, clock: ClockDep, tokens: TokensDep
) -> Response:
    now = clock()
    proven = tokens.proven(proof.altcha, now)
    if proven is None or proven[0] != int(comment_id):
        raise NotProven

    async def work(writes: Writes) -> PlacedCommentOut:
        await show_proven(writes, *proven, ids, now)
        row = await comment_by_id(writes, int(comment_id))
        if row is None:
            raise CommentNotFound
        return own_comment_out(row)

    return json_answer(await database.write(work))


async def _stored(database: Database, comment_id: int) -> RowMapping | None:
    async with database.read() as reads:
        return await comment_as_stored(reads, comment_id)


def _is_moderator(principal: Principal) -> bool:
    return "comments:moderate" in principal.scopes
