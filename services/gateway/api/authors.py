"""Authors: shown to everybody, kept by editors."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.common.ids import Id
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.cache.gathering import shows
from services.gateway.deps import ForwarderDep
from services.gateway.examples import AUTHOR, AUTHORS, example
from services.gateway.parameters import Cursor, IfMatch, Unused, conditions
from services.gateway.responses import CHANGE, OWN_LIST, OWN_READ, WRITE
from services.gateway.schemas.blog import AuthorList, AuthorPatch, AuthorProfile, NewAuthor

router = APIRouter(prefix="/api/v1/authors", tags=["authors"], dependencies=[Depends(json_only)])
AuthorId = Annotated[Id, Path(description="The author's id, a decimal string.", examples=["912673741433944693"])]


@router.get(
    "",
    operation_id="listAuthors",
    summary="Authors with the number of their live posts, by name",
    responses={200: example(AUTHORS), **OWN_LIST},
)
async def list_authors(
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    unused: Unused = False,
) -> AuthorList:
    if unused:
        principal.require("posts:read-drafts")
    shows("list", "authors")
    params = {"cursor": cursor, "limit": limit, "unused": unused}
    return (await forwarder.read_posts("/authors", principal, AuthorList, params)).value


@router.get(
    "/{author_id}",
    operation_id="getAuthor",
    summary="An author; without a live post only for the scope posts:read-drafts",
    responses={200: example(AUTHOR), **OWN_READ},
)
async def get_author(
    author_id: AuthorId, forwarder: ForwarderDep, principal: PrincipalDep, response: Response
) -> AuthorProfile:
    return (await forwarder.read_posts(f"/authors/{author_id}", principal, AuthorProfile)).tagged(response)


@router.post(
    "",
    operation_id="createAuthor",
    summary="Add an author; needs the scope blog:write",
    status_code=201,
    responses={201: example(AUTHOR), **WRITE},
)
async def create_author(
    new: NewAuthor, forwarder: ForwarderDep, principal: PrincipalDep, response: Response
) -> AuthorProfile:
    principal.require("blog:write")
    author = (await forwarder.write_posts("POST", "/authors", principal, AuthorProfile, new)).tagged(response)
    response.headers["Location"] = f"/api/v1/authors/{author.id}"
    return author


@router.patch(
    "/{author_id}",
    operation_id="changeAuthor",
    summary="Change an author's name, page, picture or words; needs the scope blog:write",
    responses={200: example(AUTHOR), **CHANGE},
)
async def change_author(
    author_id: AuthorId,
    given: AuthorPatch,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> AuthorProfile:
    principal.require("blog:write")
    path, sent = f"/authors/{author_id}", conditions(if_match)
    return (await forwarder.write_posts("PATCH", path, principal, AuthorProfile, given, conditions=sent)).tagged(
        response
    )


@router.delete(
    "/{author_id}",
    operation_id="deleteAuthor",
    summary="Delete an author whose name stands under no post; needs the scope blog:write",
    status_code=204,
    responses=CHANGE,
)
async def delete_author(
    author_id: AuthorId, forwarder: ForwarderDep, principal: PrincipalDep, if_match: IfMatch = None
) -> None:
    principal.require("blog:write")
    await forwarder.delete_from_posts(f"/authors/{author_id}", principal, conditions(if_match))
