"""Makes a foreign comment ready to store, outside the transaction because rendering takes time."""

from collections.abc import Mapping
from typing import Final

from services.comments.domain.bodies import BodyFormat, render_body
from services.comments.domain.imported import PreparedComment, Refused, foreign_name, foreign_website
from services.comments.schemas.imports import ImportedComment
from services.common.html import UncleanableError
from services.common.text import drop_unstorable

_MAX_CHARS: Final[Mapping[BodyFormat, int]] = {"html": 100_000, "text": 20_000}
"""Far above what any system lets a commenter write; it bounds what one comment costs to render and clean."""


def prepare_comment(comment: ImportedComment) -> PreparedComment | Refused:
    source = drop_unstorable(comment.body)
    most = _MAX_CHARS[comment.body_format]
    if len(source) > most:
        return Refused(comment.source_id, f"it is longer than {most} characters")
    try:
        body = render_body(source, comment.body_format)
    except UncleanableError as exc:
        return Refused(comment.source_id, str(exc))
    notes: list[str] = []
    return PreparedComment(
        source_id=comment.source_id,
        post_id=int(comment.post_id),
        parent_source_id=comment.parent_source_id,
        state=comment.state,
        author_name=foreign_name(comment.author_name),
        author_url=foreign_website(comment.author_url, notes),
        body=body,
        body_source=source,
        body_format=comment.body_format,
        published_at=comment.published,
        edited_at=comment.edited,
        has_place=comment.has_place,
        notes=tuple(notes),
    )
