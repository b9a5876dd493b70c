"""Puts comments in an order in which every parent comes before its replies, whatever the file says."""

from collections.abc import Container, Iterable, Iterator

from msgspec.structs import replace

from services.migration.records import CommentRecord, Skipped


def threads(
    comments: Iterable[CommentRecord], posts: Container[str], skipped: list[Skipped]
) -> Iterator[CommentRecord]:
    """By date, parents first. Comments on posts that are not there are left out; lost replies become top-level."""
    by_id = {each.source_id: each for each in comments if _has_post(each, posts, skipped)}
    _mend_parents(by_id, skipped)
    given: set[str] = set()
    for comment in sorted(by_id.values(), key=lambda each: (each.published, each.source_id)):
        for source_id in reversed(_chain(comment, by_id, given, skipped)):
            given.add(source_id)
            yield by_id[source_id]


def _has_post(comment: CommentRecord, posts: Container[str], skipped: list[Skipped]) -> bool:
    if comment.post_source_id in posts:
        return True
    reason = "its post is not in the file"
    skipped.append(Skipped("comment", comment.source_id, reason))
    return False


def _mend_parents(by_id: dict[str, CommentRecord], skipped: list[Skipped]) -> None:
    for comment in list(by_id.values()):
        if comment.parent_source_id is None:
            continue
        parent = by_id.get(comment.parent_source_id)
        if parent is None:
            _uproot(comment, by_id, skipped, "its parent is not in the file")
        elif parent.post_source_id != comment.post_source_id:
            _uproot(comment, by_id, skipped, "its parent belongs to another post")


def _chain(
    comment: CommentRecord, by_id: dict[str, CommentRecord], given: Container[str], skipped: list[Skipped]
) -> list[str]:
    """The comment and those of its ancestors that were not given yet, nearest first; a circle is cut open."""
    chain: dict[str, None] = {}
    source_id: str | None = comment.source_id
    while source_id is not None and source_id not in given:
        chain[source_id] = None
        parent = by_id[source_id].parent_source_id
        if parent in chain:
            _uproot(by_id[source_id], by_id, skipped, "it is among its own ancestors")
            break
        source_id = parent
    return list(chain)


def _uproot(comment: CommentRecord, by_id: dict[str, CommentRecord], skipped: list[Skipped], reason: str) -> None:
    by_id[comment.source_id] = replace(comment, parent_source_id=None)
    skipped.append(Skipped("reply", comment.source_id, f"{reason}, so it becomes a top-level comment"))
