"""Lets a write through only to the version that its writer has seen (RFC 9110, 13.1.1; RFC 6585, 3)."""

from services.common.problems import PreconditionFailed, PreconditionRequired
from services.posts.domain.etags import matches


def require_match(if_match: str | None, etag: str) -> None:
    """Raises PreconditionRequired without an If-Match header, PreconditionFailed when it names another version."""
    if if_match is None:
        raise PreconditionRequired("Send the ETag of the version that you have read as If-Match.")
    if not matches(if_match, etag):
        raise PreconditionFailed("It was changed since you read it: read it again and repeat your change.")
