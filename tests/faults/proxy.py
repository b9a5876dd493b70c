"""A TCP proxy that stands before a service and misbehaves as it is told."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, Literal

Fault = Literal["killed", "stopped", "silent", "resetting", "garbage", "failing", "slow", "huge"]
FAULTS: Final[tuple[Fault, ...]] = (
    "killed",
    "stopped",
    "silent",
    "resetting",
    "garbage",
    "failing",
    "slow",
    "huge",
)
"""Killed: nothing listens. Stopped, as by SIGSTOP: the kernel takes connections, nobody reads them. Silent: what is
sent is read and never answered. Huge: a body without an end. Slow: an answer of a byte every tenth of a second.
"""
_FREEZING: Final = frozenset({"stopped", "silent"})
_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_RESET: Final = struct.pack("ii", 1, 0)
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class FaultProxy:
    """`connections` counts those that were taken."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listening = self._listen(0)
        self.port: int = self._listening.getsockname()[1]
        self.connections = 0
        self._fault: Fault | None = None
        self._moving = asyncio.Event()
        self._moving.set()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._listening, self._accept)
        self._open: set[asyncio.Task[None]] = set()

    async def become(self, fault: Fault | None) -> None:
        """From now on misbehaves so; None: passes everything on. What is open freezes with a process that stops and
        breaks otherwise.
        """
        self._fault = fault
        if fault in _FREEZING:
            self._moving.clear()
        else:
            self._moving.set()
            await self._break_off()
        if self._listening.fileno() != -1:
            self._loop.remove_reader(self._listening)
        if fault == "killed":
            self._listening.close()
        elif self._listening.fileno() == -1:
            self._listening = self._listen(self.port)
        if fault not in {"killed", "stopped"}:
            self._loop.add_reader(self._listening, self._accept)

    async def close(self) -> None:
        await self.become("killed")

    def _listen(self, port: int) -> socket.socket:
        listening = socket.create_server(("127.0.0.1", port), backlog=1024)
        listening.setblocking(False)
        return listening

    def _accept(self) -> None:
        connection, _ = self._listening.accept()
        connection.setblocking(False)
        self.connections += 1
        task = asyncio.create_task(self._answer(connection))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        task.add_done_callback(lambda _: connection.close())  # if the task never ran

    async def _answer(self, connection: socket.socket) -> None:
        fault = self._fault
        if fault == "resetting":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            connection.close()
            return
        reader, writer = await asyncio.open_connection(sock=connection)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                if fault is None:
                    await self._pass_on(reader, writer)
                elif fault == "silent":
                    await _swallow(reader)
                else:
                    await reader.readuntil(b"\r\n\r\n")
                    await _ANSWERS[fault](reader, writer)
        finally:
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, sink = await asyncio.open_connection("127.0.0.1", self._target_port)
        ways = {asyncio.create_task(self._pump(reader, sink)), asyncio.create_task(self._pump(upstream, writer))}
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sink.transport.abort()  # first: what breaks it off may come while it waits
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(65536):
                await self._moving.wait()
                sink.write(chunk)
                await sink.drain()

    async def _break_off(self) -> None:
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open)


async def _swallow(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass


async def _garbage(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff\x16\x03 220 mail.example ESMTP\r\n\r\n{{{")
    await writer.drain()


async def _failing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops")
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")


async def _slow(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for byte in _HEAD + b'Content-Length: 1000\r\n\r\n{"' + b" " * 998:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


async def _huge(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_HEAD + b'\r\n{"items": [')
    while True:
        writer.write(b'{"id": "1"}, ' * 5_000)
        await writer.drain()


_ANSWERS: Final[dict[str, Answer]] = {"garbage": _garbage, "failing": _failing, "slow": _slow, "huge": _huge}


@asynccontextmanager
async def fault_proxy(target_port: int) -> AsyncIterator[FaultProxy]:
    proxy = FaultProxy(target_port)
    try:
        yield proxy
    finally:
        await proxy.close()
