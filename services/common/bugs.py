"""Answers for bugs: what nothing else has handled is logged with its request id and becomes a 500 problem."""

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.problem_handlers import Answer
from services.common.problems import InternalError, Problem
from services.common.request_id import current_request_id


class CatchBugs:
    """Once an answer has begun it is too late for another; then the bug goes on up, which closes the connection."""

    def __init__(self, app: ASGIApp, *, answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._log = structlog.stdlib.get_logger("dateline.bugs")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as exc:
            problem = exc if isinstance(exc, Problem) else InternalError()
            if problem is not exc:
                self._log.exception("a bug", path=scope["path"], request_id=current_request_id())
            if begun:
                raise
            await self._answer(Request(scope), problem)(scope, receive, send)
