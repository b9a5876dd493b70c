"""What one pass over a comment system's export finds, and what shall become of each comment."""

import sys
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct, field

from services.migration.records import CommentExport, Skipped


class Survey(Struct):
    """Every comment without its text, so that far more fit into memory than are read at a time.

    `addresses` has the address of each comment's page, in the order of the file; `parents` what it answers.
    """

    addresses: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


def survey(export: CommentExport, skipped: list[Skipped]) -> Survey:
    found = Survey()
    for comment in export.comments(skipped):
        source_id = comment.source_id
        if source_id in found.addresses:
            skipped.append(Skipped("comment", source_id, "it stands in the file twice; the first is imported"))
            continue
        found.addresses[source_id] = sys.intern(comment.post_source_id)
        if comment.parent_source_id is not None:
            found.parents[source_id] = comment.parent_source_id
        if comment.state == "deleted":
            found.deleted.add(source_id)
    return found


def settle(
    found: Survey, posts: Mapping[str, str], skipped: list[Skipped], *, keep_bare_places: bool
) -> dict[str, str | None]:
    """The comments to import with their parents, none of which is missing, elsewhere or in a circle.

    `posts` has the post of each address; comments at other addresses are left out.
    """
    settled = {one: found.parents.get(one) for one, address in found.addresses.items() if address in posts}
    _mend_parents(settled, found, posts, skipped)
    _cut_circles(settled, skipped)
    if not keep_bare_places:
        _drop_bare_places(settled, found.deleted, skipped)
    return settled


def _mend_parents(
    settled: dict[str, str | None], found: Survey, posts: Mapping[str, str], skipped: list[Skipped]
) -> None:
    for source_id, parent in settled.items():
        if parent is None:
            continue
        if parent not in found.addresses:
            _uproot(settled, source_id, skipped, "what it answers is not there")
        elif posts.get(found.addresses[parent]) != posts[found.addresses[source_id]]:
            _uproot(settled, source_id, skipped, "what it answers stands under another page")


def _cut_circles(settled: dict[str, str | None], skipped: list[Skipped]) -> None:
    sound: set[str] = set()
    for source_id in settled:
        chain: set[str] = set()
        one: str | None = source_id
        while one is not None and one not in sound:
            if one in chain:
                _uproot(settled, one, skipped, "it is among its own ancestors")
                break
            chain.add(one)
            one = settled[one]
        sound |= chain


def _drop_bare_places(settled: dict[str, str | None], deleted: set[str], skipped: list[Skipped]) -> None:
    answers = Counter(parent for parent in settled.values() if parent is not None)
    bare = [one for one in settled if one in deleted and not answers[one]]
    for source_id in bare:
        skipped.append(Skipped("comment", source_id, "it was deleted and nothing answers it"))
        parent = settled.pop(source_id)
        if parent is None:
            continue
        answers[parent] -= 1
        if parent in deleted and not answers[parent]:
            bare.append(parent)


def _uproot(settled: dict[str, str | None], source_id: str, skipped: list[Skipped], reason: str) -> None:
    settled[source_id] = None
    skipped.append(Skipped("reply", source_id, f"{reason}, so it stands at the top of the thread"))
