"""The operator's own key: whoever can read the secrets folder may do everything."""

import hmac
from pathlib import Path
from typing import Final, get_args

from services.common.callers import Principal
from services.common.secret_files import load_or_create_secret
from services.gateway.schemas.keys import Scope

_PREFIX: Final = "dl_operator_"
OPERATOR: Final = Principal(
    "operator",
    frozenset(get_args(Scope)),
)


def operator_key(secrets_folder: Path) -> str:
    """The key in words that a request can carry; it never leaves the machine on its own."""
    return _PREFIX + load_or_create_secret(secrets_folder, "operator")


def is_operator_key(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
