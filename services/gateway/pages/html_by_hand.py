"""Comments and related links as HTML: by hand, because a template takes ten times as long and pages show hundreds."""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Final

from msgspec import Struct, field

from services.common.html import SafeHtml
from services.common.urls import escaped_path
from services.gateway.clients.models import Blog, Picked, Related, ThreadComment
from services.gateway.compose.articles import BlogArticle
from services.gateway.compose.related import headline
from services.gateway.compose.words import MINUTE, said_minute

_REMOVED: Final = '<p class="notice">This comment has been removed.</p>\n'
_ANONYMOUS: Final = "Anonymous"
_SECONDS: Final = [f"{second:02}" for second in range(60)]


def comments_html(found: BlogArticle, own_path: str, own_id: str | None) -> SafeHtml:
    """`own_id` is of a comment that its author, who looks at the page, may still change."""
    comments, thread = found.page.comments, found.thread
    link = escape(f"{own_path}{thread.link(thread.cursor, reply_to='')}") if comments.is_open else ""
    shown = _Shown(found.blog, thread.depth, comments.takes_votes, link, own_id)
    return SafeHtml("".join([shown.item(comment) for comment in found.comments]))


class _Shown(Struct):
    """`reply_link` is escaped and lacks the id of the comment; empty where none may be answered."""

    blog: Blog
    depth: int
    takes_votes: bool
    reply_link: str
    own_id: str | None
    minutes: dict[int, tuple[str, str]] = field(default_factory=dict)
    """What stands around the seconds of a `time` element."""

    def item(self, comment: ThreadComment) -> str:
        """`body_html` was cleaned when it was stored; ids are digits. All in one place: pages show hundreds."""
        comment_id, depth = comment.id, min(comment.depth, self.depth)
        if comment.state == "deleted":
            return f'<li id="c{comment_id}" class="depth-{depth}">\n{_REMOVED}</li>\n'
        name = _escaped(comment.author_name or _ANONYMOUS)
        by = _linked(name, comment.author_url) if comment.author_url else name
        answers = _answers(comment.parent_id) if comment.parent_id else ""
        minute, rest = divmod(comment.published, MINUTE)
        begins, ends = self.minutes.get(minute) or self._around(minute)
        own = _own(comment_id) if comment_id == self.own_id else ""
        votes = _votes(comment, name) if self.takes_votes else ""
        link = self.reply_link and f'<a href="{self.reply_link}{comment_id}#comment-form">'
        reply = link and f'<p class="reply">{link}Reply<span class="aside"> to {name}</span></a></p>\n'
        return (
            f'<li id="c{comment_id}" class="depth-{depth}">\n<p class="commenter">{by}\n{answers}'
            f'<a class="permalink" href="#c{comment_id}">{begins}{_SECONDS[rest // 1_000_000]}{ends}</a></p>\n'
            f'<div class="said">{comment.body_html}</div>\n{own}{votes}{reply}</li>\n'
        )

    def _around(self, minute: int) -> tuple[str, str]:
        begins, words = said_minute(minute, self.blog.time_zone, self.blog.locale)
        around = self.minutes[minute] = f'<time datetime="{begins}', f'+00:00">{_in_ascii(words)}</time>'
        return around


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    """Names and labels, of which a blog sees the same ones over and over."""
    return escape(text)


def _in_ascii(text: str) -> str:
    """Minutes have spaces beyond Latin-1, which would make all that they are put together with wide."""
    return escape(text).encode("ascii", "xmlcharrefreplace").decode()


def _linked(name: str, url: str) -> str:
    return f'<a href="{escape(url)}" rel="nofollow ugc noopener noreferrer">{name}</a>'


def _answers(parent_id: str) -> str:
    return f'<a class="answers" href="#c{parent_id}">in reply</a>\n'


def _own(comment_id: str) -> str:
    link = f'<a href="/comments/{comment_id}/edit" rel="nofollow">Change or delete it</a>'
    return f'<p class="notice" role="status">Your comment is here. {link} while it is new.</p>\n'


def _votes(comment: ThreadComment, name: str) -> str:
    count = "1 vote" if comment.votes == 1 else f"{comment.votes} votes"
    button = f'<button type="submit">Vote<span class="aside"> for {name}</span></button>'
    back = '<button type="submit" name="vote" value="back">Take back<span class="aside"> my vote for'
    return (
        f'<form class="vote" method="post" action="/comments/{comment.id}/vote">\n'
        f"<p>{count} {button}{f' {back} {name}</span></button>' if comment.votes else ''}</p>\n</form>\n"
    )


def related_html(found: BlogArticle, own_path: Callable[[str], str]) -> SafeHtml:
    """Items of a list. `own_path` makes paths of the blog's own URLs."""
    return SafeHtml("".join([_related(link, own_path) for link in found.related]))


def _related(link: Picked | Related, own_path: Callable[[str], str]) -> str:
    path = own_path(link.url) if link.target is None else escaped_path(link.target.path)
    reasons = "" if isinstance(link, Picked) else _reasons(link)
    return f'<li><a href="{escape(path)}">{escape(headline(link))}</a>{reasons}</li>\n'


def _reasons(link: Related) -> str:
    labels = "" if link.label is None else f' <span class="reason">also in {_escaped(link.label)}</span>'
    terms = f' <span class="reason">both on {_escaped(", ".join(link.terms))}</span>' if link.terms else ""
    return labels + terms
