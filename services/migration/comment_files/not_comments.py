"""The one error of all readers of comment systems' files."""

from services.common.mendable import MendableError


class NotACommentFile(MendableError, ValueError):  # noqa: N818 it says what the file is
    """The file is not of the format; the message says what was found instead."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"Expected {expected}, found {found}.")


class UnreadableError(ValueError):
    """A comment cannot become a record; the message is the reason."""
