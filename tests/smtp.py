"""A mail server of the test's own, on the loopback: keeps what it takes, refuses what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

_SAYS = {"EHLO": "250 hello", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "QUIT": "221 bye"}


@dataclass
class MailServer:
    """`refusals` are answers by command; `END` is that after a mail's text."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=blog@blog.example"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def mails(self, to: str) -> list[EmailMessage]:
        return [_parsed(raw) for recipient, raw in self.taken if recipient == to]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = ""
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode():
            self.heard.append(line.strip())
            command = line[:4].upper()
            if command == "RCPT":
                recipient = line.split("<")[1].split(">")[0]
            answer = self.refusals.get(command) or _SAYS.get(command, "250 ok")
            writer.write(f"{answer}\r\n".encode())
            if answer.startswith("354"):
                text = await reader.readuntil(b"\r\n.\r\n")
                refusal = self.refusals.get("END")
                if refusal is None:
                    self.taken.append((recipient, text[:-3].replace(b"\r\n..", b"\r\n.")))
                writer.write(f"{refusal or '250 taken'}\r\n".encode())
        writer.close()


def _parsed(raw: bytes) -> EmailMessage:
    assert b"\n" not in raw.replace(b"\r\n", b""), "each line ends as SMTP has it"
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    server = MailServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
