"""What can be wrong with a request to the comments service."""

from services.common.problems import Invalid


class ParentNotFound(Invalid):
    def __init__(self) -> None:
        super().__init__([{"pointer": "/parent_id", "detail": "There is no such comment in this thread."}])


class InvalidBody(Invalid):
    def __init__(self, detail: str) -> None:
        super().__init__([{"pointer": "/body", "detail": detail}])
