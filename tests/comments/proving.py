"""Solves challenges, as a commenter's browser does."""

import base64
import json
from datetime import datetime
from typing import Any

from altcha.v1 import create_challenge, solve_challenge

from services.common.secret_files import load_or_create_secret
from tests.apps import apps
from tests.stack import PUBLIC_URL


def solved(challenge: dict[str, Any]) -> str:
    """What is sent for a challenge that an answer had."""
    found = solve_challenge(challenge["challenge"], challenge["salt"], "SHA-256", challenge["maxNumber"])
    assert found is not None
    return _payload(challenge, found.number)


def easy_proof(comment_id: str, version: int, expires: datetime) -> str:
    """Made with the service's own secret, so that nothing has to be looked for."""
    made = create_challenge(
        algorithm="SHA-256",
        max_number=100,
        salt_length=12,
        hmac_key=load_or_create_secret(apps(PUBLIC_URL).secrets, "comment-tokens"),
        salt="",
        number=7,
        expires=expires,
        params={"comment": comment_id, "version": str(version)},
    )
    return _payload(made.to_dict(), 7)


def _payload(challenge: dict[str, Any], number: int) -> str:
    told = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps(told | {"number": number}).encode()).decode()
