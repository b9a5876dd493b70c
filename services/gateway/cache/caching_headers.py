"""What caches behind this one, browsers and proxies, are told of a stored page."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from services.common.header_lines import Header

_MAX_KEYS_BYTES: Final = 4096


class CachingHeaders(Struct, frozen=True):
    """Browsers ask each time, at the cost of a 304; `shared_s` is for how long caches in front need not.

    After that they may go on for a while: those that ask in the background, and those that get no answer.
    """

    shared_s: int

    def of(self, tags: Iterable[str], *, is_partial: bool) -> Sequence[Header]:
        keys = b" ".join(quote(tag, safe=":").encode() for tag in sorted(tags))
        if len(keys) > _MAX_KEYS_BYTES:
            keys = b"everything"
        return [(b"cache-control", self._control(is_partial=is_partial)), (b"surrogate-key", keys)]

    def _control(self, *, is_partial: bool) -> bytes:
        if is_partial or not self.shared_s:
            return b"public, max-age=0, s-maxage=%d, must-revalidate" % min(self.shared_s, 1)
        s = self.shared_s
        return b"public, max-age=0, s-maxage=%d, stale-while-revalidate=%d, stale-if-error=%d" % (s, 3 * s, 30 * s)
