"""Rewrites a damaged file's bytes on their way to the parser, so that one fault does not spoil all that follows it."""

import re
from typing import BinaryIO, Final

CDATA: Final = b"<![CDATA["
CDATA_END: Final = b"]]>"
NUMERIC: Final = {b"&lt;": b"&#60;", b"&gt;": b"&#62;", b"&amp;": b"&#38;", b"&quot;": b"&#34;", b"&apos;": b"&#39;"}
BARE: Final = re.compile(
    rb"<(?![A-Za-z_:/!?\x80-\xff])|<!(?!--)"
    rb"|&(?!#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)"
)
# No token that is rewritten, and none that BARE looks ahead for, is longer.
LONGEST_TOKEN_BYTES: Final = 40


class RepairingStream:
    """A stream for libxml2, which has two flaws where it recovers from faults.

    After its first fault it drops every `&lt;` and `&amp;` of the file (xmlParseReference returns early), but keeps
    numeric references: so all are made numeric. At a `<` that opens nothing it stops: so that one becomes text.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._carry = b""
        self._is_in_cdata = False
        self._line = 1
        self.bare = 0
        self.first_bare_line = 0

    def read(self, size: int) -> bytes:
        """May give more or less than asked for, but nothing only at the end."""
        while True:
            chunk = self._stream.read(size)
            data = self._repair(self._without_cut_token(self._carry + chunk, is_last=not chunk))
            if data or not chunk:
                return data

    def _without_cut_token(self, data: bytes, *, is_last: bool) -> bytes:
        window = max(len(data) - LONGEST_TOKEN_BYTES, 0)
        starts = [start for token in (b"<", b"&", b"]") if (start := data.find(token, window)) >= 0]
        end = len(data) if is_last or not starts else min(starts)
        self._carry = data[end:]
        return data[:end]

    def _repair(self, data: bytes) -> bytes:
        """All but what stands in CDATA sections, where nothing is markup."""
        pieces = []
        while data:
            if self._is_in_cdata:
                inside, mark, data = data.partition(CDATA_END)
                self._is_in_cdata = not mark
            else:
                outside, mark, data = data.partition(CDATA)
                self._is_in_cdata = bool(mark)
                inside = self._repair_text(outside)
            self._line += inside.count(b"\n")
            pieces += [inside, mark]
        return b"".join(pieces)

    def _repair_text(self, text: bytes) -> bytes:
        text = BARE.sub(lambda match: self._as_text(match, text), text)
        for name, number in NUMERIC.items():
            text = text.replace(name, number)
        return text

    def _as_text(self, match: re.Match[bytes], text: bytes) -> bytes:
        if not self.bare:
            self.first_bare_line = self._line + text.count(b"\n", 0, match.start())
        self.bare += 1
        return NUMERIC[b"&amp;" if match[0] == b"&" else b"&lt;"] + match[0][1:]
