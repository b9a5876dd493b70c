"""The stamp of a comment form: that it is ours, of this article, and how old it is."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Request
from itsdangerous import BadSignature, TimestampSigner
from itsdangerous.signer import SigningAlgorithm
from msgspec.structs import replace

from services.common.callers import Address
from services.gateway.pages.comment_form import CommentForm

TYPED_WITHIN: Final = timedelta(seconds=3)
"""Nobody fills in a form faster. Stamps know whole seconds."""
FRESH_FOR: Final = timedelta(hours=24)


class _Blake2(SigningAlgorithm):
    """A keyed hash, which is a signature by itself (RFC 7693, 2.9). Every page has one: an HMAC takes three times as
    long.
    """

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hashlib.blake2b(value, key=key, digest_size=20).digest()


class FormStamps:
    """Stamps are the same for everybody, so that pages can be kept for many readers."""

    def __init__(self, secret: str) -> None:
        key = TimestampSigner(secret, salt="comment form").derive_key()
        # the key would be derived for each stamp
        self._signer = TimestampSigner(key, key_derivation="none", algorithm=_Blake2())

    def stamp(self, article_id: str) -> str:
        return self._signer.sign(article_id).decode().removeprefix(article_id)

    def stamped(self, form: CommentForm, article_id: str) -> CommentForm:
        """The form with a stamp, unless it bears one already."""
        return form if form.stamp else replace(form, stamp=self.stamp(article_id))

    def sender(self, address: Address | None) -> str:
        """The same for the same address; nobody else can tell from it which."""
        return self._signer.get_signature(f"sender {address}").decode()

    def facts(self, article_id: str, stamp: str, trap: str) -> Sequence[str]:
        """What the comments service should know of a form: see its `FormFact`. `trap` is empty unless a program filled
        it in.
        """
        caught = ["trap"] if trap else []
        try:
            _, made_at = self._signer.unsign(f"{article_id}{stamp}", return_timestamp=True)
        except (BadSignature, UnicodeError):
            return [*caught, "stamp"]
        age = datetime.now(UTC) - made_at
        if age < TYPED_WITHIN:
            return [*caught, "fast"]
        return [*caught, "stale"] if age > FRESH_FOR else caught


async def _form_stamps(request: Request) -> FormStamps:
    stamps: FormStamps = request.state.form_stamps
    return stamps


FormStampsDep = Annotated[FormStamps, Depends(_form_stamps)]
