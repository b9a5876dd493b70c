"""What shows who wrote a comment, for as long as it may be changed."""

import hashlib
import hmac
from functools import lru_cache


@lru_cache(maxsize=64)
def edit_token(comment_id: int, secret: str) -> str:
    """Made from the comment's id, so that a repeat of the request gets the same one; nothing of it is stored.

    It is asked for twice within a request: for its hash, and to be told.
    """
    return hmac.digest(secret.encode(), f"comment {comment_id}".encode(), "sha256").hex()


def token_hash(token: str) -> str:
    """What is stored: whoever reads the database can change nothing by it."""
    return hashlib.sha256(token.encode()).hexdigest()
