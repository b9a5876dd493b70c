"""Addresses that a page shows, all built from the configured public URL."""

from services.common.urls import absolute
from services.gateway.clients.models import Neighbour as FoundNeighbour
from services.gateway.compose.model import Neighbour


def neighbour(found: FoundNeighbour | None, public_url: str) -> Neighbour | None:
    if found is None:
        return None
    return Neighbour(title=found.title, path=found.path, url=absolute(found.path, public_url))
