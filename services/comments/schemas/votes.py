"""What a vote is answered with."""

from services.common.ids import IdOut
from services.common.models import Output


class VoteOut(Output):
    """The comment's votes, and whether the one who asked is among them."""

    votes: int
    voted: bool


class PostOfCommentOut(Output):
    post_id: IdOut
