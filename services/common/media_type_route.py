"""A route for bodies of one media type, beside the route that takes the others at the same path."""

from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope

NDJSON = "application/x-ndjson"


class NdjsonRoute(APIRoute):
    """Matches requests that bring lines of JSON; has to stand before the other route."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or _media_type(scope) != NDJSON:
            return Match.NONE, {}
        return super().matches(scope)


def _media_type(scope: Scope) -> str:
    return Headers(scope=scope).get("Content-Type", "").partition(";")[0].strip().lower()
