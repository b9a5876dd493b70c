"""Answers for bugs: what nothing else has handled is logged with its request id and becomes a 500 problem."""

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.problem_handlers import Answer, problem_of
from services.common.problems import InternalError, Problem
from services.common.request_id import current_request_id


def problem_or_bug(exc: Exception, path: str) -> Problem:
    """Of a bug nothing is told but in the log."""
    problem = problem_of(exc)
    if problem is None:
        log = structlog.stdlib.get_logger("dateline.bugs")
        log.error("a bug", path=path, request_id=current_request_id(), exc_info=exc)
    return problem or InternalError()


class CatchBugs:
    """Once an answer has begun it is too late for another; then the bug goes on up, which closes the connection."""

    def __init__(self, app: ASGIApp, *, answer: Answer) -> None:
        self._app = app
        self._answer = answer

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
            problem = problem_or_bug(exc, scope["path"])
            if begun:
                raise
            await self._answer(Request(scope), problem)(scope, receive, send)
