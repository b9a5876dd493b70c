"""What callers need for every operation that is not everybody's, by `METHOD /address`; one without a row fails."""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from services.posts.schemas.keys import Scope
from tests.security.things import PostState

Needed = Callable[[PostState], frozenset[str]]

SCOPES: Final[tuple[str, ...]] = get_args(Scope)
STATES: Final[tuple[PostState, ...]] = get_args(PostState)
PUBLISHERS: Final = frozenset({"live", "scheduled", "trashed live", "trashed scheduled"})
"""What readers see, now or by itself later, and what would be that out of the trash."""


def _always(*scopes: str) -> Needed:
    return lambda _state: frozenset(scopes)


def _change(state: PostState) -> frozenset[str]:
    """Whoever changes what is public, or brings it back, publishes."""
    return frozenset({"posts:write", "posts:publish"} if state in PUBLISHERS else {"posts:write"})


_PUBLISH: Final = _always("posts:write", "posts:publish")
_READ: Final = _always("posts:read-drafts")
NEEDED: Final[Mapping[str, Needed]] = {
    "POST /api/v1/posts": _PUBLISH,
    "GET /api/v1/posts": _READ,
    "GET /api/v1/posts/{post_id}": _READ,
    "PUT /api/v1/posts/{post_id}": _change,
    "PATCH /api/v1/posts/{post_id}": _change,
    "DELETE /api/v1/posts/{post_id}": _change,
    "PUT /api/v1/posts/{post_id}/related-links": _change,
    "GET /api/v1/posts/{post_id}/related-rules": _READ,
    "PUT /api/v1/posts/{post_id}/related-rules": _change,
    "POST /api/v1/posts/{post_id}/publish": _PUBLISH,
    "POST /api/v1/posts/{post_id}/revert": _change,
    "POST /api/v1/posts/{post_id}/trash": _change,
    "POST /api/v1/posts/{post_id}/restore": _change,
    "GET /api/v1/posts/{post_id}/revisions": _READ,
    "GET /api/v1/posts/{post_id}/revisions/{version}": _READ,
    "GET /api/v1/posts/{post_id}/revisions/{version}/diff": _READ,
    "POST /api/v1/posts/{post_id}/revisions/{version}/restore": _change,
    "PATCH /api/v1/labels/{label_id}": _PUBLISH,
    "DELETE /api/v1/labels/{label_id}": _PUBLISH,
    "POST /api/v1/labels/{label_id}/merge": _PUBLISH,
    "POST /api/v1/authors": _always("blog:write"),
    "PATCH /api/v1/authors/{author_id}": _always("blog:write"),
    "DELETE /api/v1/authors/{author_id}": _always("blog:write"),
    "PATCH /api/v1/blog": _always("blog:write"),
    "GET /api/v1/comments": _always("comments:moderate"),
    "POST /api/v1/comments/decisions": _always("comments:moderate"),
    "GET /api/v1/comments/{comment_id}/decisions": _always("comments:moderate"),
    "GET /api/v1/comments/blocks": _always("comments:moderate"),
    "POST /api/v1/comments/blocks": _always("comments:moderate"),
    "DELETE /api/v1/comments/blocks/{block_id}": _always("comments:moderate"),
    "POST /api/v1/keys": _always("keys:admin"),
    "POST /api/v1/import/blog": _always("import:run"),
    "POST /api/v1/import/posts": _always("import:run"),
    "POST /api/v1/import/find-posts": _always("import:run"),
    "POST /api/v1/import/comments": _always("import:run"),
    "POST /api/v1/comments/rebuild": _always("import:run"),
    "GET /api/v1/related/progress": _always("import:run"),
    "POST /api/v1/related/rebuild": _always("import:run"),
    "GET /api/v1/export/comments": _always("comments:moderate", "import:run"),
}
OPEN_TO_ALL: Final = {
    "POST /api/v1/articles/{article_id}/comments",
    "POST /articles/{article_id}/comments",
    "PATCH /api/v1/comments/{comment_id}",
    "DELETE /api/v1/comments/{comment_id}",
    "POST /api/v1/comments/{comment_id}/proof",
    "POST /comments/{comment_id}/edit",
    "POST /comments/{comment_id}/delete",
    "POST /comments/confirm",
    "POST /comments/unsubscribe",
    "PUT /api/v1/comments/{comment_id}/vote",
    "DELETE /api/v1/comments/{comment_id}/vote",
    "POST /comments/{comment_id}/vote",
    "GET /api/v1/articles/{article_id}/related",
    "GET /api/v1/labels",
    "GET /api/v1/authors",
    "GET /api/v1/authors/{author_id}",
}
"""What anybody may do; with a key some of it shows more."""
_IN_ANY_STATE: Final = {"DELETE /api/v1/posts/{post_id}", "POST /api/v1/posts/{post_id}/trash"}

PUBLISHING: Final[tuple[tuple[str, Any], ...]] = (
    ("POST /api/v1/posts", {"title": "T", "body_html": "b", "state": "live"}),
    ("POST /api/v1/posts", {"title": "T", "body_html": "b", "state": "live", "published": "2032-01-08T12:00:00Z"}),
    ("PUT /api/v1/posts/{post_id}", {"title": "T", "body_html": "b", "state": "live"}),
    ("PATCH /api/v1/posts/{post_id}", {"state": "live"}),
    ("PATCH /api/v1/posts/{post_id}", {"state": "live", "published": "2032-01-08T12:00:00Z"}),
)
"""Requests that make a draft public, now or later."""


def states_of(operation: str) -> tuple[PostState, ...]:
    """Those of the post that is named in the address; one of them where none is."""
    return STATES if "{post_id}" in operation else ("live",)


def is_conflict(operation: str, state: PostState) -> bool:
    """Whether even who may do it must first take the post out of the trash, or finds it not to be there."""
    if operation.startswith("GET") or operation in _IN_ANY_STATE or "{post_id}" not in operation:
        return False
    return state.startswith("trashed") is not operation.endswith("{post_id}/restore")
