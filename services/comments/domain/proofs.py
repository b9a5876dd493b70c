"""Proofs of work by the ALTCHA protocol: they show a comment that the filter is in doubt about."""

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs

from altcha.v1 import Payload, create_challenge, verify_solution
from msgspec import Struct

ASKED_WITHIN: Final = timedelta(hours=1)
MAX_NUMBER: Final = 100_000
"""Hashes to try at most: a second or two in a browser."""
MAX_CHARS: Final = 2000
_TEXTS: Final = ("algorithm", "challenge", "salt", "signature")


class Challenge(Struct, frozen=True):
    """What ALTCHA's clients are given: find the number up to `max_number` whose hash behind `salt` is `challenge`."""

    algorithm: str
    challenge: str
    max_number: int
    salt: str
    signature: str


class Proofs(Struct, frozen=True):
    """Each is of one version of one comment, so that a second use of it does nothing new."""

    secret: str

    def challenge(self, comment_id: int, version: int, now: datetime) -> Challenge:
        made = create_challenge(
            algorithm="SHA-256",
            max_number=MAX_NUMBER,
            salt_length=12,
            hmac_key=self.secret,
            salt="",
            number=None,
            expires=now + ASKED_WITHIN,
            params={"comment": str(comment_id), "version": str(version)},
        )
        return Challenge(made.algorithm, made.challenge, made.max_number, made.salt, made.signature)

    def proven(self, payload: str, now: datetime) -> tuple[int, int] | None:
        """The comment's id and version, None for what is no proof in time. `payload` is base64 of JSON."""
        solution = _solution(payload)
        if solution is None or not verify_solution(solution, self.secret, check_expires=False)[0]:
            return None
        params = parse_qs(solution.salt.partition("?")[2])
        if datetime.fromtimestamp(int(params["expires"][0]), UTC) < now:
            return None
        return int(params["comment"][0]), int(params["version"][0])


def _solution(payload: str) -> Payload | None:
    """Of members that have the types that the library expects."""
    try:
        given = json.loads(base64.b64decode(payload[:MAX_CHARS], validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(given, dict) or not all(_is_text(given.get(name)) for name in _TEXTS):
        return None
    number = given.get("number")
    if given["algorithm"] != "SHA-256" or type(number) is not int or not 0 <= number <= MAX_NUMBER:
        return None
    return Payload("SHA-256", given["challenge"], number, given["salt"], given["signature"])


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isascii()
