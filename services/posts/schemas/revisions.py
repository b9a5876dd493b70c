"""Earlier wordings of a post."""

from datetime import datetime

from services.common.models import Output
from services.posts.domain.bodies import BodyFormat
from services.posts.schemas.posts import LinkOut


class RevisionOut(Output):
    """`version` is the post's while these were its words; `written_by` the principal who wrote them, if known."""

    version: int
    title: str
    written_by: str | None
    written: datetime


class RevisionsOut(Output):
    items: list[RevisionOut]
    next_cursor: str | None


class WholeRevisionOut(RevisionOut):
    body_source: str
    body_format: BodyFormat
    labels: list[str]
    related_links: list[LinkOut]


class DiffOut(Output):
    """A unified diff of all that revisions keep, as text; empty when both say the same."""

    from_version: int
    to_version: int
    diff: str
