"""Posts that wait to be related, with all that is read of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import RowMapping

from services.common.database import Reads
from services.common.html import SafeHtml
from services.posts.domain.related.reading import Reading, read_post
from services.posts.queries.blog import the_blog
from services.posts.queries.related_docs import Row
from services.posts.queries.related_index import owed_posts, the_state
from services.posts.queries.related_posts import label_ids_by_post, posts_to_read


@dataclass(frozen=True, slots=True)
class OwedPosts:
    state: Row
    blog: RowMapping
    owed: Mapping[int, int]
    posts: Mapping[int, Row]
    labels: Mapping[int, list[int]]

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
    return OwedPosts(await the_state(reads), await the_blog(reads), marks, found, await label_ids_by_post(reads, found))
