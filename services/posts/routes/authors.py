"""Authors: listed, read, made, changed, deleted."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.common.callers import CallerPrincipal
from services.common.cursors import decode_text, encode_text
from services.common.database import Reads, Writes
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.ids import Id, parse_id
from services.common.problems import Invalid
from services.posts.commands.authors import change_author, create_author, delete_author
from services.posts.deps import IfMatch
from services.posts.domain.etags import etag_of
from services.posts.errors import AuthorNotFound
from services.posts.queries.authors import author_by_id, authors_page
from services.posts.routes.answers import tagged
from services.posts.schemas.authors import AuthorPatch, AuthorProfileOut, AuthorsOut, NewAuthor
from services.posts.schemas.views import author_profile_out

router = APIRouter(prefix="/authors")


@router.get("")
async def list_authors(
    principal: CallerPrincipal,
    database: DatabaseDep,
    cursor: Annotated[str | None, Query(max_length=1200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    unused: Annotated[bool, Query()] = False,
) -> AuthorsOut:
    """With `unused` also those without a live post, whom readers must not know."""
    if unused:
        principal.require("posts:read-drafts")
    after = None if cursor is None else _place(cursor)
    async with database.read() as reads:
        rows = await authors_page(reads, after, limit, unused=unused)
    last = rows[limit - 1] if len(rows) > limit else None
    return AuthorsOut(
        items=[author_profile_out(row) for row in rows[:limit]],
        next_cursor=None if last is None else encode_text(f"{last['id']} {last['name']}"),
    )


@router.get("/{author_id}", response_model=AuthorProfileOut)
async def get_author(author_id: Id, principal: CallerPrincipal, database: DatabaseDep) -> Response:
    async with database.read() as reads:
        author = await _author(reads, int(author_id))
    if not author.live_count and "posts:read-drafts" not in principal.scopes:
        raise AuthorNotFound
    return _tagged(author)


@router.post("", status_code=201, response_model=AuthorProfileOut)
async def add_author(
    new: NewAuthor, principal: CallerPrincipal, database: DatabaseDep, ids: IdsDep, clock: ClockDep
) -> Response:
    principal.require("blog:write")
    author_id = ids()

    async def work(writes: Writes) -> AuthorProfileOut:
        await create_author(writes, new, author_id, clock())
        return await _author(writes, author_id)

    return _tagged(await database.write(work), 201)


@router.patch("/{author_id}", response_model=AuthorProfileOut)
async def edit_author(
    author_id: Id,
    given: AuthorPatch,
    principal: CallerPrincipal,
    database: DatabaseDep,
    clock: ClockDep,
    if_match: IfMatch = None,
) -> Response:
    principal.require("blog:write")

    async def work(writes: Writes) -> AuthorProfileOut:
        await change_author(writes, int(author_id), if_match, given, clock())
        return await _author(writes, int(author_id))

    return _tagged(await database.write(work))


@router.delete("/{author_id}", status_code=204)
async def remove_author(
    author_id: Id, principal: CallerPrincipal, database: DatabaseDep, clock: ClockDep, if_match: IfMatch = None
) -> None:
    principal.require("blog:write")
    await database.write(lambda writes: delete_author(writes, int(author_id), if_match, clock()))


async def _author(reads: Reads, author_id: int) -> AuthorProfileOut:
    row = await author_by_id(reads, author_id)
    if row is None:
        raise AuthorNotFound
    return author_profile_out(row)


def _tagged(author: AuthorProfileOut, status: int = 200) -> Response:
    return tagged(author.model_dump_json(), etag_of(author.version), status)


def _place(cursor: str) -> tuple[str, int]:
    author_id, _, name = decode_text(cursor).partition(" ")
    try:
        return name, parse_id(author_id)
    except ValueError as exc:
        raise Invalid([{"parameter": "cursor", "detail": "Not a cursor of this list."}]) from exc
