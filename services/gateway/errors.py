"""What can go wrong in the gateway itself."""

from collections.abc import Mapping
from typing import Any

from services.common.problems import Invalid, NotFound, Problem, Unavailable


class ServiceDown(Exception):  # noqa: N818 a state, not a mistake
    """An upstream service did not give an answer that can be used. `is_worth_another`: the next try may get one."""

    def __init__(self, service: str, *, is_worth_another: bool = False) -> None:
        super().__init__(f"{service} does not answer")
        self.service = service
        self.is_worth_another = is_worth_another


class PostsUnavailable(Unavailable):
    def __init__(self) -> None:
        super().__init__("Articles are not available at the moment. Please try again in a few seconds.")


class CommentNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no comment with this id.")


class CommentsUnavailable(Unavailable):
    def __init__(self) -> None:
        super().__init__("Comments are not available at the moment. Please try again in a few seconds.")


class InvalidCommentsCursor(Invalid):
    def __init__(self, parameter: str = "comments_cursor") -> None:
        super().__init__([{"parameter": parameter, "detail": "Not a place in a thread: pass on what was given."}])


UNAVAILABLE: Mapping[str, type[Unavailable]] = {"posts": PostsUnavailable, "comments": CommentsUnavailable}


class PassedOn(Problem):
    """A problem that the owning service found, told to the caller in its own words."""

    slug, title, status = "passed-on", "", 0

    def __init__(self, status: int, members: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(members.get("detail"), headers=headers)
        self.status = status  # type: ignore[misc]  # this one's class is decided by the owner
        self._members = {name: value for name, value in members.items() if name != "request_id"}

    @property
    def errors(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self._members.get("errors", [])
        return found

    def members(self) -> dict[str, Any]:
        return self._members
