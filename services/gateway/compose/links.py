"""Addresses that a page shows, all built from the configured public URL."""

from urllib.parse import quote

from services.gateway.clients.models import Neighbour as FoundNeighbour
from services.gateway.compose.model import Neighbour

_SAFE = "/:@!$&'()*+,;=~-._"


def escaped_path(path: str) -> str:
    return quote(path, safe=_SAFE)


def absolute(path: str, public_url: str) -> str:
    return public_url + escaped_path(path)


def neighbour(found: FoundNeighbour | None, public_url: str) -> Neighbour | None:
    if found is None:
        return None
    return Neighbour(title=found.title, path=found.path, url=absolute(found.path, public_url))
