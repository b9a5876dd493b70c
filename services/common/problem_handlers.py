"""Turns every error of an app into an application/problem+json answer that never repeats the input."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.common import problems
from services.common.problems import Problem
from services.common.request_id import current_request_id

MEDIA_TYPE = "application/problem+json"
NOT_STORED = {"Cache-Control": "no-store", "Vary": "Accept"}
"""A problem is of the moment, and has two representations."""
ProblemPage = Callable[[Request, Problem], Response | None]
"""Another representation of a problem (a page for a browser), or None for the JSON one."""

_ANSWERED = (Problem, RequestValidationError, HTTPException)
_BY_STATUS = {problem.status: problem for problem in problems.family()}


def problem_response(problem: Problem) -> Response:
    members = problem.members() | {"request_id": current_request_id()}
    return Response(json.dumps(members), problem.status, problem.headers | NOT_STORED, MEDIA_TYPE)


Answer = Callable[[Request, Problem], Response]
"""Makes the answer to a problem."""


def plain_answer(_request: Request, problem: Problem) -> Response:
    return problem_response(problem)


def answer_with(page: ProblemPage) -> Answer:
    """Chooses between a page, where there are pages, and JSON."""

    def answer(request: Request, problem: Problem) -> Response:
        return page(request, problem) or problem_response(problem)

    return answer


def install_problem_handlers(app: FastAPI, answer: Answer) -> None:
    async def on_exception(request: Request, exc: Exception) -> Response:
        return answer(request, problem_of(exc) or problems.InternalError())

    for kind in _ANSWERED:
        app.add_exception_handler(kind, on_exception)


def problem_of(exc: Exception) -> Problem | None:
    """None for a bug."""
    if isinstance(exc, RequestValidationError):
        return from_validation(exc.errors())
    if isinstance(exc, HTTPException):
        return from_status(exc.status_code, exc.headers)
    return exc if isinstance(exc, Problem) else None


def from_status(status: int, headers: Mapping[str, str] | None) -> Problem:
    """The problem for a status that the framework itself answered with."""
    kind = _BY_STATUS.get(status, problems.InternalError if is_server_error(status) else problems.BadRequest)
    problem = kind([]) if issubclass(kind, problems.Invalid) else kind()
    problem.headers |= dict(headers or {})
    return problem


def is_server_error(status: int) -> bool:
    return status // 100 == 5  # noqa: PLR2004 RFC 9110, 15.6


def from_validation(errors: Sequence[Any]) -> Problem:
    """The 422 (or 400 for a body that is no JSON) of what pydantic found, places named, values left out."""
    if any(error["type"] == "json_invalid" for error in errors):
        return problems.BadRequest("The body is not valid JSON.")
    return problems.Invalid([_place(error["loc"]) | {"detail": _detail(error)} for error in errors])


def _detail(error: Any) -> str:
    if error["type"] == "too_long" and isinstance(error.get("input"), str):
        # of text that was cleaned first pydantic counts "items after validation"
        return f"String should have at most {error['ctx']['max_length']} characters"
    detail: str = error["msg"].removeprefix("Value error, ")
    return detail


def _place(loc: Sequence[str | int]) -> dict[str, str]:
    part, *inside = loc or ("body",)
    if part == "body":
        return {"pointer": "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in inside)}
    return {"parameter": ".".join(map(str, inside))}
