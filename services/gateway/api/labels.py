"""Labels: listed for everybody, renamed, merged and deleted by editors."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.common.ids import Id
from services.common.problems import NotFound
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.cache.gathering import shows
from services.gateway.deps import ForwarderDep
from services.gateway.examples import LABEL, LABELS, example
from services.gateway.parameters import Cursor, Unused
from services.gateway.responses import OWN_LIST, WRITE, problem_responses
from services.gateway.schemas.blog import LabelCount, LabelList, LabelMerge, LabelPatch

router = APIRouter(prefix="/api/v1/labels", tags=["labels"], dependencies=[Depends(json_only)])
LabelId = Annotated[Id, Path(description="The label's id, a decimal string.", examples=["912673741433370500"])]
_WRITE = WRITE | problem_responses(NotFound)


@router.get(
    "",
    operation_id="listLabels",
    summary="Labels with the number of their live posts, by name",
    responses={200: example(LABELS), **OWN_LIST},
)
async def list_labels(
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    unused: Unused = False,
) -> LabelList:
    if unused:
        principal.require("posts:read-drafts")
    shows("list", "labels")
    params = {"cursor": cursor, "limit": limit, "unused": unused}
    return (await forwarder.read_posts("/labels", principal, LabelList, params)).value


@router.patch(
    "/{label_id}",
    operation_id="renameLabel",
    summary="Rename a label; needs posts:write and posts:publish",
    responses={200: example(LABEL), **_WRITE},
)
async def rename_label(
    label_id: LabelId, given: LabelPatch, forwarder: ForwarderDep, principal: PrincipalDep
) -> LabelCount:
    principal.require("posts:write", "posts:publish")
    return (await forwarder.write_posts("PATCH", f"/labels/{label_id}", principal, LabelCount, given)).value


@router.post(
    "/{label_id}/merge",
    operation_id="mergeLabel",
    summary="Give all posts of a label another instead; needs posts:write and posts:publish",
    responses={200: example(LABEL), **_WRITE},
)
async def merge_label(
    label_id: LabelId, given: LabelMerge, forwarder: ForwarderDep, principal: PrincipalDep
) -> LabelCount:
    principal.require("posts:write", "posts:publish")
    return (await forwarder.write_posts("POST", f"/labels/{label_id}/merge", principal, LabelCount, given)).value


@router.delete(
    "/{label_id}",
    operation_id="deleteLabel",
    summary="Take a label from all posts; needs posts:write and posts:publish",
    status_code=204,
    responses=_WRITE,
)
async def delete_label(label_id: LabelId, forwarder: ForwarderDep, principal: PrincipalDep) -> None:
    principal.require("posts:write", "posts:publish")
    await forwarder.delete_from_posts(f"/labels/{label_id}", principal, {})
