"""Cuts a body into its lines as it comes."""

from collections.abc import AsyncIterator


async def lines_of(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Without their line feeds. No more is held than a line and the piece that it came in."""
    pieces: list[bytes] = []
    async for piece in body:
        *ended, rest = piece.split(b"\n")
        for line in ended:
            yield b"".join([*pieces, line])
            pieces.clear()
        pieces.append(rest)
    yield b"".join(pieces)
