"""Gives posts paths that nobody has or had."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from sqlalchemy import delete

from services.common.database import Writes
from services.common.upsert import insert_missing
from services.posts.errors import PathInUse
from services.posts.queries.paths import owner_of_path, taken_paths
from services.posts.tables import paths

_FIRST_LOOK: Final = 8
_WIDER: Final = 8


async def claim_paths(writes: Writes, wanted: Mapping[str, int]) -> set[str]:
    """Gives each path to its post and returns those that were still free."""
    rows = [{"path": path, "post_id": post_id} for path, post_id in sorted(wanted.items())]
    return await insert_missing(writes, paths, rows, on="path")


async def claim_path(writes: Writes, path: str, post_id: int) -> str:
    """A post may take back a path that it had; raises PathInUse for a path of another post."""
    if not await claim_paths(writes, {path: post_id}) and await owner_of_path(writes, path) != post_id:
        raise PathInUse
    return path


async def release_path(writes: Writes, path: str, post_id: int) -> None:
    """Gives up a path that no reader can know."""
    await writes.execute(delete(paths).where(paths.c.path == path, paths.c.post_id == post_id))


async def claim_first_free(writes: Writes, candidates: Iterable[str], post_id: int) -> str:
    """The first free candidate, now the post's. `candidates` may be endless; each look takes in more of them."""
    remaining, size = iter(candidates), _FIRST_LOOK
    while chunk := list(islice(remaining, size)):
        taken = await taken_paths(writes, chunk)
        for path in chunk:
            # a claim fails only when another writer took the path since we looked
            if path not in taken and await claim_paths(writes, {path: post_id}):
                return path
        size *= _WIDER
    raise PathInUse
