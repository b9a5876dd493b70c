"""Content codings: which one a reader gets, and how it is made."""

import asyncio
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import brotli
import zstandard

IDENTITY: Final = "identity"
MIN_BYTES: Final = 512
"""What is smaller travels in one packet anyway."""
_GZIP: Final = 31
"""zlib's window with a gzip header; unlike gzip.compress it tells no time."""


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()


def _br(body: bytes) -> bytes:
    packed: bytes = brotli.compress(body, quality=5)
    return packed


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(body)


_PACKERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {"br": _br, "zstd": _zstd, "gzip": _gzip}
"""The best first."""


async def packed(coding: str, body: bytes) -> bytes:
    """Off the event loop: it takes as long as many answers."""
    return await asyncio.to_thread(_PACKERS[coding], body)


@lru_cache(maxsize=512)
def best_coding(accepted: bytes) -> str:
    """Of an `Accept-Encoding` (RFC 9110, 12.5.3); identity whenever nothing better is."""
    weights = dict(_weight(part) for part in accepted.decode("latin-1").lower().split(","))
    others = weights.get("*", 0.0)
    found = max(_PACKERS, key=lambda coding: weights.get(coding, others))
    return found if weights.get(found, others) > 0 else IDENTITY


def _weight(part: str) -> tuple[str, float]:
    coding, _, parameter = part.partition(";")
    name, _, value = parameter.partition("=")
    try:
        weight = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        weight = 0.0
    return coding.strip(), weight
