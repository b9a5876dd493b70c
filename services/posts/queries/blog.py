"""The blog itself."""

from sqlalchemy import RowMapping, select

from services.common.database import Reads
from services.posts.tables import blog


async def the_blog(reads: Reads) -> RowMapping:
    return (await reads.execute(select(blog))).mappings().one()
