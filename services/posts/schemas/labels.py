"""Labels as they are read, renamed and merged."""

from services.common.ids import Id, IdOut
from services.common.models import Input, Output
from services.posts.schemas.common import Label


class LabelOut(Output):
    id: IdOut
    name: str
    live_count: int


class LabelsOut(Output):
    items: list[LabelOut]
    next_cursor: str | None


class LabelPatch(Input):
    name: Label


class LabelMerge(Input):
    """The label that posts get instead."""

    into: Id
