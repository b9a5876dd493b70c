"""What a batch of posts that is read anew changes in how texts link to each other."""

from collections.abc import Mapping
from itertools import accumulate, islice
from typing import Final

from msgspec.structs import replace

from services.common.database import Reads
from services.posts.domain.related.reading import MAX_MENTIONS, Reading
from services.posts.queries.paths import owners_of_paths
from services.posts.queries.related_owed import OwedPosts

MOST_LINKS: Final = 2 * MAX_MENTIONS
"""That change in a batch, as many as one post may: what the page behind each shows is looked at before and after."""


def with_few_links(found: OwedPosts, readings: Mapping[int, Reading]) -> OwedPosts:
    """As many of the posts as change few links in all."""
    so_far = accumulate(len(_changed(found, readings, post_id)) for post_id in found.owed)
    few = sum(count <= MOST_LINKS for count in so_far)
    return replace(found, owed=dict(islice(found.owed.items(), few)), is_part=found.is_part or few < len(found.owed))


async def newly_linked(reads: Reads, found: OwedPosts, readings: Mapping[int, Reading]) -> frozenset[int]:
    """Posts whose texts link to others than before, and those others."""
    speakers = {one for one in found.owed if found.mentions.get(one, []) != _now(readings, one)}
    paths = {path for one in speakers for path in _changed(found, readings, one)}
    owners = await owners_of_paths(reads, sorted(paths)) if paths else {}
    return frozenset(speakers.union(owners.values()))


def _changed(found: OwedPosts, readings: Mapping[int, Reading], post_id: int) -> set[str]:
    """Paths that a text did not link to before, or no longer does."""
    return set(found.mentions.get(post_id, ())).symmetric_difference(_now(readings, post_id))


def _now(readings: Mapping[int, Reading], post_id: int) -> list[str]:
    return [*readings[post_id].mentions] if post_id in readings else []
