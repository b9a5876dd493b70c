"""Notes every request when it is over: in the access log, and how long it took."""

import asyncio
import time
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.abandoned import CLIENT_CLOSED
from services.common.access_lines import AccessLog
from services.common.request_id import NAME, begin_request, end_request
from services.common.request_times import RequestTimes

_UNTOLD: Final = "/changes"
"""Services that follow others ask for as long as they run, and are answered when something has happened."""


class NotedRequests:
    """Each has an id while it is worked on, which its answer tells."""

    def __init__(self, app: ASGIApp, *, log: AccessLog | None, times: RequestTimes, trust_caller: bool) -> None:
        self._app = app
        self._log = log
        self._times = times
        self._trust_caller = trust_caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, (request_id, token) = 0, begin_request(scope, trust_caller=self._trust_caller)
        began = time.monotonic()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                told = [header for header in message.get("headers", ()) if header[0] != NAME]
                message["headers"] = [*told, (NAME, request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            status = status or CLIENT_CLOSED
            raise
        finally:
            ended, status = time.monotonic(), status or 500
            self._times.note(scope, status, ended - began)
            if self._log is not None and (status != HTTPStatus.OK or scope["path"] != _UNTOLD):
                self._log.note(scope["method"], scope["path"], status, began, ended, request_id)
            end_request(token)
