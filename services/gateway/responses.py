"""The problem answers that routes declare, with an example each."""

from typing import Any

from pydantic import BaseModel, Field

from services.common import problems
from services.common.problem_handlers import MEDIA_TYPE
from services.common.problems import TYPE_PREFIX, Problem


class ProblemDetails(BaseModel):
    """RFC 9457. `errors` stands in 422 answers: where (`pointer` into the body or `parameter`) and what."""

    type: str = Field(examples=["urn:dateline:problem:not-found"])
    title: str
    status: int
    request_id: str
    detail: str | None = None
    errors: list[dict[str, str]] | None = None


def problem_responses(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`; 421 and 500 go with every route and are not repeated."""
    return {kind.status: _response(kind) for kind in kinds}


def _response(kind: type[Problem]) -> dict[str, Any]:
    example: dict[str, Any] = {
        "type": TYPE_PREFIX + kind.slug,
        "title": kind.title,
        "status": kind.status,
        "request_id": "5f0c2d8e9a1b3c4d",
    }
    if kind is problems.Invalid:
        example["errors"] = [{"pointer": "/title", "detail": "String should have at most 500 characters"}]
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": kind.title, "content": {MEDIA_TYPE: {"schema": schema, "example": example}}}


READ = problem_responses(problems.NotFound, problems.Invalid, problems.Unavailable)
LIST = problem_responses(problems.Invalid, problems.Unavailable)
WRITE = problem_responses(
    problems.BadRequest,
    problems.Unauthorized,
    problems.Forbidden,
    problems.RequestTimeout,
    problems.Conflict,
    problems.ContentTooLarge,
    problems.UnsupportedMediaType,
    problems.Invalid,
    problems.TooManyRequests,
    problems.Unavailable,
)
OWN_READ = READ | problem_responses(problems.Unauthorized, problems.Forbidden)
OWN_LIST = LIST | problem_responses(problems.Unauthorized, problems.Forbidden)
CHANGE = WRITE | problem_responses(problems.NotFound, problems.PreconditionFailed, problems.PreconditionRequired)
