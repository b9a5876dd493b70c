"""Puts a stream of comments in an order in which every parent comes before its replies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from services.migration.records import CommentRecord


def parents_first(comments: Iterable[CommentRecord], parents: Mapping[str, str | None]) -> Iterator[CommentRecord]:
    """Those that `parents` names, once each, with their parents there.

    What comes before its parent waits for it in memory, which is little where a file is in the order of time. What
    waits in the end, because the file was changed meanwhile, comes last.
    """
    seen: set[str] = set()
    given: set[str] = set()
    waiting: defaultdict[str, list[CommentRecord]] = defaultdict(list)
    for comment in comments:
        if comment.source_id not in parents or comment.source_id in seen:
            continue
        seen.add(comment.source_id)
        parent = parents[comment.source_id]
        ready = [replace(comment, parent_source_id=parent)]
        if parent is not None and parent not in given:
            waiting[parent] += ready
            continue
        while ready:
            one = ready.pop()
            given.add(one.source_id)
            yield one
            ready += waiting.pop(one.source_id, [])
    for late in waiting.values():
        yield from late
