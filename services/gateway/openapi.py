"""The OpenAPI description: what holds for every route, and the problem schema that routes refer to."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.gateway.responses import ProblemDetails

_DESCRIPTION: Final = """\
Articles with their comments and related links, as whole pages.

Ids are decimal strings. Times are UTC (RFC 3339). Lists give `next_cursor`, some `previous_cursor` as well; pass one
back as `cursor`, unchanged, with the same filters. What can be changed has an `ETag`: send it back as `If-Match`.
Every error is `application/problem+json` (RFC 9457) with a `request_id`; an unknown host name is answered 421.
"""
_TAGS: Final = [
    {"name": "articles", "description": "Composed article pages and lists."},
    {"name": "comments", "description": "Threads, and comments of anonymous readers."},
    {"name": "moderation", "description": "Which comments are shown, with an API key."},
    {"name": "posts", "description": "Writing, with an API key."},
    {"name": "labels", "description": "What articles are about."},
    {"name": "authors", "description": "Whose names stand under articles."},
    {"name": "blog", "description": "The blog's settings and archive."},
    {"name": "import", "description": "Content of another system, with an API key."},
    {"name": "export", "description": "Content for a file, with an API key."},
    {"name": "keys", "description": "API keys."},
    {"name": "pages", "description": "The same as HTML, for readers."},
    {"name": "feeds", "description": "Atom feeds, for feed readers."},
    {"name": "health", "description": "For operators and load balancers."},
]


_OPEN_TO_ALL: Final = (
    ("/api/v1/articles/{article_id}/comments", "post"),
    ("/api/v1/comments/{comment_id}", "patch"),
    ("/api/v1/comments/{comment_id}/vote", "put"),
    ("/api/v1/comments/{comment_id}/vote", "delete"),
    ("/api/v1/articles/{article_id}/related", "get"),
    ("/api/v1/labels", "get"),
    ("/api/v1/authors", "get"),
    ("/api/v1/authors/{author_id}", "get"),
)
"""What takes a key but needs none."""


def describe(app: FastAPI) -> None:
    """Makes `/openapi.json` once, when it is first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _schema(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _schema(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes, tags=_TAGS)
    schemas: dict[str, Any] = schema["components"]["schemas"]
    schemas["ProblemDetails"] = ProblemDetails.model_json_schema()
    for path, method in _OPEN_TO_ALL:
        schema["paths"][path][method]["security"].insert(0, {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return schema
