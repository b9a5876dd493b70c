"""What can be wrong with a request to the posts service."""

from services.common.problems import Conflict, Invalid, NotFound


class PostNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("No live post or page is at this address.")


class PathInUse(Conflict):
    def __init__(self) -> None:
        super().__init__("This path belongs, or belonged, to another post.", pointer="/path")


class InvalidBody(Invalid):
    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__([{"pointer": pointer, "detail": detail}])
