"""What a vote is answered with."""

from pydantic import BaseModel


class Vote(BaseModel):
    """The comment's votes, and whether the caller's is among them."""

    votes: int
    voted: bool
