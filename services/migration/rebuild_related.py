"""Has the posts service make all related posts anew, and tells how far that is."""

import asyncio
from typing import Any, Final

import httpx

from services.migration.calls import reason_of
from services.migration.progress import Progress
from services.migration.rebuild import RebuildFailed

_PARTS: Final = {"unread": "read", "unweighed": "weighed", "unlisted": "listed"}
"""What is left of each part of the work, in their order, and what it is called."""
_LOOK_EVERY_S: Final = 0.5


async def rebuild_related(client: httpx.AsyncClient, progress: Progress) -> int:
    """Returns how many posts have lists, once all have. Raises RebuildFailed; what was begun goes on by itself."""
    progress.start("asked for", None)
    cursor: str | None = None
    while True:
        done = await _call(client, "POST", "/api/v1/related/rebuild", {"cursor": cursor})
        progress.advance(int(done["done"]))
        if (cursor := done["next_cursor"]) is None:
            return await watch_related(client, progress)


async def watch_related(client: httpx.AsyncClient, progress: Progress) -> int:
    """As above, without having anything made anew."""
    part, left = "", 0
    while True:
        found = await _call(client, "GET", "/api/v1/related/progress")
        now = next((name for name in _PARTS if found[name]), None)
        if now is None:
            progress.advance(left)
            return int(found["known"])
        if now != part:
            progress.advance(left)
            part, left = now, int(found[now])
            progress.start(_PARTS[now], left)
        progress.advance(max(left - int(found[now]), 0))
        left = min(left, int(found[now]))
        await asyncio.sleep(_LOOK_EVERY_S)


async def _call(client: httpx.AsyncClient, method: str, place: str, body: object = None) -> dict[str, Any]:
    try:
        answer = await client.request(method, place, json=body)
    except httpx.HTTPError as exc:
        raise RebuildFailed(f"Dateline does not answer at {client.base_url} ({type(exc).__name__})") from exc
    if not answer.is_success:
        raise RebuildFailed(f"Dateline refused to rebuild: {reason_of(answer)}")
    try:
        found: dict[str, Any] = answer.json()
        return {name: found[name] for name in (("done", "next_cursor") if body else (*_PARTS, "known"))}
    except (ValueError, KeyError, TypeError) as exc:
        raise RebuildFailed(f"{client.base_url} is not a Dateline") from exc
