"""Earlier wordings of a post."""

from datetime import datetime

from pydantic import BaseModel

from services.gateway.schemas.common import BodyFormat
from services.gateway.schemas.posts import Link


class Revision(BaseModel):
    """`version` is the post's while these were its words; `written_by` who wrote them (`key:ID`), null if imported."""

    version: int
    title: str
    written_by: str | None
    written: datetime


class RevisionList(BaseModel):
    items: list[Revision]
    next_cursor: str | None


class WholeRevision(Revision):
    body_source: str
    body_format: BodyFormat
    labels: list[str]
    related_links: list[Link]


class Comparison(BaseModel):
    """`diff` is a unified diff of title, labels, links and the body's source; empty when both say the same."""

    from_version: int
    to_version: int
    diff: str
