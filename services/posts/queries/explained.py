"""Why computed related posts stand where they do."""

from collections.abc import Sequence

from services.common.database import Reads
from services.posts.domain.related.explained import Explained, explained
from services.posts.domain.related.told import Related
from services.posts.queries.related_docs import docs_of_posts
from services.posts.queries.related_lists import spelt


async def explained_of(reads: Reads, post_id: int, related: Sequence[Related]) -> Explained:
    others = [one.post_id for one in related if one.kind == "computed"]
    docs = await docs_of_posts(reads, [post_id, *others])
    if post_id not in docs:
        return Explained({}, {})
    mine = docs[post_id].vector
    found = {other: explained(mine, docs[other].vector) for other in others if other in docs}
    return Explained(found, await spelt(reads, {term.id for one in found.values() for term in one.terms}))
