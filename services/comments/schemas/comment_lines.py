"""Comments as lines of JSON, in the format that docs/comments.md describes and an export has."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from pydantic import BeforeValidator, ValidationError

from services.comments.domain.bodies import BodyFormat
from services.comments.domain.store import State
from services.comments.schemas.imports import ImportedComment, SourceId
from services.common.ids import Id
from services.common.instants import InstantIn
from services.common.lines import lines_of
from services.common.models import Input
from services.common.problem_handlers import from_validation
from services.common.problems import BadRequest, Invalid

MAX_LINES: Final = 1000
"""As many as a page of an export has."""
_LineId = Annotated[SourceId, BeforeValidator(lambda given: str(given) if type(given) is int else given)]


class CommentLine(Input):
    """`post_path` is for those who look posts up; here `post_id` counts."""

    id: _LineId
    post_id: Id
    post_path: str | None = None
    parent_id: _LineId | None = None
    state: State = "live"
    author_name: str | None = None
    author_url: str | None = None
    body: str = ""
    body_format: BodyFormat = "text"
    published: InstantIn
    edited: InstantIn | None = None
    has_place: bool = True

    def imported(self) -> ImportedComment:
        members = self.model_dump(exclude={"id", "parent_id", "post_path"})
        return ImportedComment.model_construct(**members, source_id=self.id, parent_source_id=self.parent_id)


async def read_comment_lines(body: AsyncIterator[bytes]) -> list[ImportedComment]:
    """Raises Invalid and BadRequest for the first line that is wrong, Invalid for too many."""
    found: list[ImportedComment] = []
    async for line in lines_of(body):
        if not line.strip():
            continue
        if len(found) == MAX_LINES:
            raise Invalid([{"pointer": "", "detail": f"At most {MAX_LINES} lines are taken at once."}])
        found.append(_comment(line, len(found)))
    return found


def _comment(line: bytes, number: int) -> ImportedComment:
    try:
        return CommentLine.model_validate_json(line).imported()
    except ValidationError as exc:
        if any(error["type"] == "json_invalid" for error in exc.errors()):
            raise BadRequest(f"Line {number + 1} is not valid JSON.") from exc
        raise from_validation([{**error, "loc": ("body", number, *error["loc"])} for error in exc.errors()]) from exc
