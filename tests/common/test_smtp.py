"""Mail servers by their URLs, and what is never said to them, or of them."""

import asyncio
import smtplib

import pytest

from services.comments.settings import CommentsSettings
from services.common.mail_address import mail_address
from services.common.settings import SettingsError
from services.common.smtp import MailNotSentError, MailRefusedError, SmtpServer, send_mail, smtp_server
from tests.smtp import mail_server

MAIL = b"Subject: Hello\r\n\r\n.dots\r\n"


def test_urls_name_servers() -> None:
    assert smtp_server("smtp://mail.example?from=Blog@Example.org") == SmtpServer(
        "mail.example", 587, is_tls=False, starttls="offered", user="", password="", sender="blog@example.org"
    )
    secure = smtp_server("smtps://us%40er:p%2Fw@mail.example:4465?from=b@example.org")
    assert (secure.port, secure.is_tls, secure.user, secure.password) == (4465, True, "us@er", "p/w")
    assert "p/w" not in repr(secure)
    assert smtp_server("smtp://u:p@mail.example?from=b@example.org").starttls == "required"


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example?from=b@example.org",
        "smtp://?from=b@example.org",
        "smtp://mail.example:x?from=b@example.org",
        "smtp://u:qzpassqz@mail.example",
        "smtp://mail.example?from=b",
        "smtp://mail.example?from=b@example.org%0d%0aBcc:c@example.org",
        "smtp://mail.example?from=b@example.org&to=c@example.org",
        "smtp://mail.example?from=b@example.org&starttls=maybe",
        "smtp://u:qzpassqz@mail.example?from=b@example.org&starttls=off",
        "smtp://u:qzp\u00e9ssqz@mail.example?from=b@example.org",
        "smtp://mail.example/path?from=b@example.org",
    ],
)
def test_what_names_no_server_is_refused_at_start_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="DATELINE_SMTP_URL: ") as refused:
        CommentsSettings.load(smtp_url=url)
    told = f"{refused.value} {refused.value.__cause__}"
    assert "qzp" not in told
    assert "qzp" not in repr(CommentsSettings.load(smtp_url="smtp://u:qzpassqz@mail.example?from=b@example.org"))


def test_addresses_have_one_form() -> None:
    assert mail_address("Ann.O'Neil+blog@B\u00fccher.Example") == "ann.o'neil+blog@xn--bcher-kva.example"
    for wrong in (
        *("", "ann", "@b.example", "ann@", "ann@localhost", "a@b@c.example", "a b@c.example", "a\r\n@c.example"),
        *("<a@c.example>", "a@c.example,d@c.example", "a@[127.0.0.1]", '"a"@c.example', "a..b@c.example"),
        *("a@c..example", "a@-c.example", "\u00e4nn@c.example", f"{'a' * 65}@c.example", f"a@{'c' * 64}.example"),
        f"a@{'c.' * 130}example",
    ):
        with pytest.raises(ValueError, match="must be an e-mail address"):
            mail_address(wrong)


async def test_servers_say_what_may_be_tried_again() -> None:
    async with mail_server() as server:
        target = smtp_server(server.url)
        await asyncio.to_thread(send_mail, target, "ann@example.org", MAIL)
        assert server.taken == [("ann@example.org", MAIL)]
        assert server.heard[0] == "ehlo blog.example"
        for command, answer, kind in (
            ("RCPT", "550 <ann@example.org> is unknown", MailRefusedError),
            ("END", "554 looks like spam", MailRefusedError),
            ("RCPT", "450 <ann@example.org> is busy", MailNotSentError),
            ("MAIL", "550 not from you", MailNotSentError),
            ("EHLO", "500 what", None),
            ("QUIT", "500 what", None),
        ):
            server.refusals = {command: answer}
            if kind is None:
                await asyncio.to_thread(send_mail, target, "ann@example.org", MAIL)
                continue
            with pytest.raises(MailNotSentError, match=r"^the server answered \d{3}$") as failed:
                await asyncio.to_thread(send_mail, target, "ann@example.org", MAIL)
            assert type(failed.value) is kind
        assert len(server.taken) == 3


async def test_passwords_travel_over_tls_only() -> None:
    async with mail_server() as server:
        target = smtp_server(server.url.replace("smtp://", "smtp://user:qzpassqz@"))
        with pytest.raises(MailNotSentError, match=smtplib.SMTPNotSupportedError.__name__):
            await asyncio.to_thread(send_mail, target, "ann@example.org", MAIL)
        assert not any(line.upper().startswith("AUTH") for line in server.heard)
        assert server.taken == []
        server.refusals = {"EHLO": "250-hello\r\n250 STARTTLS", "STAR": "454 not now"}
        with pytest.raises(MailNotSentError):
            await asyncio.to_thread(send_mail, smtp_server(server.url), "ann@example.org", MAIL)
        assert server.taken == []
    with pytest.raises(MailNotSentError, match="ConnectionRefusedError"):
        await asyncio.to_thread(send_mail, target, "ann@example.org", MAIL)
