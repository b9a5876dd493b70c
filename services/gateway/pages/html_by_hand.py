"""Comments and related links as HTML: by hand, because a template takes ten times as long and pages show hundreds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

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
    link = escape(f"{own_path}{thread.link(thread.cursor, reply_to='')}") if comments.is_open else None
    shown = _Shown(_Times(found.blog), thread.depth, comments.takes_votes, link, own_id)
    return SafeHtml("".join([shown.item(comment) for comment in found.comments]))


@dataclass(frozen=True, slots=True)
class _Shown:
    """`reply_link` is escaped and lacks the id of the comment; None where none may be answered."""

    time: Callable[[int], str]
    depth: int
    takes_votes: bool
    reply_link: str | None
    own_id: str | None

    def item(self, comment: ThreadComment) -> str:
        depth = min(self.depth, comment.depth)
        said = _REMOVED if comment.state == "deleted" else self._said(comment)
        return f'<li id="c{comment.id}" class="depth-{depth}">\n{said}</li>\n'

    def _said(self, comment: ThreadComment) -> str:
        """`body_html` was cleaned when it was stored; ids are digits."""
        comment_id = comment.id
        name = _escaped(comment.author_name or _ANONYMOUS)
        by = name if comment.author_url is None else _linked(name, comment.author_url)
        answers = "" if comment.parent_id is None else _answers(comment.parent_id)
        own = _own(comment_id) if comment_id == self.own_id else ""
        votes = _votes(comment, name) if self.takes_votes else ""
        said = (
            f'<p class="commenter">{by}\n{answers}'
            f'<a class="permalink" href="#c{comment_id}">{self.time(comment.published)}</a></p>\n'
            f'<div class="said">{comment.body_html}</div>\n{own}{votes}'
        )
        if self.reply_link is None:
            return said
        link = f"{self.reply_link}{comment_id}#comment-form"
        return f'{said}<p class="reply"><a href="{link}">Reply<span class="aside"> to {name}</span></a></p>\n'


class _Times:
    """Makes elements of times, which it takes in microseconds since 1970, in a blog's locale and zone."""

    def __init__(self, blog: Blog) -> None:
        self._place = blog.time_zone, blog.locale
        self._minutes = dict[int, tuple[str, str]]()

    def __call__(self, at: int) -> str:
        minute, rest = divmod(at, MINUTE)
        if (around := self._minutes.get(minute)) is None:
            begins, words = said_minute(minute, *self._place)
            around = self._minutes[minute] = f'<time datetime="{begins}', f'+00:00">{_in_ascii(words)}</time>'
        seconds, fraction = divmod(rest, 1_000_000)
        return f"{around[0]}{_SECONDS[seconds]}{f'.{fraction:06}' if fraction else ''}{around[1]}"


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    """Names, of which a blog sees the same ones over and over."""
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
    labels = "" if link.label is None else f' <span class="reason">also in {escape(link.label)}</span>'
    terms = f' <span class="reason">both on {escape(", ".join(link.terms))}</span>' if link.terms else ""
    return labels + terms
