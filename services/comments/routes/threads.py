"""Threads as the gateway reads them, comments as readers write them."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query
from sqlalchemy import RowMapping

from services.comments.commands.create_comment import create_comment, ready_comment
from services.comments.deps import FilterDep
from services.comments.domain.followed import FollowedPost
from services.comments.errors import CommentNotFound
from services.comments.queries.threads import comment_by_id, live_counts, shown_count, thread_page
from services.comments.schemas.comments import CountsOut, NewComment, ThreadOut, WrittenOut
from services.comments.schemas.views import comment_out, own_comment_out
from services.comments.tables import idempotency
from services.common.callers import CallerPrincipal
from services.common.cursors import decode_bytes, encode_bytes
from services.common.database import Writes
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.idempotency import Answer, once
from services.common.idempotency_key import IdempotencyDep
from services.common.ids import Id

MAX_PAGE = 200
MAX_COUNTS = 500
POST_VERSION_HEADER = "X-Dateline-Post-Version"
router = APIRouter()

PostVersion = Annotated[int | None, Query(ge=1)]
"""Of the post as the caller has just read it, live: what is followed here may be older."""
SeenVersion = Annotated[int | None, Header(alias=POST_VERSION_HEADER, ge=1)]
"""The same as a header: a request that is sent again must not differ by it."""

CountOf = Annotated[list[Id], Query(max_length=MAX_COUNTS)]


@router.get("/threads/{post_id}")
async def get_thread(
    post_id: Id,
    database: DatabaseDep,
    count_of: CountOf = [],  # noqa: B006 FastAPI copies it
    cursor: Annotated[str | None, Query(max_length=1100)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = MAX_PAGE,
    post_version: PostVersion = None,
) -> ThreadOut:
    """Nothing of a post that is not live, or whose comments are hidden."""
    after = None if cursor is None else decode_bytes(cursor)
    async with database.read() as reads:
        rows = await thread_page(reads, int(post_id), after, limit)
        counts = await live_counts(reads, {int(post_id), *map(int, count_of)})
    if rows and not _is_shown(rows[0], post_version):
        return ThreadOut(count=0, items=[], next_cursor=None, counts=_counts_of(count_of, counts))
    return ThreadOut(
        count=counts[int(post_id)],
        items=[comment_out(row) for row in rows[:limit]],
        next_cursor=encode_bytes(rows[limit - 1]["order_key"]) if len(rows) > limit else None,
        counts=_counts_of(count_of, counts),
    )


def _is_shown(row: RowMapping, seen_version: int | None) -> bool:
    if row["post_version"] is None:
        return True
    return FollowedPost(bool(row["post_is_live"]), row["post_policy"], row["post_version"]).shows_thread(seen_version)


def _counts_of(post_ids: Sequence[str], counts: Mapping[int, int]) -> dict[str, int]:
    return {str(one): counts[int(one)] for one in post_ids}


@router.get("/counts")
async def get_counts(post_id: CountOf, database: DatabaseDep) -> CountsOut:
    async with database.read() as reads:
        counts = await live_counts(reads, {*map(int, post_id)})
    return CountsOut(counts={str(one): count for one, count in counts.items()})


@router.post("/threads/{post_id}/comments", status_code=201)
async def write_comment(
    post_id: Id,
    new: NewComment,
    principal: CallerPrincipal,
    database: DatabaseDep,
    ids: IdsDep,
    clock: ClockDep,
    is_filtered: FilterDep,
    token: IdempotencyDep,
    seen_version: SeenVersion = None,
) -> WrittenOut:
    """The caller has made sure that the post is live and takes comments; what is known here may be newer."""
    by_moderator = "comments:moderate" in principal.scopes
    ready = ready_comment(new, is_filtered=is_filtered and not by_moderator)

    async def work(writes: Writes) -> WrittenOut:
        now = clock()

        async def effect() -> Answer:
            made = await create_comment(
                writes,
                int(post_id),
                ready,
                seen_version=seen_version,
                by_moderator=by_moderator,
                ids=ids,
                now=now,
            )
            return Answer(str(made), 201)

        # only the id is kept of an answer: a comment that a moderator decided about since is shown as it is
        written = await once(writes, idempotency, token, now, effect)
        row = await comment_by_id(writes, int(written.text))
        if row is None:
            raise CommentNotFound
        return WrittenOut(comment=own_comment_out(row), shown_count=await shown_count(writes, int(post_id)))

    return await database.write(work)
