"""Makes anew what services derive."""

from fastapi import APIRouter, Depends

from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import ForwarderDep
from services.gateway.examples import REBUILT, example
from services.gateway.responses import WRITE
from services.gateway.schemas.rebuild import RebuildStep, Rebuilt

router = APIRouter(prefix="/api/v1/comments", tags=["moderation"], dependencies=[Depends(json_only)], responses=WRITE)


@router.post(
    "/rebuild",
    operation_id="rebuildComments",
    summary="Count threads and ask for posts anew, a step at a time; needs the scope import:run",
    responses={200: example(REBUILT)},
)
async def rebuild_comments(step: RebuildStep, forwarder: ForwarderDep, principal: PrincipalDep) -> Rebuilt:
    principal.require("import:run")
    return await forwarder.to_comments("/comments/rebuild", step, principal, Rebuilt)
