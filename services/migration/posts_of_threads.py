"""Finds the posts that a comment system's threads belong to, many threads a call."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

import httpx

from services.migration.addresses import MAX_PATHS, paths_of, post_id_of
from services.migration.calls import call
from services.migration.progress import Progress

PATHS_PER_CALL: Final = 500


async def posts_of_threads(client: httpx.AsyncClient, progress: Progress, addresses: Collection[str]) -> dict[str, str]:
    """Dateline's ids of the posts by the addresses that have one; an id counts for more than a path.

    Raises ImportFailed.
    """
    progress.start("threads", len(addresses))
    found: dict[str, str] = {}
    for part in _parts(sorted(addresses), PATHS_PER_CALL // MAX_PATHS):
        found |= await _find(client, part)
        progress.advance(len(part))
    return found


def _parts(addresses: Sequence[str], count: int) -> Iterator[Sequence[str]]:
    return (addresses[start : start + count] for start in range(0, len(addresses), count))


async def _find(client: httpx.AsyncClient, addresses: Sequence[str]) -> dict[str, str]:
    paths = {address: paths_of(address) for address in addresses}
    ids = {address: post_id for address in addresses if (post_id := post_id_of(address)) is not None}
    sought = {"paths": sorted({path for forms in paths.values() for path in forms}), "ids": sorted(ids.values())}
    results = await call(client, "find-posts", sought)
    at = {one["path"]: one["id"] for one in results if one["path"] is not None}
    there = {one["id"] for one in results if one["path"] is None}
    by_path = {address: at[path] for address, forms in paths.items() for path in reversed(forms) if path in at}
    return by_path | {address: post_id for address, post_id in ids.items() if post_id in there}
