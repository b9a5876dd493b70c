"""What the gateway tells of its page cache, of the services behind it, and of what it refused."""

import time
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from services.common.metrics import Families
from services.gateway.cache.store import Store
from services.gateway.clients.service import Service
from services.gateway.upstreams import Upstreams

if TYPE_CHECKING:
    from prometheus_client import Metric

_STATES: Final = ("closed", "half-open", "open")


def store_families(store: Store) -> Families:
    return partial(_of_store, store)


def upstream_families(upstreams: Upstreams) -> Families:
    return partial(_of_upstreams, (upstreams.posts.service, upstreams.comments.service))


def refused_families(refused: Counter[str]) -> Families:
    """`refused` is by kind of request."""
    return partial(_of_refused, refused)


def _of_store(store: Store) -> "Iterable[Metric]":
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    counts = store.counts
    requests = CounterMetricFamily(
        "dateline_page_cache_requests",
        "Reads by what the page cache did. Hits are told here alone: each takes microseconds.",
        labels=("result",),
    )
    results = {
        "hit": counts.hits - counts.unchanged,
        "hit_unchanged": counts.unchanged,
        "miss": counts.misses - counts.stale,
        "stale": counts.stale,
        "collapsed": counts.collapsed,
        "bypassed": counts.bypassed,
    }
    for result, times in results.items():
        requests.add_metric((result,), times)
    dropped = CounterMetricFamily(
        "dateline_page_cache_dropped", "Pages that left the cache, or did not get there.", labels=("reason",)
    )
    for reason, times in {"changed": counts.evicted, "room": counts.pushed_out, "late": counts.unstored}.items():
        dropped.add_metric((reason,), times)
    heard = GaugeMetricFamily(
        "dateline_page_cache_unheard_seconds",
        "Since all changes of the service were last known to be evicted.",
        labels=("upstream",),
    )
    for owner, at in store.heard.items():
        heard.add_metric((owner,), time.monotonic() - at)
    sizes = store.measures()
    return [
        requests,
        dropped,
        CounterMetricFamily("dateline_page_cache_emptied", "Times that everything was dropped.", value=counts.emptied),
        GaugeMetricFamily("dateline_page_cache_entries", "Pages in the cache.", value=sizes["entries"]),
        GaugeMetricFamily("dateline_page_cache_bytes", "What they take.", value=sizes["bytes"]),
        heard,
    ]


def _of_upstreams(services: Iterable[Service]) -> "Iterable[Metric]":
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    calls = CounterMetricFamily(
        "dateline_upstream_calls", "Calls to services by how they ended.", labels=("upstream", "result")
    )
    retries = CounterMetricFamily(
        "dateline_upstream_retries", "Calls that were made a second time.", labels=("upstream",)
    )
    states = GaugeMetricFamily(
        "dateline_upstream_breaker", "1 for the state that the breaker is in.", labels=("upstream", "state")
    )
    in_flight = GaugeMetricFamily(
        "dateline_upstream_calls_in_flight", "Calls that are waited for.", labels=("upstream",)
    )
    for service in services:
        for result, times in service.calls.items():
            calls.add_metric((service.name, result), times)
        retries.add_metric((service.name,), service.retries)
        for state in _STATES:
            states.add_metric((service.name, state), service.guard.breaker.state == state)
        in_flight.add_metric((service.name,), service.guard.in_flight)
    return [calls, retries, states, in_flight]


def _of_refused(refused: Counter[str]) -> "Iterable[Metric]":
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(
        "dateline_refused_requests", "Requests that were told to come back: too many at once.", labels=("kind",)
    )
    for kind in ("reads", "writes"):
        family.add_metric((kind,), refused[kind])
    return [family]
