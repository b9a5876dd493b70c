"""Problems as pages, for browsers."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from fastapi import Request, Response

from services.common.problem_handlers import NOT_STORED, ProblemPage
from services.common.problems import Problem
from services.common.request_id import current_request_id
from services.gateway.pages.renderer import Renderer

_THIS: Final = "[id of this request]"
"""Stands in rendered pages, in the one place where nothing that was sent can stand."""


def problem_page(renderer: Renderer) -> ProblemPage:
    """A page where one is asked for; programs and everything below /api get JSON."""

    def html(title: str, detail: str | None, status: int, errors: Sequence[Mapping[str, str]] = ()) -> str:
        return renderer.html(
            "problem.html", blog=None, title=title, detail=detail, errors=errors, status=status, request_id=_THIS
        )

    # who is refused because there is too much to do must not cost what a page costs
    known = lru_cache(maxsize=64)(html)

    def page(request: Request, problem: Problem) -> Response | None:
        if request.scope["path"].startswith("/api/") or not wants_html(request.headers):
            return None
        members = problem.members()
        title, detail, errors = members["title"], members.get("detail"), members.get("errors")
        found = html(title, detail, problem.status, errors) if errors else known(title, detail, problem.status)
        text = found.replace(_THIS, current_request_id())
        return renderer.answer(text, problem.status, problem.headers | NOT_STORED)

    return page


def wants_html(headers: Mapping[str, str]) -> bool:
    """Whether the caller names HTML, as every browser does and programs do not."""
    return "text/html" in headers.get("accept", "")
