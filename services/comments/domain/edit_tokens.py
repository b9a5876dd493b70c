"""What shows who wrote a comment, for as long as it may be changed."""

import hashlib
from functools import lru_cache


@lru_cache(maxsize=64)
def edit_token(comment_id: int, secret: str) -> str:
    """Made from the comment's id, so that a repeat of the request gets the same one; nothing of it is stored.

    A keyed hash is enough (RFC 7693, 2.9). It is asked for twice within a request: for its hash, and to be told.
    """
    key = hashlib.sha256(secret.encode()).digest()
    return hashlib.blake2b(f"comment {comment_id}".encode(), key=key, digest_size=32).hexdigest()


def token_hash(token: str) -> str:
    """What is stored: whoever reads the database can change nothing by it."""
    return hashlib.sha256(token.encode()).hexdigest()
