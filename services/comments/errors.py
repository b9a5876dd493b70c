"""What can be wrong with a request to the comments service."""

from services.common.problems import Conflict, Forbidden, Invalid, NotFound, TooManyRequests


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


class VotesOff(Conflict):
    def __init__(self) -> None:
        super().__init__("This blog takes no votes on comments.")


class TooManyVotes(TooManyRequests):
    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "There were too many votes from this network. Please try again later.", retry_after_s=retry_after_s
        )


class NameMissing(Invalid):
    def __init__(self) -> None:
        super().__init__([{"pointer": "/author_name", "detail": "This blog wants a name with each comment."}])


class TooManyComments(TooManyRequests):
    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "Too many comments came from your network, or under this article. Please try again later.",
            retry_after_s=retry_after_s,
        )


class NotYours(Forbidden):
    """Also for comments that there are not, which may not be told."""

    def __init__(self) -> None:
        super().__init__("This comment cannot be changed: the edit token is not its own, or its time is over.")


class ChangedMeanwhile(Conflict):
    def __init__(self) -> None:
        super().__init__("The comment was changed meanwhile. Please look at it again.")


class NotProven(Invalid):
    def __init__(self) -> None:
        super().__init__(
            [{"pointer": "/altcha", "detail": "This is no proof of work for this comment, or a late one."}]
        )


class SubscriptionNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This link is not whole, or too old: nothing is there to confirm or to end any more.")


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
