"""Errors as RFC 9457 problems, without HTTP machinery.

Problem
 ├─ BadRequest (400)      ├─ Unauthorized (401)     ├─ Forbidden (403)
 ├─ NotFound (404)        ├─ MethodNotAllowed (405) ├─ RequestTimeout (408)
 ├─ Conflict (409)        ├─ PreconditionFailed (412)
 ├─ ContentTooLarge (413) ├─ UnsupportedMediaType (415)
 ├─ Misdirected (421)     ├─ Invalid (422)          ├─ PreconditionRequired (428)
 ├─ TooManyRequests (429) ├─ InternalError (500)    └─ Unavailable (503)
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

TYPE_PREFIX = "urn:dateline:problem:"


class Problem(Exception):  # noqa: N818 RFC 9457 calls it a problem
    """An error answer. `detail` is for people and never repeats what was sent; `extensions` are further members."""

    slug: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]

    def __init__(
        self, detail: str | None = None, *, headers: Mapping[str, str] | None = None, **extensions: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = dict(headers or {})
        self.extensions = extensions

    def members(self) -> dict[str, Any]:
        """The members of the problem object, without the request id."""
        detail = {} if self.detail is None else {"detail": self.detail}
        return {
            "type": TYPE_PREFIX + self.slug,
            "title": self.title,
            "status": self.status,
            **detail,
            **self.extensions,
        }


class BadRequest(Problem):
    slug, title, status = "bad-request", "The request cannot be understood", 400


class Unauthorized(Problem):
    slug, title, status = "unauthorized", "A valid API key is needed", 401

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    slug, title, status = "forbidden", "This is not allowed", 403


class NotFound(Problem):
    slug, title, status = "not-found", "There is nothing here", 404


class MethodNotAllowed(Problem):
    slug, title, status = "method-not-allowed", "This address does not take that method", 405


class RequestTimeout(Problem):
    slug, title, status = "request-timeout", "The request took too long to arrive", 408


class Conflict(Problem):
    slug, title, status = "conflict", "This conflicts with what is there", 409


class PreconditionFailed(Problem):
    slug, title, status = "precondition-failed", "The thing was changed meanwhile", 412


class ContentTooLarge(Problem):
    slug, title, status = "content-too-large", "The request body is too large", 413


class UnsupportedMediaType(Problem):
    slug, title, status = "unsupported-media-type", "This kind of body is not taken here", 415


class Misdirected(Problem):
    slug, title, status = "misdirected-request", "This host name is not served here", 421


class Invalid(Problem):
    """`errors` says what is wrong where: a JSON Pointer (RFC 6901) into the body, or the name of a parameter."""

    slug, title, status = "invalid", "The request is well formed but some of it is not valid", 422

    def __init__(self, errors: Sequence[Mapping[str, str]], detail: str | None = None) -> None:
        super().__init__(detail, errors=list(errors))


class PreconditionRequired(Problem):
    slug, title, status = "precondition-required", "The request must say which version it changes", 428


class TooManyRequests(Problem):
    """`retry_after_s`: in so many seconds one more is taken."""

    slug, title, status = "too-many-requests", "That is too much for the time being", 429

    def __init__(self, detail: str | None = None, *, retry_after_s: int = 60) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})


class InternalError(Problem):
    slug, title, status = "internal-error", "Something went wrong here", 500


class Unavailable(Problem):
    slug, title, status = "unavailable", "This is not available at the moment", 503

    def __init__(self, detail: str | None = None, *, retry_after_s: int = 5) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})


def family() -> list[type[Problem]]:
    """Every problem class, by status."""
    return sorted(Problem.__subclasses__(), key=lambda problem: problem.status)
