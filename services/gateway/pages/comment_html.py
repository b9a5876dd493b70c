"""The comments of a thread as HTML: by hand, because a template takes ten times as long and pages show hundreds."""

from dataclasses import dataclass
from html import escape

from services.common.html import SafeHtml
from services.gateway.clients.models import Blog, Comment
from services.gateway.compose.articles import BlogArticle
from services.gateway.compose.words import moment

_REMOVED = '<p class="notice">This comment has been removed.</p>\n'


def comments_html(found: BlogArticle, own_path: str, own_id: str | None) -> SafeHtml:
    """`own_id` is of a comment that its author, who looks at the page, may still change."""
    comments, thread = found.page.comments, found.thread
    link = f"{own_path}{thread.link(thread.cursor, reply_to='')}" if comments.is_open else None
    shown = _Shown(found.blog, thread.depth, comments.takes_votes, link, own_id)
    return SafeHtml("".join([shown.item(comment) for comment in found.comments]))


@dataclass(frozen=True, slots=True)
class _Shown:
    """`reply_link` lacks the id of the comment; None where none may be answered."""

    blog: Blog
    depth: int
    takes_votes: bool
    reply_link: str | None
    own_id: str | None

    def item(self, comment: Comment) -> str:
        depth = min(self.depth, comment.depth)
        said = _REMOVED if comment.state == "deleted" else self._said(comment)
        return f'<li id="c{comment.id}" class="depth-{depth}">\n{said}</li>\n'

    def _said(self, comment: Comment) -> str:
        """`body_html` was cleaned when it was stored; ids are digits."""
        name = escape(comment.author_name or "Anonymous")
        votes = _votes(comment, name) if self.takes_votes else ""
        own = _own(comment.id) if comment.id == self.own_id else ""
        return (
            f'<p class="commenter">{_linked(name, comment.author_url)}\n{_answers(comment.parent_id)}'
            f'<a class="permalink" href="#c{comment.id}"><time datetime="{comment.published.isoformat()}">'
            f"{escape(moment(comment.published, self.blog))}</time></a></p>\n"
            f'<div class="said">{comment.body_html}</div>\n{own}{votes}{self._reply(comment.id, name)}'
        )

    def _reply(self, comment_id: str, name: str) -> str:
        if self.reply_link is None:
            return ""
        link = f"{escape(self.reply_link)}{comment_id}#comment-form"
        return f'<p class="reply"><a href="{link}">Reply<span class="aside"> to {name}</span></a></p>\n'


def _linked(name: str, url: str | None) -> str:
    return name if url is None else f'<a href="{escape(url)}" rel="nofollow ugc noopener noreferrer">{name}</a>'


def _answers(parent_id: str | None) -> str:
    return "" if parent_id is None else f'<a class="answers" href="#c{parent_id}">in reply</a>\n'


def _own(comment_id: str) -> str:
    link = f'<a href="/comments/{comment_id}/edit" rel="nofollow">Change or delete it</a>'
    return f'<p class="notice" role="status">Your comment is here. {link} while it is new.</p>\n'


def _votes(comment: Comment, name: str) -> str:
    count = "1 vote" if comment.votes == 1 else f"{comment.votes} votes"
    button = f'<button type="submit">Vote<span class="aside"> for {name}</span></button>'
    back = '<button type="submit" name="vote" value="back">Take back<span class="aside"> my vote for'
    return (
        f'<form class="vote" method="post" action="/comments/{comment.id}/vote">\n'
        f"<p>{count} {button}{f' {back} {name}</span></button>' if comment.votes else ''}</p>\n</form>\n"
    )
