"""A stack that sends mails, and readers who get them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from services.comments.tables import mails, subscriptions
from tests.comments.following import eventually
from tests.databases import Databases
from tests.gateway.inside import database
from tests.gateway.reading import HTML
from tests.smtp import MailServer, mail_server
from tests.stack import PUBLIC_URL, Stack, running_stack

ANN = "ann@readers.example"


@asynccontextmanager
async def mailing_stack(
    databases: Databases, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Stack, MailServer]]:
    monkeypatch.setattr("services.comments.jobs.MAIL_EVERY_S", 0.01)
    async with mail_server() as server, running_stack(databases, folder, smtp_url=server.url) as stack:
        yield stack, server


async def said(stack: Stack, post_id: str, email: str = ANN, **given: Any) -> httpx.Response:
    """A comment whose author wants to be told of replies."""
    new = {"body": "Well said.", "email": email, "notify": True} | given
    return await stack.reader.post(f"/api/v1/articles/{post_id}/comments", json=new)


async def followed(stack: Stack, server: MailServer, post_id: str) -> str:
    """The id of a live comment whose author has confirmed."""
    comment_id: str = (await said(stack, post_id)).json()["id"]
    await sent(stack)
    (question,) = server.mails(ANN)
    assert (await stack.reader.post(link(question, "confirm"), headers=HTML)).status_code == 200
    server.taken.clear()
    return comment_id


async def waiting(stack: Stack) -> int:
    async with database(stack, "comments").read() as reads:
        return int((await reads.execute(select(func.count()).select_from(mails))).scalar_one())


async def addresses_kept(stack: Stack) -> list[str]:
    async with database(stack, "comments").read() as reads:
        return list((await reads.execute(select(subscriptions.c.email).order_by(subscriptions.c.id))).scalars())


async def sent(stack: Stack) -> None:
    """Returns when nothing waits to be sent any more."""

    async def left() -> int:
        return await waiting(stack)

    await eventually(left, 0)


def link(mail: EmailMessage, action: str) -> str:
    """The path behind the blog's address."""
    (found,) = set(re.findall(rf"^{PUBLIC_URL}(/comments/{action}\?token=\S+)$", text(mail), re.MULTILINE))
    return str(found)


def text(mail: EmailMessage) -> str:
    assert mail.get_content_type() == "text/plain"
    content: str = mail.get_content()
    return content.replace("\r\n", "\n")
