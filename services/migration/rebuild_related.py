"""Has the posts service relate all posts anew, and tells how far that is."""

import asyncio
from typing import Any, Final

import httpx

from services.migration.calls import reason_of
from services.migration.progress import Progress
from services.migration.rebuild import RebuildFailed

_REBUILD: Final = "/api/v1/related/rebuild"
_PROGRESS: Final = "/api/v1/related/progress"
_PARTS: Final = (("unread", "posts read"), ("unweighed", "words weighed"), ("unlisted", "lists made"))
_LOOK_EVERY_S: Final = 0.3


async def rebuild_related(client: httpx.AsyncClient, progress: Progress) -> int:
    """Returns how many posts are related once all are. Raises RebuildFailed; the service goes on with what is owed."""
    cursor: str | None = None
    progress.start("posts", None)
    while True:
        done = await _call(client, "POST", _REBUILD, ("owed", "next_cursor"), {"cursor": cursor})
        progress.advance(int(done["owed"]))
        if (cursor := done["next_cursor"]) is None:
            return await watch_related(client, progress)


async def watch_related(client: httpx.AsyncClient, progress: Progress) -> int:
    """The same for what is owed already, as after an import."""
    part, left = "", 0
    while True:
        now = await _call(client, "GET", _PROGRESS, ("unread", "unweighed", "unlisted", "known"))
        name, what = next(((name, what) for name, what in _PARTS if now[name]), ("", ""))
        if name == part and name:
            progress.advance(max(left - now[name], 0))
            left = min(left, now[name])
        else:
            if part:
                progress.advance(left)
            if not name:
                return int(now["known"])
            part, left = name, int(now[name])
            progress.start(what, left)
        await asyncio.sleep(_LOOK_EVERY_S)


async def _call(
    client: httpx.AsyncClient, method: str, path: str, members: tuple[str, ...], body: dict[str, Any] | None = None
) -> dict[str, Any]:
    try:
        answer = await client.request(method, path, json=body)
    except httpx.HTTPError as exc:
        raise RebuildFailed(f"Dateline does not answer at {client.base_url} ({type(exc).__name__})") from exc
    if not answer.is_success:
        raise RebuildFailed(f"Dateline refused to rebuild: {reason_of(answer)}")
    try:
        found: dict[str, Any] = answer.json()
        return {name: found[name] for name in members}
    except (ValueError, KeyError, TypeError) as exc:
        raise RebuildFailed(f"{client.base_url} is not a Dateline") from exc
