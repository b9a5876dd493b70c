"""What the comments service follows of posts and of the blog."""

from datetime import datetime

from services.common.ids import IdOut
from services.common.models import Output
from services.posts.domain.store import CommentPolicy
from services.posts.schemas.blog import CommentModeration, CommentNames, CommentVotes


class CommentingOut(Output):
    """What a comment to a live post has to know."""

    comment_policy: CommentPolicy
    path: str
    version: int


class CommentedOut(Output):
    """A post in whatever state. Of two answers about one post, the one with the higher `version` is newer."""

    id: IdOut
    is_live: bool
    comment_policy: CommentPolicy
    published: datetime | None
    version: int


class CommentedListOut(Output):
    items: list[CommentedOut]


class NamedArticleOut(Output):
    id: IdOut
    title: str
    path: str


class NamedArticlesOut(Output):
    """Live articles that show comments, as mails name them, and the blog around them."""

    blog_title: str
    public_url: str
    items: list[NamedArticleOut]


class RulesOut(Output):
    """Which comments wait for a moderator; `days` is how old a post is whose comments do, under `old_posts`.

    `staff` are the authors' names, up to 1,000.
    """

    moderation: CommentModeration
    days: int
    names: CommentNames
    votes: CommentVotes
    staff: list[str]
