"""What can be wrong with a request to the comments service."""

from services.common.problems import Conflict, Invalid, NotFound


class ParentNotFound(Invalid):
    def __init__(self) -> None:
        super().__init__([{"pointer": "/parent_id", "detail": "There is no such comment in this thread."}])


class InvalidBody(Invalid):
    def __init__(self, detail: str) -> None:
        super().__init__([{"pointer": "/body", "detail": detail}])


class ThreadNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no article with this id.")


class ThreadClosed(Conflict):
    def __init__(self) -> None:
        super().__init__("This article takes no more comments.")


class CommentNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no comment with this id.")


class InvalidBlock(Invalid):
    def __init__(self, detail: str) -> None:
        super().__init__([{"pointer": "/value", "detail": detail}])


class BlockExists(Conflict):
    def __init__(self) -> None:
        super().__init__("This is blocked already.")


class TooManyBlocks(Conflict):
    def __init__(self) -> None:
        super().__init__("There are 1,000 blocks, and no more are kept. Delete some that meet nothing.")


class BlockNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no block with this id.")
