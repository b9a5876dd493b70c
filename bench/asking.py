"""Asks one server for one page as fast as it answers, over many connections, from a core of its own."""

import os
import selectors
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONNECTIONS: Final = 32
_CHUNK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers a second, and microseconds of the server's processor each."""

    per_s: float
    cpu_us: float


def request_of(path: str, host: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer_to(port: int, request: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body as they were sent."""
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += link.recv(_CHUNK)
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
        length = int(dict(headers).get(b"content-length", b"0"))
        while len(body) < length:
            body += link.recv(_CHUNK)
    return int(first.split()[1]), headers, body


def rate_of(port: int, pid: int, request: bytes, seconds: float) -> Rate:
    """The end of an answer is known by its last bytes: to parse it would take longer than to make it."""
    status, _, body = answer_to(port, request)
    assert status in {200, 304}, status
    end = body[-32:] or b"\r\n\r\n"
    links = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    with selectors.DefaultSelector() as selector:
        for link in links:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(link, selectors.EVENT_READ)
        cpu, began = cpu_s(pid), time.perf_counter()
        for link in links:
            link.sendall(request)
        count = _count(selector, request, end, began + seconds)
        took, used = time.perf_counter() - began, cpu_s(pid) - cpu
    for link in links:
        link.close()
    return Rate(count / took, used / count * 1e6)


def _count(selector: selectors.BaseSelector, request: bytes, end: bytes, until: float) -> int:
    count = 0
    while time.perf_counter() < until:
        for key, _ in selector.select():
            link = key.fileobj
            assert isinstance(link, socket.socket)
            if link.recv(_CHUNK).endswith(end):
                count += 1
                link.send(request)
    return count


def cpu_s(pid: int) -> float:
    text = Path(f"/proc/{pid}/stat").read_text("ascii")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    line = next(line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
