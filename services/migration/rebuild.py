"""Has the comments service make anew what it derives, and tells how far that is."""

from typing import Any

import httpx
from msgspec import Struct

from services.common.mendable import MendableError
from services.migration.calls import reason_of
from services.migration.progress import Progress

_ADDRESS = "/api/v1/comments/rebuild"


class RebuildFailed(MendableError, RuntimeError):  # noqa: N818 it is said to people
    """What is counted is counted; the same again begins anew."""


class Rebuilt(Struct):
    threads: int = 0
    mended: int = 0
    posts: int = 0


async def rebuild_comments(client: httpx.AsyncClient, progress: Progress) -> Rebuilt:
    """Returns when everything is done. Raises RebuildFailed."""
    total, part, cursor = Rebuilt(), None, None
    while True:
        done = await _step(client, cursor)
        if done["part"] != part:
            part = done["part"]
            progress.start(part, None)
        if not done["posts_answer"]:
            raise RebuildFailed("The posts service does not answer the comments service. Start it, then rebuild again.")
        progress.advance(_count(total, done))
        if (cursor := done["next_cursor"]) is None:
            return total


def _count(total: Rebuilt, done: dict[str, Any]) -> int:
    """How much more there is than before the step."""
    if done["part"] == "threads":
        total.threads += done["done"]
        total.mended += done["mended"]
        return int(done["done"])
    more = max(int(done["done"]) - total.posts, 0)
    total.posts += more
    return more


async def _step(client: httpx.AsyncClient, cursor: str | None) -> dict[str, Any]:
    try:
        answer = await client.post(_ADDRESS, json={"cursor": cursor})
    except httpx.HTTPError as exc:
        raise RebuildFailed(f"Dateline does not answer at {client.base_url} ({type(exc).__name__})") from exc
    if not answer.is_success:
        raise RebuildFailed(f"Dateline refused to rebuild: {reason_of(answer)}")
    try:
        done: dict[str, Any] = answer.json()
        return {name: done[name] for name in ("part", "done", "mended", "posts_answer", "next_cursor")}
    except (ValueError, KeyError, TypeError) as exc:
        raise RebuildFailed(f"{client.base_url} is not a Dateline") from exc
