"""How long requests take, by route and status."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from starlette.types import Scope

from services.common.histogram import Histogram

if TYPE_CHECKING:
    from prometheus_client import Metric

BOUNDS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS: Final = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())


class RequestTimes:
    """There are as many series as routes answer with statuses: anybody can make up paths and methods, nobody those."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._times: defaultdict[tuple[str, str, int], Histogram] = defaultdict(lambda: Histogram(BOUNDS_S))

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        """After routing, which leaves the route in the scope, or what is mounted as the root of paths."""
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", None) or scope.get("root_path") or "none"
        self._times[method, route, status].note(seconds)

    def families(self) -> "Iterable[Metric]":
        from prometheus_client.core import HistogramMetricFamily

        family = HistogramMetricFamily(
            "dateline_request_seconds",
            "Requests that were worked on, until their last byte was sent.",
            labels=("service", "method", "route", "status"),
        )
        for (method, route, status), times in sorted(dict(self._times).items()):
            family.add_metric((self._service, method, route, str(status)), times.buckets(), times.total)
        return [family]
