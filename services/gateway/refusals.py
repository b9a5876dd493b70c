"""What those are told who are not even let in: copies of one answer, each under an id of its own."""

import time
from collections.abc import Iterable

from services.common.access_lines import AccessLog
from services.common.early import EarlyAnswer
from services.common.header_lines import Header, as_lines
from services.common.request_id import HEADER, new_request_id
from services.common.request_times import RequestTimes
from services.gateway.admission import Gates

_ID = HEADER.lower().encode()


class Refusal:
    """One answer, as it was sent to the first of them. Ids are of one length."""

    def __init__(self, status: int, headers: Iterable[Header], body: bytes) -> None:
        others = dict(headers)
        self.status = status
        self._id = others.pop(_ID)
        self._lines = as_lines(others.items()) + _ID + b": "
        self._before_id, _, self._after_id = body.partition(self._id)
        self._names_id = self._id in body

    def under(self, request_id: bytes) -> EarlyAnswer:
        named = request_id if self._names_id else b""
        return self.status, self._lines + request_id + b"\r\n", self._before_id + named + self._after_id


class Refusals:
    """Of a gateway's reads, by what is asked for: below `/api/` or not, a page or not. Counted, timed and logged."""

    def __init__(self, gates: Gates, log: AccessLog | None, times: RequestTimes) -> None:
        self._reads = gates.reads
        self._log = log
        self._times = times
        self._kept: dict[tuple[bool, bool], Refusal] = {}

    @property
    def are_due(self) -> bool:
        return self._reads.is_crowded

    def keep(self, path: str, refusal: Refusal, *, wants_page: bool) -> None:
        self._kept[path.startswith("/api/"), wants_page] = refusal

    def copy(self, path: str, *, wants_page: bool) -> EarlyAnswer | None:
        """For another one; None as long as none of its kind is kept."""
        refusal = self._kept.get((path.startswith("/api/"), wants_page))
        if refusal is None:
            return None
        request_id, now = new_request_id(), time.monotonic()
        self._reads.turn_away()
        self._times.note({"method": "GET"}, refusal.status, 0.0)
        if self._log is not None:
            self._log.note("GET", path, refusal.status, now, now, request_id)
        return refusal.under(request_id.encode())
