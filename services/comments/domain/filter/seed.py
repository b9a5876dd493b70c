"""The weights that Dateline ships with: a whole number for each bucket, and what one of them is worth in log-odds.

The file: a header of a magic word, a mark of the features that the weights are for, and the unit, all little-endian;
then the weights as 16-bit numbers, compressed.
"""

import struct
import sys
from array import array
from functools import cache
from importlib.resources import files
from typing import Final
from zlib import compress, crc32, decompressobj

from msgspec import Struct

from services.comments.domain.filter.example import Example
from services.comments.domain.filter.features import BUCKETS, blocks_of

FILE: Final = "seed.bin"
_MAGIC: Final = b"DLCF1\n"
_HEADER: Final = struct.Struct("<6sId")
_LARGEST: Final = 2**15 - 1


class WrongSeedError(ValueError):
    """A file that is not a seed, or that was made for other features."""


class Seed(Struct, frozen=True):
    """`unit` is the log-odds that a weight of 1 stands for."""

    weights: "array[int]"
    unit: float


@cache
def shipped_seed() -> Seed:
    """Read once a process, when the first comment is judged; takes a few milliseconds."""
    return read_seed((files(__package__) / FILE).read_bytes())


def read_seed(data: bytes) -> Seed:
    """Raises WrongSeedError."""
    if len(data) < _HEADER.size:
        raise WrongSeedError("the seed is cut off")
    magic, mark, unit = _HEADER.unpack_from(data)
    if magic != _MAGIC or mark != _features_mark():
        raise WrongSeedError("the seed is of another version, train it anew")
    weights: array[int] = array("h")
    raw = decompressobj().decompress(data[_HEADER.size :], BUCKETS * weights.itemsize)
    if len(raw) != BUCKETS * weights.itemsize:
        raise WrongSeedError("the seed is cut off")
    weights.frombytes(raw)
    return Seed(_little_endian(weights), unit)


def seed_file(weights: list[float]) -> bytes:
    """The log-odds of each bucket as a file; the largest sets the unit."""
    unit = max(map(abs, weights)) / _LARGEST or 1.0
    numbers = array("h", [round(weight / unit) for weight in weights])
    return _HEADER.pack(_MAGIC, _features_mark(), unit) + compress(_little_endian(numbers).tobytes(), 9)


def _features_mark() -> int:
    """Another one when features, their values or their buckets have changed: old weights would then say nothing."""
    probe = Example(
        "Hey GUYS!! visit my new blog at http://www.a.example/b, it is great… $5", "Ann B", "https://c.example"
    )
    return crc32(repr([(block, block.buckets()) for block in blocks_of(probe)]).encode(), BUCKETS)


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
