"""`/metrics`, for those who show the secret of this name: what is asked how often is nobody else's business."""

import hmac
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from services.common.metrics import Metrics
from services.common.problems import Unauthorized
from services.common.secret_files import load_or_create_secret

NAME: Final = "metrics"
_MEDIA_TYPE: Final = "text/plain; version=0.0.4"


def metrics_router(metrics: Metrics, secrets_folder: Path) -> APIRouter:
    """A secret of its own, no API key: keys are looked up in a database, and this is to answer without one."""
    expected = f"Bearer {load_or_create_secret(secrets_folder, NAME)}".encode()
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    def get_metrics(request: Request) -> Response:  # in a thread: thousands of lines take a while
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected):
            raise Unauthorized("Send the secret in the file `metrics` of the secrets folder as a bearer token.")
        return Response(metrics.text(), media_type=_MEDIA_TYPE, headers={"Cache-Control": "no-store"})

    return router
