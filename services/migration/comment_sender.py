"""Sends the comments of a comment system to the posts that they belong to, in batches that may be sent again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import httpx
from msgspec import Struct

from services.common.text import clean_line, cut_at_word, drop_unstorable
from services.migration.addresses import post_id_of, without_post_id
from services.migration.batches import batches
from services.migration.calls import call, wire
from services.migration.parents_first import parents_first
from services.migration.posts_of_threads import posts_of_threads
from services.migration.progress import Progress
from services.migration.records import CommentExport, CommentRecord
from services.migration.report import Report
from services.migration.sender import BATCH_CHARS, COMMENTS_PER_BATCH, MAX_CHARS
from services.migration.survey import Survey, settle, survey

_MOST_ADDRESSES: Final = 20
"""So many addresses without a post are named; a report is to be read."""


class CommentSender(Struct):
    """Sends one export through an API client that carries a key with `import:run`."""

    client: httpx.AsyncClient
    progress: Progress
    report: Report
    is_trial: bool = False

    async def send(self, export: CommentExport) -> None:
        """A trial ends when it is known which comments have a post. Raises ImportFailed."""
        found = survey(export, self.report.skipped)
        posts = await posts_of_threads(self.client, self.progress, set(found.addresses.values()))
        keep = export.keeps_bare_places
        parents = settle(found, posts, self.report.skipped, keep_bare_places=keep)
        self._tell(found, posts, len(parents), export.not_kept)
        if self.is_trial:
            return
        self.progress.start("comments", len(parents))
        comments = self._sendable(parents_first(export.comments([]), parents))
        for batch in batches(comments, max_count=COMMENTS_PER_BATCH, max_chars=BATCH_CHARS):
            await self._send(export.source, batch, posts)

    def _tell(self, found: Survey, posts: Mapping[str, str], count: int, not_kept: str) -> None:
        left_out = len(found.addresses) - count
        report, addresses = self.report, Counter(found.addresses.values())
        report.started = True
        report.kinds = () if self.is_trial else ("comments",)
        report.outcomes["comments", "refused"] += left_out
        if self.is_trial:
            report.facts.append(f"comments: {count} would be imported or are here already, {left_out} would not")
        report.facts.append(f"threads: {len(posts)} of {len(addresses)} belong to a post here")
        report.facts.extend(_without_post(Counter({one: addresses[one] for one in addresses if one not in posts})))
        report.facts.append(f"never imported: {not_kept}")

    def _sendable(self, comments: Iterable[CommentRecord]) -> Iterator[CommentRecord]:
        for comment in comments:
            if len(comment.body) <= MAX_CHARS:
                yield comment
            else:
                reason = f"it is longer than {MAX_CHARS} characters"
                self.report.note("comment", comment.source_id, "refused", [reason])
                self.progress.advance(1)

    async def _send(self, source: str, comments: list[CommentRecord], posts: Mapping[str, str]) -> None:
        sent = [wire(one, post_source_id=None) | {"post_id": posts[one.post_source_id]} for one in comments]
        results = await call(self.client, "comments", {"source": source, "comments": sent})
        for one, result in zip(comments, results, strict=True):
            self.report.note("comment", one.source_id, result["outcome"], result["notes"])
        self.progress.advance(len(comments))


def _without_post(counts: Counter[str]) -> Iterator[str]:
    by_count = counts.most_common()
    for address, count in by_count[:_MOST_ADDRESSES]:
        yield f"no post {_shown(address)}: {_comments(count)} left out"
    if rest := by_count[_MOST_ADDRESSES:]:
        yield f"no post at {len(rest)} more addresses: {_comments(sum(count for _, count in rest))} left out"


def _shown(address: str) -> str:
    """Addresses come out of a file: on a terminal nothing of them may be more than text."""
    post_id = post_id_of(address)
    shown = cut_at_word(clean_line(drop_unstorable(without_post_id(address))), 200)
    if post_id is None:
        return f"at {shown or 'an empty address'}"
    return f"with the id {post_id}" + (f" or at {shown}" if shown else "")


def _comments(count: int) -> str:
    return "1 comment" if count == 1 else f"{count} comments"
