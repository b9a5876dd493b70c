"""A small blog whose posts are related by the job's own commands, without services around it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from services.common.clock import utc_now
from services.common.database import Database, Writes
from services.common.html import SafeHtml
from services.common.ids import IdSource
from services.posts.commands.label_ids import ids_of_labels
from services.posts.commands.list_related import list_related
from services.posts.commands.made_lists import AT_NIGHT
from services.posts.commands.owe_related import owe_related
from services.posts.commands.relate_posts import Relating
from services.posts.commands.store_posts import label_rows, store_posts
from services.posts.domain.bodies import RenderedBody
from services.posts.domain.store import PostToStore
from services.posts.related_tables import related_languages
from services.posts.tables import post_labels, posts

URL = "https://blog.example"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAYS = (0, 1, 6, 10, 23, 26, 34, 41, 53, 55)
"""No two are as far apart as two others, so that no two scores are equal because texts are."""


@dataclass(frozen=True)
class Said:
    words: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(slots=True)
class Blog:
    database: Database

    async def write(self, number: int, said: Said) -> None:
        """Publishes, edits or restores."""
        await self.database.write(partial(_written, number=number, said=said))

    async def hide(self, number: int) -> None:
        await self.database.write(partial(_hidden, number=number))

    async def relate(self) -> None:
        """Until nothing is left to do, even at night."""
        relating = Relating(self.database, utc_now, URL)
        while await relating():
            pass
        while await list_related(self.database, utc_now, AT_NIGHT):
            pass

    async def weigh_anew(self) -> None:
        async def outdated(writes: Writes) -> None:
            await writes.execute(update(related_languages).values(generation=related_languages.c.generation + 1))

        await self.database.write(outdated)
        await self.relate()


async def _written(writes: Writes, number: int, said: Said) -> None:
    """Text is as the sanitiser would leave it."""
    post_id, html = number + 1, SafeHtml(f"<p>{' '.join(said.words)}</p>")
    known = (await writes.execute(select(posts.c.id).where(posts.c.id == post_id))).scalar()
    if known is None:
        await store_posts(writes, [_post(post_id, number, html, said)], IdSource(utc_now), NOW, ZoneInfo("UTC"))
        return
    shown = {"state": "live", "body_html": str(html)}
    await writes.execute(update(posts).where(posts.c.id == post_id).values(shown))
    await writes.execute(post_labels.delete().where(post_labels.c.post_id == post_id))
    if said.labels:
        ids = await ids_of_labels(writes, said.labels, IdSource(utc_now))
        await writes.execute(post_labels.insert(), label_rows(_post(post_id, number, html, said), ids))
    await owe_related(writes, [post_id])


async def _hidden(writes: Writes, number: int) -> None:
    await writes.execute(update(posts).where(posts.c.id == number + 1).values(state="trashed"))
    await owe_related(writes, [number + 1])


def _post(post_id: int, number: int, html: SafeHtml, said: Said) -> PostToStore:
    at = NOW + timedelta(days=20 * DAYS[number])
    return PostToStore(
        post_id=post_id,
        kind="post",
        state="live",
        title="",
        path=None,
        author_id=None,
        body=RenderedBody(html, 1, "", ""),
        body_source=str(html),
        body_format="html",
        labels=said.labels,
        related_links=(),
        comment_policy="open",
        published_at=at,
        created_at=at,
        updated_at=at,
    )
