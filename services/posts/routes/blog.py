"""The blog's settings: read by anybody, changed with a key."""

from fastapi import APIRouter, Response

from services.common.callers import CallerPrincipal
from services.common.database import Reads, Writes
from services.common.deps import ClockDep, DatabaseDep
from services.posts.commands.change_blog import change_blog
from services.posts.deps import IfMatch
from services.posts.domain.etags import etag_of
from services.posts.queries.blog import the_blog
from services.posts.routes.answers import tagged
from services.posts.schemas.blog import BlogPatch, BlogSettingsOut
from services.posts.schemas.views import blog_settings_out

router = APIRouter(prefix="/blog")


@router.get("", response_model=BlogSettingsOut)
async def get_blog(database: DatabaseDep) -> Response:
    async with database.read() as reads:
        return await _settings(reads)


@router.patch("", response_model=BlogSettingsOut)
async def edit_blog(
    given: BlogPatch, principal: CallerPrincipal, database: DatabaseDep, clock: ClockDep, if_match: IfMatch = None
) -> Response:
    principal.require("blog:write")

    async def work(writes: Writes) -> Response:
        await change_blog(writes, if_match, given, clock())
        return await _settings(writes)

    return await database.write(work)


async def _settings(reads: Reads) -> Response:
    blog = blog_settings_out(await the_blog(reads))
    return tagged(blog.model_dump_json(), etag_of(blog.version))
