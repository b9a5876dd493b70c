"""Makes posts in a process of their own, a batch ahead of the one that stores them."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final

from bench import content
from services.posts.domain.store import PostToStore

BATCH: Final = 2_000


@contextmanager
def made_batches(first: int, size: int) -> Iterator[Callable[[], list[PostToStore]]]:
    """Gives what waits for the next batch; the last may be smaller."""
    spawn = get_context("spawn")
    out_of, into = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_make, args=(first, size, into), daemon=True)
    process.start()
    into.close()
    with out_of:
        yield out_of.recv
    process.join()


def _make(first: int, size: int, into: Connection) -> None:
    """Ends when nobody reads any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(BrokenPipeError):
        for start in range(first, size, BATCH):
            into.send([content.post(n, size) for n in range(start, min(start + BATCH, size))])
