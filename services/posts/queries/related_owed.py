"""Posts that wait to be related, with all that is read of them."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from sqlalchemy import select

from services.common.database import Reads
from services.common.html import SafeHtml
from services.common.prepared import Prepared
from services.posts.domain.related.reading import Reading, read_post
from services.posts.queries.related_docs import Row
from services.posts.queries.related_index import owed_posts, the_state
from services.posts.queries.related_posts import label_ids_by_post, mentions_by_post, posts_to_read
from services.posts.tables import blog

_BLOG: Final = Prepared(lambda _: select(blog.c.public_url, blog.c.locale))


class OwedPosts(Struct, frozen=True):
    state: Row
    blog: Row
    owed: Mapping[int, int]
    posts: Mapping[int, Row]
    labels: Mapping[int, list[int]]
    mentions: Mapping[int, list[str]]
    """Paths of the blog that their texts linked to when they were last read."""
    is_part: bool
    """Whether more may be owed."""

    def read(self, public_url: str) -> dict[int, Reading]:
        own_url = self.blog["public_url"] or public_url
        language = self.blog["locale"].replace("_", "-").split("-")[0].lower()
        return {
            post_id: read_post(
                row["title"],
                SafeHtml(row["body_html"]),
                self.labels.get(post_id, []),
                row["published_at"],
                own_url,
                language,
            )
            for post_id, row in self.posts.items()
        }


async def owed(reads: Reads, most: int) -> OwedPosts | None:
    """The newest ones."""
    marks = await owed_posts(reads, most)
    if not marks:
        return None
    found = await posts_to_read(reads, marks)
    return OwedPosts(
        await the_state(reads),
        (await _BLOG.rows(reads))[0],
        marks,
        found,
        await label_ids_by_post(reads, found),
        await mentions_by_post(reads, marks),
        len(marks) == most,
    )
