"""What can be wrong with a request to the comments service."""

from services.common.problems import Conflict, Invalid, NotFound


class ParentNotFound(Invalid):
    def __init__(self) -> None:
        super().__init__([{"pointer": "/parent_id", "detail": "There is no such comment in this thread."}])


class InvalidBody(Invalid):
    def __init__(self, detail: str) -> None:
        super().__init__([{"pointer": "/body", "detail": detail}])


class EmailNeeded(Invalid):
    def __init__(self) -> None:
        super().__init__([{"pointer": "/email", "detail": "An address is needed to tell of replies."}])


class ThreadNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no article with this id.")


class ThreadClosed(Conflict):
    def __init__(self) -> None:
        super().__init__("This article takes no more comments.")


class CommentNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no comment with this id.")


class SubscriptionNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This link is not whole, or too old: nothing is there to confirm or to end any more.")
