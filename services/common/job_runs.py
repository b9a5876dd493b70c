"""When the jobs of a service last did what they are for, and how often they failed."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Metric


class JobRuns:
    def __init__(self, service: str, now: Callable[[], float] = time.time) -> None:
        self._service = service
        self._now = now
        self._done_at: dict[str, float] = {}
        self._failures: Counter[str] = Counter()

    def done(self, job: str) -> None:
        self._done_at[job] = self._now()
        self._failures[job] += 0  # told as 0: what is not told cannot be seen to go up

    def failed(self, job: str) -> None:
        self._failures[job] += 1

    def families(self) -> "Iterable[Metric]":
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        labels = ("service", "job")
        done = GaugeMetricFamily(
            "dateline_job_last_done_seconds", "When the job last ended without failing, in Unix time.", labels=labels
        )
        failures = CounterMetricFamily("dateline_job_failures", "Times that the job failed.", labels=labels)
        for job, at in dict(self._done_at).items():
            done.add_metric((self._service, job), at)
        for job, times in dict(self._failures).items():
            failures.add_metric((self._service, job), times)
        return [done, failures]
