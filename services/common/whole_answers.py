"""Sends in one piece what is answered in one: a head that goes ahead is a packet more, for which its reader wakes."""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.header_lines import as_lines, header_of
from services.common.ready import SendReady, ready_of


class WholeAnswers:
    """Holds heads until the first piece of their body is there. What has more of them goes on as it comes.

    Goes before all that listens to answers, which are not told of what is sent from here. Who listens before it
    withdraws the server's extension, and may hold answers itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self._app(scope, receive, held(scope, send))


def held(scope: Scope, send: Send) -> Send:
    """What to send by instead."""
    send_ready = ready_of(scope)
    return send if send_ready is None or scope["method"] == "HEAD" else _Held(scope, send, send_ready).send


class _Held:
    """The head of one answer."""

    __slots__ = ("_head", "_scope", "_send", "_send_ready")

    def __init__(self, scope: Scope, send: Send, send_ready: SendReady) -> None:
        self._scope = scope
        self._send = send
        self._send_ready = send_ready
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            return
        head, self._head = self._head, None
        if head is not None:
            if self._is_sent_with(head, message):
                return
            await self._send(head)
        await self._send(message)

    def _is_sent_with(self, head: Message, message: Message) -> bool:
        """What ends its connection, or is not as long as it says, is the server's to deal with."""
        headers, body = head.get("headers", ()), message.get("body", b"")
        is_whole = not message.get("more_body", False) and header_of(headers, b"content-length") == b"%d" % len(body)
        if not is_whole or header_of(headers, b"connection"):
            return False
        return self._send_ready(self._scope, head["status"], as_lines(headers), body)
