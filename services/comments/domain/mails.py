"""The mails to readers: one that asks whether its address wants to be told, one for each reply.

The first goes to whom somebody typed in, so nothing stands in it that a commenter wrote.
"""

import re
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from msgspec import Struct

from services.common.text import clean_line, clean_text, cut_at_word
from services.common.urls import absolute

MAX_TRIES: Final = 10
_FIRST_WAIT: Final = timedelta(minutes=10)
_TITLE_CHARS: Final = 100
_EXCERPT_CHARS: Final = 500
_BLANK_LINES: Final = re.compile(r"\n\s*\n")


def wait_after(tries: int) -> timedelta:
    """Until it is tried again: ten minutes, then twice as long each time; three and a half days in all."""
    return _FIRST_WAIT * (1 << tries)


class Blog(Struct, frozen=True):
    title: str
    public_url: str

    @property
    def name(self) -> str:
        return _line(self.title) or self.public_url


class Subscription(Struct, frozen=True):
    """To the replies to one comment; `token` proves that a link is of its mails."""

    token: str
    email: str
    comment_id: int


class Reply(Struct, frozen=True):
    comment_id: int
    author_name: str | None
    text: str


class Letter(Struct, frozen=True):
    """What all mails about a comment have in common. `mail_id` makes a mail that is sent twice one for its reader."""

    mail_id: int
    blog: Blog
    article_title: str
    article_path: str
    subscription: Subscription
    sender: str
    written_at: datetime

    def question(self) -> bytes:
        title = self._title()
        return self._message(
            f"Confirm that you want to be told of replies to “{title}”",
            f"Somebody, most likely you, commented on “{title}” at {self.blog.name} and asked to be told of replies "
            "at this address. The comment:",
            self._comment_url(self.subscription.comment_id),
            "To be told of replies, open this page and confirm it:",
            self._link("confirm"),
            "If it was not you, you need do nothing: you are sent no reply, and your address is forgotten in seven "
            "days. To have it forgotten now, open this page:",
            self._link("unsubscribe"),
        )

    def about(self, reply: Reply) -> bytes:
        title, name = self._title(), _line(reply.author_name or "") or "Somebody"
        return self._message(
            f"{name} replied to you on “{title}”",
            f"{name} replied to your comment on “{title}” at {self.blog.name}:",
            _quoted(reply.text),
            self._comment_url(reply.comment_id),
            "-- \nYou asked to be told of replies to your comment, and confirmed it. The comment:\n"
            + self._comment_url(self.subscription.comment_id),
            f"To be told no more, open this page:\n{self._link('unsubscribe')}",
        )

    def _message(self, subject: str, *paragraphs: str) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.blog.name, addr_spec=self.sender)
        message["To"] = Address(addr_spec=self.subscription.email)
        message["Subject"] = subject
        message["Date"] = self.written_at
        message["Message-ID"] = f"<mail-{self.mail_id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content("\n\n".join(paragraphs) + "\n")
        # written by hand, because the library would encode an address of this length, and mail programs not find it
        return f"List-Unsubscribe: <{self._link('unsubscribe')}>\r\n".encode("ascii") + message.as_bytes()

    def _title(self) -> str:
        return _line(self.article_title) or self.article_path

    def _comment_url(self, comment_id: int) -> str:
        return f"{absolute(self.article_path, self.blog.public_url)}#c{comment_id}"

    def _link(self, action: str) -> str:
        return f"{self.blog.public_url}/comments/{action}?token={self.subscription.token}"


def _line(text: str) -> str:
    """For a header: what would end or reorder a line is dropped."""
    return cut_at_word(clean_line(text), _TITLE_CHARS)


def _quoted(text: str) -> str:
    """The beginning of a text, each line marked as somebody else's."""
    said = cut_at_word(_BLANK_LINES.sub("\n\n", clean_text(text).strip()), _EXCERPT_CHARS)
    return "\n".join(f"> {line}".rstrip() for line in said.split("\n"))
