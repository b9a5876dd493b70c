"""An extension of ASGI by which a whole answer is sent at once, in bytes that were made before."""

from collections.abc import Callable
from typing import Any, Final

from starlette.types import Scope

_NAME: Final = "dateline.ready"
SendReady = Callable[[Any, int, bytes, bytes], bool]
"""Takes the scope, a status, lines of headers, each ended by CRLF, and a body; false if it has to be sent in the
ordinary way.
"""


def offer_ready(scope: Any, send_ready: SendReady) -> None:
    scope["extensions"] = {_NAME: send_ready}


def withdraw_ready(scope: Scope) -> None:
    """For who has to see the answer on its way."""
    if extensions := scope.get("extensions"):
        extensions.pop(_NAME, None)


def ready_of(scope: Scope) -> SendReady | None:
    """None where the server knows of no such thing."""
    extensions = scope.get("extensions")
    send_ready: SendReady | None = extensions.get(_NAME) if extensions else None
    return send_ready
