"""What a process counts, told as text to whoever asks regularly (Prometheus's text format).

Counting costs an addition where something happens; families with their names and labels are made when they are asked
for, and the library that writes them is imported then.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Metric

Families = Callable[[], "Iterable[Metric]"]
"""Called in a thread: it looks at copies of what may grow meanwhile."""


class Metrics:
    """`worker` tells apart processes that share a port."""

    def __init__(self, worker: str | None = None) -> None:
        self._sources: list[Families] = []
        self._more = {} if worker is None else {"worker": worker}

    def add(self, families: Families) -> None:
        self._sources.append(families)

    @contextmanager
    def telling(self, families: Families) -> Iterator[None]:
        """Of what there is only for a while."""
        self._sources.append(families)
        try:
            yield
        finally:
            self._sources.remove(families)

    def collect(self) -> "Iterable[Metric]":
        """Services in one process tell the same families, each with its name as a label: they become one."""
        found: dict[str, Metric] = {}
        for source in tuple(self._sources):
            for family in source():
                family.samples = [one._replace(labels={**one.labels, **self._more}) for one in family.samples]
                found.setdefault(family.name, family)
                if found[family.name] is not family:
                    found[family.name].samples += family.samples
        return found.values()

    def text(self) -> bytes:
        from prometheus_client import generate_latest

        return generate_latest(self)
