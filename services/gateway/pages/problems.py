"""Problems as pages, for browsers."""

from collections.abc import Mapping

from fastapi import Request, Response

from services.common.problem_handlers import NOT_STORED, ProblemPage
from services.common.problems import Problem
from services.common.request_id import current_request_id
from services.gateway.pages.renderer import Renderer


def problem_page(renderer: Renderer) -> ProblemPage:
    """A page where one is asked for; programs and everything below /api get JSON."""

    def page(request: Request, problem: Problem) -> Response | None:
        if request.url.path.startswith("/api/") or not wants_html(request.headers):
            return None
        members = problem.members()
        response = renderer.page(
            "problem.html",
            problem.status,
            blog=None,
            title=members["title"],
            detail=members.get("detail"),
            errors=members.get("errors", []),
            status=problem.status,
            request_id=current_request_id(),
        )
        response.headers.update(problem.headers | NOT_STORED)
        return response

    return page


def wants_html(headers: Mapping[str, str]) -> bool:
    """Whether the caller names HTML, as every browser does and programs do not."""
    return "text/html" in headers.get("accept", "")
