"""The proxy misbehaves as it says: otherwise what the gateway does about it would be tested against nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.faults.proxy import FAULTS, Fault, FaultProxy, fault_proxy

_SILENCE_S = 0.02


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, fault_proxy(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy


async def heard(proxy: FaultProxy, within_s: float = 5.0) -> bytes | None:
    """What comes first after a request, None for nothing in time; raises OSError."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        async with asyncio.timeout(within_s):
            return await reader.read(65536)
    except TimeoutError:
        return None
    finally:
        writer.transport.abort()


async def test_passes_everything_on_before_and_after(proxy: FaultProxy) -> None:
    for fault in (None, *FAULTS):
        await proxy.become(fault)
        await proxy.become(None)
        assert (await heard(proxy) or b"").startswith(b"HTTP/1.1 204"), fault


@pytest.mark.parametrize(("fault", "starts"), [("garbage", b"\x00\xff"), ("failing", b"HTTP/1.1 500"), ("slow", b"H")])
async def test_answers_nonsense(proxy: FaultProxy, fault: Fault, starts: bytes) -> None:
    await proxy.become(fault)
    assert (await heard(proxy) or b"").startswith(starts)


async def test_takes_a_connection_or_leaves_it_to_the_kernel_and_says_nothing(proxy: FaultProxy) -> None:
    await proxy.become("stopped")
    assert await heard(proxy, _SILENCE_S) is None
    assert proxy.connections == 0
    await proxy.become("silent")
    assert await heard(proxy, _SILENCE_S) is None
    assert proxy.connections > 0


async def test_takes_no_connection_or_breaks_it(proxy: FaultProxy) -> None:
    await proxy.become("killed")
    with pytest.raises(ConnectionRefusedError):
        await heard(proxy)
    await proxy.become("resetting")
    with pytest.raises(ConnectionResetError):
        await heard(proxy)


async def test_sends_without_an_end(proxy: FaultProxy) -> None:
    await proxy.become("huge")
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert len(await reader.readexactly(5_000_000)) == 5_000_000
    writer.transport.abort()


async def test_a_connection_that_is_open_stands_still_with_a_stopped_process(proxy: FaultProxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"GET /\r\n")
    assert await reader.readline() == b"HTTP/1.1 204 No Content\r\n"
    await proxy.become("stopped")
    writer.write(b"GET /\r\n")
    await reader.readline()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(_SILENCE_S):
            await reader.readline()
    writer.transport.abort()
