"""Sends an export's records to Dateline's import routes, in batches that may be sent again."""

from collections.abc import Iterable, Iterator
from typing import Final

import httpx
from msgspec import Struct, field
from msgspec.structs import asdict

from services.migration.batches import batches
from services.migration.calls import call, wire
from services.migration.progress import Progress
from services.migration.records import CommentRecord, Export, Outline, PostRecord, Skipped
from services.migration.report import Report

POSTS_PER_BATCH: Final = 50
COMMENTS_PER_BATCH: Final = 500
BATCH_CHARS: Final = 1_000_000
MAX_CHARS: Final = 8_000_000
"""A longer text would not go through the import route."""


class Sender(Struct):
    """Sends one export through an API client that carries a key with `import:run`."""

    client: httpx.AsyncClient
    progress: Progress
    report: Report
    post_ids: dict[str, str] = field(default_factory=dict)

    async def send(self, export: Export) -> None:
        """Posts first, because comments name them by Dateline's ids; raises ImportFailed."""
        outline = export.outline()
        self.report.start(outline)
        blog = await call(self.client, "blog", asdict(outline.blog))
        self.report.skipped.extend(Skipped("blog", outline.source, note) for note in blog["notes"])
        self.progress.start("posts and pages", outline.posts + outline.pages)
        for posts in batches(self._sendable(export.posts()), max_count=POSTS_PER_BATCH, max_chars=BATCH_CHARS):
            await self._send_posts(outline, posts)
        self.progress.start("comments", outline.comments)
        for comments in batches(export.comments(), max_count=COMMENTS_PER_BATCH, max_chars=BATCH_CHARS):
            await self._send_comments(outline, comments)

    def _sendable(self, posts: Iterable[PostRecord]) -> Iterator[PostRecord]:
        for post in posts:
            if len(post.body) <= MAX_CHARS:
                yield post
            else:
                self.report.note(post.kind, post.source_id, "refused", [f"it is longer than {MAX_CHARS} characters"])
                self.progress.advance(1)

    async def _send_posts(self, outline: Outline, posts: list[PostRecord]) -> None:
        answer = await call(self.client, "posts", {"source": outline.source, "posts": [wire(post) for post in posts]})
        for post, result in zip(posts, answer, strict=True):
            self.report.note(post.kind, post.source_id, result["outcome"], result["notes"])
            if result["id"] is not None:
                self.post_ids[post.source_id] = result["id"]
        self.progress.advance(len(posts))

    async def _send_comments(self, outline: Outline, comments: list[CommentRecord]) -> None:
        wanted = [one for one in comments if one.post_source_id in self.post_ids]
        for one in comments:
            if one.post_source_id not in self.post_ids:
                self.report.note("comment", one.source_id, "refused", ["its post was not imported"])
        sent = [wire(one, post_source_id=None) | {"post_id": self.post_ids[one.post_source_id]} for one in wanted]
        answer = await call(self.client, "comments", {"source": outline.source, "comments": sent})
        for one, result in zip(wanted, answer, strict=True):
            self.report.note("comment", one.source_id, result["outcome"], result["notes"])
        self.progress.advance(len(comments))
