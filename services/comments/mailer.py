"""Sends the mails that are due, with what they tell of as it is at that moment."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Final

import structlog
from msgspec import Struct
from sqlalchemy import RowMapping

from services.comments.commands.mails import take_mail, take_out
from services.comments.domain.mails import MAX_TRIES, Blog, Letter, Reply, Subscription
from services.comments.domain.subscription_tokens import token_of
from services.comments.posts_service import NamedArticle, NamedArticles, PostsService
from services.comments.queries.mails import due_mails
from services.common.clock import Clock
from services.common.database import Database
from services.common.followed import NotFollowedError
from services.common.smtp import MailNotSentError, MailRefusedError, SmtpServer, send_mail

AT_ONCE: Final = 2
"""Each holds a thread for as long as the server takes, and other work needs threads too."""


class Mailer(Struct, frozen=True):
    database: Database
    posts: PostsService
    clock: Clock
    server: SmtpServer
    secret: str

    async def __call__(self) -> int:
        """Sends a few of those that are due; says how many there were."""
        async with self.database.read() as reads:
            due = await due_mails(reads, self.clock(), AT_ONCE)
        if not due:
            return 0
        try:
            found = await self.posts.named_articles({str(mail["post_id"]) for mail in due})
        except NotFollowedError:  # said by who follows posts; the mails stay due
            return 0
        articles = {int(article.id): article for article in found.items}
        async with asyncio.TaskGroup() as group:
            for mail in due:
                group.create_task(self._deliver(mail, found, articles))
        return len(due)

    async def _deliver(self, mail: RowMapping, blog: NamedArticles, articles: Mapping[int, NamedArticle]) -> None:
        article = articles.get(mail["post_id"])
        if article is None or not _is_wanted(mail):
            await self.database.write(partial(take_out, mail_id=mail["id"]))
        elif await self.database.write(partial(take_mail, mail=mail, now=self.clock())):
            message = self._message(mail, blog, article)
            if await self._is_done(mail, message):
                await self.database.write(partial(take_out, mail_id=mail["id"]))

    async def _is_done(self, mail: RowMapping, message: bytes) -> bool:
        """Sends it; says whether there is nothing more to try."""
        log = structlog.stdlib.get_logger("dateline.mails").bind(mail=mail["id"], tries=mail["tries"] + 1)
        try:
            await asyncio.to_thread(send_mail, self.server, mail["email"], message)
        except MailRefusedError as exc:
            log.warning("a mail was refused", reason=str(exc), is_given_up=True)
        except MailNotSentError as exc:
            is_last = bool(mail["tries"] + 1 >= MAX_TRIES)
            log.warning("a mail was not sent", reason=str(exc), is_given_up=is_last)
            return is_last
        return True

    def _message(self, mail: RowMapping, blog: NamedArticles, article: NamedArticle) -> bytes:
        letter = Letter(
            mail_id=mail["id"],
            blog=Blog(blog.blog_title, blog.public_url),
            article_title=article.title,
            article_path=article.path,
            subscription=Subscription(
                token_of(mail["subscription_id"], self.secret), mail["email"], mail["comment_id"]
            ),
            sender=self.server.sender,
            written_at=self.clock(),
        )
        if mail["reply_id"] is None:
            return letter.question()
        return letter.about(Reply(mail["reply_id"], mail["reply_author_name"], mail["reply_body_source"]))


def _is_wanted(mail: RowMapping) -> bool:
    """Comments may have been taken away since, the question answered."""
    if mail["state"] != "live" or mail["tries"] >= MAX_TRIES:
        return False
    return mail["confirmed_at"] is None if mail["reply_id"] is None else mail["reply_state"] == "live"
