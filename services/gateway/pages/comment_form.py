"""The comment form as it was filled in, and what was wrong with it."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace
from pydantic import ValidationError

from services.common.problem_handlers import from_validation
from services.common.problems import Invalid, Problem
from services.gateway.clients.models import ThreadOrder
from services.gateway.compose.asked import AskedThread
from services.gateway.errors import PassedOn
from services.gateway.schemas.comments import CommentPatch, NewComment

_FIELDS = {"/author_name": "Name", "/author_url": "Website", "/body": "Comment", "/email": "E-mail"}
_ORDERS: Final[Mapping[str, ThreadOrder]] = {"oldest": "oldest", "newest": "newest"}


class FieldError(Struct, frozen=True):
    """`anchor` is what the error summary links to."""

    anchor: str
    label: str
    detail: str


class CommentForm(Struct, frozen=True):
    author_name: str = ""
    author_url: str = ""
    body: str = ""
    parent_id: str = ""
    email: str = ""
    notify: bool = False
    once: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    stamp: str = ""
    trap: str = ""
    thread: AskedThread = field(default_factory=AskedThread)
    errors: list[FieldError] = field(default_factory=list)
    failure: str | None = None

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> "CommentForm":
        def text(name: str) -> str:
            value = fields.get(name)
            return value if isinstance(value, str) else ""

        return cls(
            author_name=text("author_name"),
            author_url=text("author_url"),
            body=text("body"),
            parent_id=text("parent_id"),
            email=text("email"),
            notify=bool(text("notify")),
            once=text("once"),
            stamp=text("stamp"),
            trap=text("subject"),
            thread=AskedThread(text("comments_cursor") or None, _ORDERS.get(text("comments_order"))),
        )

    def idempotency_key(self, sender: str) -> str | None:
        """Of one form, what the same sender filled in the same way is one comment: a double click, a page sent again.

        Others were given the same form, out of a cache: neither other words nor another sender's are a repeat.
        """
        if not self.once:
            return None
        filled_in = json.dumps(
            [sender, self.once, self.author_name, self.author_url, self.body, self.parent_id, self.email, self.notify]
        )
        return f"form-{hashlib.sha256(filled_in.encode()).hexdigest()}"

    def comment(self) -> NewComment:
        """Raises Invalid. Fields left empty were not filled in."""
        names = ("author_name", "author_url", "parent_id", "email")
        given = {name: value for name in names if (value := getattr(self, name)).strip()}
        try:
            return NewComment(body=self.body, notify=self.notify, **given)
        except ValidationError as exc:
            raise from_validation([{**error, "loc": ("body", *error["loc"])} for error in exc.errors()]) from exc

    def patch(self) -> CommentPatch:
        """Raises Invalid. A name or an address that was emptied is taken back."""
        named = {"author_name": self.author_name, "author_url": self.author_url}
        try:
            return CommentPatch(body=self.body, **{name: value.strip() or None for name, value in named.items()})
        except ValidationError as exc:
            raise from_validation([{**error, "loc": ("body", *error["loc"])} for error in exc.errors()]) from exc

    def refused(self, problem: Problem) -> "CommentForm":
        """The same form with what was wrong, for the page that asks again."""
        found = problem.errors if isinstance(problem, PassedOn) else []
        if isinstance(problem, Invalid):
            found = problem.extensions["errors"]
        errors = [_field_error(error) for error in found]
        failure = None if errors else problem.detail or problem.title
        # a parent that was refused is not sent again
        parent_id = "" if any(error.get("pointer") == "/parent_id" for error in found) else self.parent_id
        return replace(self, parent_id=parent_id, errors=errors, failure=failure)

    def wrong(self, name: str) -> bool:
        return any(error.anchor == f"field-{name}" for error in self.errors)


def _field_error(error: Mapping[str, str]) -> FieldError:
    pointer = error.get("pointer", "")
    if pointer not in _FIELDS:
        return FieldError("comment-form", "Reply", error["detail"])
    return FieldError(f"field-{pointer.removeprefix('/')}", _FIELDS[pointer], error["detail"])
