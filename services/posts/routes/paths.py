"""Where posts are, for who has only their ids."""

from fastapi import APIRouter

from services.common.callers import CallerPrincipal
from services.common.deps import DatabaseDep
from services.posts.queries.paths import paths_of_posts
from services.posts.schemas.paths import PathsOut, WantedPaths

router = APIRouter()


@router.post("/paths")
async def list_paths(wanted: WantedPaths, principal: CallerPrincipal, database: DatabaseDep) -> PathsOut:
    """Present paths of posts in any state; a post that has none yet, or is not there, is not named."""
    principal.require("import:run")
    async with database.read() as reads:
        found = await paths_of_posts(reads, {int(one) for one in wanted.ids})
    return PathsOut(paths={str(post_id): path for post_id, path in found.items()})
