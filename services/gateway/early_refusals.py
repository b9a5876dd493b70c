"""Refuses before a request is taken apart: under a rush of readers, that is most of what it costs to refuse one."""

import re
from typing import Final

from services.common.app import FrontedApp
from services.common.early import EarlyAnswer
from services.gateway.admission import UNLIMITED
from services.gateway.refusals import Refusals
from services.gateway.turned_away import WantsPage

_MAX_BYTES: Final = 8192
_HEAD: Final = re.compile(
    rb"GET (/(?!/)[A-Za-z0-9/._~!$&'()*+,;=:@-]*)(?:\?([!$-~]*))? HTTP/1\.1\r\n"
    rb"(?:[A-Za-z0-9!#$%&'*+.^_`|~-]+:[^\r\n\0]*\r\n)+\r\n"
)
_IS_PARTICULAR: Final = re.compile(
    rb"\n(?:content-length|transfer-encoding|expect|upgrade|connection:(?![ \t]*keep-alive[ \t]*\r))", re.IGNORECASE
)
"""What comes with a body, or wants something of the connection."""
_ACCEPT: Final = re.compile(rb"\naccept:([^\r]*)", re.IGNORECASE)


class EarlyRefusals:
    """See `Early`. Whatever is not plainly one ordinary GET is left to the server, and to what it finds it to be."""

    def __init__(self, app: FrontedApp, refusals: Refusals, wants_page: WantsPage) -> None:
        self._app = app
        self._refusals = refusals
        self._wants_page = wants_page

    def __call__(self, head: bytes) -> EarlyAnswer | None:
        if not self._refusals.are_due or len(head) > _MAX_BYTES:
            return None
        found = _HEAD.fullmatch(head)
        if found is None or _IS_PARTICULAR.search(head):
            return None
        path, query, front = found[1].decode(), found[2] or b"", self._app.front
        if path.startswith(UNLIMITED) or (front is not None and front.may_answer(path, query)):
            return None
        accept = _ACCEPT.search(head)
        wants_page = accept is not None and self._wants_page({"accept": accept[1].decode("latin-1")})
        return self._refusals.copy(path, wants_page=wants_page)
