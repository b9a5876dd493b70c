"""API keys for programs."""

from fastapi import APIRouter, Depends

from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import ForwarderDep
from services.gateway.examples import KEY, example
from services.gateway.responses import WRITE
from services.gateway.schemas.keys import Key, NewKey

router = APIRouter(prefix="/api/v1/keys", tags=["keys"], dependencies=[Depends(json_only)])


@router.post(
    "",
    operation_id="createKey",
    summary="Make an API key; needs the scope keys:admin",
    status_code=201,
    responses={201: example(KEY), **WRITE},
)
async def create_key(new: NewKey, forwarder: ForwarderDep, principal: PrincipalDep) -> Key:
    principal.require("keys:admin")
    return await forwarder.to_posts("/keys", new, principal, Key)
