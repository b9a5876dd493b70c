"""Sends an export's records to Dateline's import routes, in batches that may be sent again."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

import httpx

from services.migration.batches import batches
from services.migration.records import CommentRecord, Export, Outline, PostRecord, Skipped
from services.migration.report import Report

POSTS_PER_BATCH: Final = 50
COMMENTS_PER_BATCH: Final = 500
BATCH_CHARS: Final = 1_000_000
MAX_CHARS: Final = 8_000_000
"""A longer text would not go through the import route."""


class ImportFailed(RuntimeError):  # noqa: N818 it is said to people
    """Dateline did not take a batch. What was sent before is stored; the same import again goes on from there."""


class Progress(Protocol):
    """Told how far the work is."""

    def start(self, what: str, total: int) -> None: ...

    def advance(self, count: int) -> None: ...


@dataclass(slots=True)
class Sender:
    """Sends one export through an API client that carries a key with `import:run`."""

    client: httpx.AsyncClient
    progress: Progress
    report: Report
    post_ids: dict[str, str] = field(default_factory=dict)

    async def send(self, export: Export) -> None:
        """Posts first, because comments name them by Dateline's ids; raises ImportFailed."""
        outline = export.outline()
        self.report.start(outline)
        blog = await self._post("blog", asdict(outline.blog))
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
        answer = await self._post("posts", {"source": outline.source, "posts": [_wire(post) for post in posts]})
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
        wire = [_wire(one, post_source_id=None) | {"post_id": self.post_ids[one.post_source_id]} for one in wanted]
        answer = await self._post("comments", {"source": outline.source, "comments": wire})
        for one, result in zip(wanted, answer, strict=True):
            self.report.note("comment", one.source_id, result["outcome"], result["notes"])
        self.progress.advance(len(comments))

    async def _post(self, what: str, body: dict[str, Any]) -> Any:
        try:
            answer = await self.client.post(f"/api/v1/import/{what}", json=body)
        except httpx.HTTPError as exc:
            raise ImportFailed(f"Dateline does not answer at {self.client.base_url} ({type(exc).__name__})") from exc
        if not answer.is_success:
            raise ImportFailed(f"Dateline refused to import {what}: {_reason(answer)}")
        try:
            taken = answer.json()
            return taken if what == "blog" and "notes" in taken else taken["results"]
        except (ValueError, KeyError, TypeError) as exc:
            raise ImportFailed(f"{self.client.base_url} is not a Dateline") from exc


def _wire(record: PostRecord | CommentRecord, **but: None) -> dict[str, Any]:
    """A record as JSON can carry it, without the members named in `but`."""
    members = {name: value for name, value in asdict(record).items() if name not in but}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in members.items()}


def _reason(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"{problem['title']}. {problem.get('detail', '')} {problem.get('errors', '')}".strip()
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
