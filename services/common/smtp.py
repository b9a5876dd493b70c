"""Sends mails through one SMTP server, which a URL names."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal, cast, get_args
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from services.common.mail_address import mail_address

StartTls = Literal["offered", "required", "off"]
TIMEOUT_S: Final = 10.0
"""For each step of the conversation."""
_PORTS: Final = {"smtp": 587, "smtps": 465}
_PERMANENT: Final = 500


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`sender` is the address that mails come from. With a user a password is sent, over TLS only."""

    host: str
    port: int
    is_tls: bool
    starttls: StartTls
    user: str
    password: str = field(repr=False)
    sender: str


class MailNotSentError(Exception):
    """It may be tried again. The text names no address, as servers' answers do."""


class MailRefusedError(MailNotSentError):
    """The server will never take this mail."""


def smtp_server(url: str) -> SmtpServer:
    """Of `smtp://USER:PASSWORD@HOST:PORT?from=ADDRESS&starttls=offered` or `smtps://…`; raises ValueError for others,
    without a word of the URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # whose text may hold a piece of a password
        raise ValueError("must be smtp://HOST?from=ADDRESS or smtps://HOST?from=ADDRESS") from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise ValueError("must be smtp://HOST?from=ADDRESS or smtps://HOST?from=ADDRESS")
    sender, starttls = _options(parts)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise ValueError("takes a user and a password of ASCII characters only")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        is_tls=parts.scheme == "smtps",
        starttls=starttls,
        user=user,
        password=password,
        sender=sender,
    )


def _options(parts: SplitResult) -> tuple[str, StartTls]:
    given = parse_qs(parts.query, keep_blank_values=True)
    if not set(given) <= {"from", "starttls"} or any(len(values) > 1 for values in given.values()):
        raise ValueError("takes from=ADDRESS and starttls= after its question mark, each once")
    try:
        sender = mail_address(given.get("from", [""])[0])
    except ValueError as exc:
        raise ValueError("must end in ?from=ADDRESS, the address that mails come from") from exc
    wanted = given.get("starttls", ["required" if parts.username else "offered"])[0]
    if wanted not in get_args(StartTls):
        raise ValueError("takes starttls=offered, required or off")
    if parts.scheme == "smtp" and parts.username and wanted != "required":
        raise ValueError("has a password, which is sent over TLS only: use smtps:// or leave starttls= out")
    return sender, cast("StartTls", wanted)


def send_mail(server: SmtpServer, recipient: str, message: bytes) -> None:
    """Returns when the server has taken it; blocks. Raises MailRefusedError and MailNotSentError."""
    try:
        with _connected(server) as connection:
            _secure(connection, server)
            connection.sendmail(server.sender, [recipient], message)
    except smtplib.SMTPRecipientsRefused as exc:
        raise _failure(next(iter(exc.recipients.values()))[0]) from None
    except smtplib.SMTPDataError as exc:
        raise _failure(exc.smtp_code) from None
    except smtplib.SMTPResponseException as exc:
        # about who sends, which the operator can change
        raise MailNotSentError(f"the server answered {exc.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as exc:
        raise MailNotSentError(type(exc).__name__) from None


def _failure(status: int) -> MailNotSentError:
    kind = MailRefusedError if status >= _PERMANENT else MailNotSentError
    return kind(f"the server answered {status}")


class _Connection(smtplib.SMTP):
    def __exit__(self, *_: object) -> None:
        """Once the mail was taken, it does not matter how the server says goodbye."""
        with suppress(smtplib.SMTPException, OSError):
            self.quit()
        self.close()


class _TlsConnection(smtplib.SMTP_SSL, _Connection):
    """TLS from the first byte."""


def _connected(server: SmtpServer) -> _Connection:
    # names itself after its sender: to look up this machine's own name may take long, and is nobody's business
    name = server.sender.rpartition("@")[2]
    if server.is_tls:
        tls = ssl.create_default_context()
        return _TlsConnection(server.host, server.port, name, timeout=TIMEOUT_S, context=tls)
    return _Connection(server.host, server.port, name, timeout=TIMEOUT_S)


def _secure(connection: _Connection, server: SmtpServer) -> None:
    connection.ehlo_or_helo_if_needed()
    offers = connection.has_extn("starttls")
    if not server.is_tls and (server.starttls == "required" or (server.starttls == "offered" and offers)):
        connection.starttls(context=ssl.create_default_context())
    if server.user:
        connection.login(server.user, server.password)
