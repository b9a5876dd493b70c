"""One unit of work of one editor: its connection, and what decisions in it depend on."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import RowMapping

from services.common.callers import Principal
from services.common.database import Writes
from services.common.ids import IdSource
from services.posts.queries.blog import the_blog_held


class Editing(Struct, frozen=True):
    writes: Writes
    ids: IdSource
    now: datetime
    principal: Principal
    public_url: str
    blog: RowMapping

    @classmethod
    async def begin(
        cls, writes: Writes, *, ids: IdSource, now: datetime, principal: Principal, public_url: str
    ) -> Self:
        blog = await the_blog_held(writes)
        return cls(writes, ids, now, principal, blog["public_url"] or public_url, blog)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.blog["time_zone"])
