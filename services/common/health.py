"""`/livez` says that the process answers, `/readyz` whether each thing it depends on does."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

Check = Callable[[], Awaitable[None]]
_CHECK_TIMEOUT_S: Final = 2.0
DRAINING: Final = "is_draining"
"""In a server's state from when it has been told to end."""


class Liveness(BaseModel):
    status: Literal["ok"]


class Readiness(BaseModel):
    """`checks` is each dependency by name: `ok` or `failing`."""

    status: Literal["ok", "failing"]
    checks: dict[str, Literal["ok", "failing"]]


def health_router(checks: Callable[[Request], Mapping[str, Check]]) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/livez", operation_id="getLiveness", summary="Whether the process answers")
    async def get_liveness() -> Liveness:
        return Liveness(status="ok")

    @router.get(
        "/readyz",
        operation_id="getReadiness",
        summary="Whether everything the service depends on answers",
        responses={503: {"model": Readiness, "description": "Something the service depends on does not answer"}},
    )
    async def get_readiness(request: Request, response: Response) -> Readiness:
        named = {**checks(request), **({"serving": _end} if hasattr(request.state, DRAINING) else {})}
        outcomes = await asyncio.gather(*(_passes(check) for check in named.values()))
        response.status_code = 200 if all(outcomes) else 503
        return Readiness(
            status="ok" if all(outcomes) else "failing",
            checks={name: "ok" if passed else "failing" for name, passed in zip(named, outcomes, strict=True)},
        )

    return router


async def _end() -> None:
    raise RuntimeError("this process ends")


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(_CHECK_TIMEOUT_S):
            await check()
    except Exception:  # noqa: BLE001 whatever it is, the dependency does not answer
        return False
    return True
