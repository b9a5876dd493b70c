"""The seed's file: small, the same everywhere, refused when it does not belong to the code."""

import os
import subprocess
import sys
from importlib.resources import files
from zlib import crc32

import pytest

from services.comments.domain import filter as package
from services.comments.domain.filter.example import Example
from services.comments.domain.filter.features import BUCKETS, blocks_of
from services.comments.domain.filter.seed import FILE, WrongSeedError, read_seed, seed_file, shipped_seed
from tests.comments.test_filter_properties import HOSTILE
from tests.comments.test_filter_scores import HAM, SPAM

MAX_BYTES = 2_000_000


def shipped() -> bytes:
    return (files(package) / FILE).read_bytes()


def test_shipped_seed_is_small_and_read_once() -> None:
    assert len(shipped()) < MAX_BYTES
    assert len(shipped_seed().weights) == BUCKETS
    assert shipped_seed() is shipped_seed()


def test_weights_come_back_as_they_were_written() -> None:
    weights = [0.0] * BUCKETS
    weights[3], weights[-1] = 2.0, -0.5
    seed = read_seed(seed_file(weights))
    assert seed.weights[3] * seed.unit == pytest.approx(2.0)
    assert seed.weights[-1] * seed.unit == pytest.approx(-0.5, abs=1e-4)
    assert sum(map(bool, seed.weights)) == 2


def test_seed_of_zeros_can_be_written() -> None:
    assert not any(read_seed(seed_file([0.0] * BUCKETS)).weights)


@pytest.mark.parametrize(
    "broken",
    [b"", shipped()[:10], b"X" + shipped()[1:], shipped()[:6] + b"\0\0\0\0" + shipped()[10:], shipped()[:1000]],
    ids=["empty", "half a header", "another format", "other features", "half the weights"],
)
def test_wrong_seed_is_refused(broken: bytes) -> None:
    with pytest.raises(WrongSeedError):
        read_seed(broken)


def test_features_are_those_that_the_seed_was_trained_for() -> None:
    """Also of what its mark does not see. Who changes them trains anew."""
    texts = [*HOSTILE, *SPAM, *HAM]
    found = [blocks_of(Example(text, text[:100], "https://www.a.example/x")) for text in texts]
    assert crc32(repr([(block, block.buckets()) for blocks in found for block in blocks]).encode()) == 1887279485


def test_buckets_do_not_depend_on_the_process() -> None:
    """Python's own hashes differ from process to process; weights that were learnt must not move."""
    program = (
        "from services.comments.domain.filter.features import blocks_of\n"
        "from services.comments.domain.filter.example import Example\n"
        "print([b.buckets() for b in blocks_of(Example('Check my blog, please: http://a.example', 'Ann', None))])"
    )
    outputs = {
        subprocess.run(  # noqa: S603 our own command
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
