"""What every answer tells browsers not to do."""

from collections.abc import Awaitable, Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.header_lines import header_of

_CSP: Final = b"content-security-policy"
_DATA_CSP: Final = (_CSP, b"default-src 'none'; frame-ancestors 'none'; sandbox")
_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_NAMES: Final = frozenset(name for name, _ in _ALWAYS)


class SecurityHeaders:
    """Adds the headers; an answer that has its own Content-Security-Policy keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _guarded(message.get("headers", ()))
            await send(message)

        return self._app(scope, receive, send_guarded)


def _guarded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Names come in lower case, as ASGI has them."""
    own = [header for header in headers if header[0] not in _NAMES]
    policy = () if header_of(own, _CSP) else (_DATA_CSP,)
    return [*own, *_ALWAYS, *policy]


def page_csp(public_url: str, embed_hosts: str) -> str:
    """For pages. Images of old articles may be plain http: upgraded where the site itself is https."""
    secure = public_url.startswith("https:")
    frames = " ".join(f"https://{host}" for host in embed_hosts.split()) or "'none'"
    parts = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        f"img-src 'self' https:{'' if secure else ' http:'}",
        "connect-src 'self'",
        f"frame-src {frames}",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        *(["upgrade-insecure-requests"] if secure else []),
    ]
    return "; ".join(parts)


DOCS_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Swagger UI sets styles from its script."""
