"""Replies told of by mail: to whom, once, when, and never without being asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import structlog

from services.comments.commands.mails import forget_stale, take_mail
from services.comments.commands.subscriptions import end_subscriptions, forget_asked, forget_unconfirmed
from services.comments.queries.mails import due_mails
from tests.comments.following import eventually
from tests.comments.mailing import ANN, addresses_kept, followed, link, mailing_stack, said, sent, text, waiting
from tests.comments.test_moderation import decided, moderated_by
from tests.databases import Databases
from tests.gateway.inside import database
from tests.gateway.reading import HTML, assert_problem, assert_problem_page, parts, text_of_page
from tests.posts.listing import edit, put_through, set_blog
from tests.smtp import MailServer
from tests.stack import PUBLIC_URL, Stack

Mailing = tuple[Stack, MailServer]


@pytest.fixture
async def mailing(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Mailing]:
    async with mailing_stack(databases, tmp_path, monkeypatch) as running:
        yield running


async def test_asked_confirmed_told_and_ended(mailing: Mailing) -> None:
    stack, server = mailing
    post = await stack.post(title="Kn\u00f6ts")
    comment = (await said(stack, post["id"], body="How?", author_name="Ann")).json()
    await sent(stack)
    (question,) = server.mails(ANN)
    assert question["Subject"] == "Confirm that you want to be told of replies to \u201cKn\u00f6ts\u201d"
    assert f"{post['url']}#c{comment['id']}" in text(question)
    assert "How?" not in text(question)
    await stack.comment(post["id"], "Too early", parent_id=comment["id"])
    assert await waiting(stack) == 0

    page = await stack.reader.get(link(question, "confirm"), headers=HTML)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert len(parts(page.text, "form[method=post] button")) == 1
    await stack.comment(post["id"], "Still too early", parent_id=comment["id"])
    assert await waiting(stack) == 0
    for _ in range(2):
        confirmed = await stack.reader.post(link(question, "confirm"), headers=HTML | {"Sec-Fetch-Site": "same-origin"})
        assert "You are told of replies" in text_of_page(confirmed.text)
    assert not parts((await stack.reader.get(link(question, "confirm"), headers=HTML)).text, "main form")

    reply = await stack.comment(post["id"], "Like **so**\n\n> and so", parent_id=comment["id"], author_name="Bo")
    await stack.comment(post["id"], "Not to Ann", parent_id=reply["id"])
    await stack.comment(post["id"], "Nor this")
    await sent(stack)
    (told,) = server.mails(ANN)[1:]
    assert told["Subject"] == "Bo replied to you on \u201cKn\u00f6ts\u201d"
    assert told["From"].endswith("<blog@blog.example>")
    assert "> Like **so**\n>\n> > and so\n" in text(told)
    assert f"{post['url']}#c{reply['id']}" in text(told)
    assert told["Auto-Submitted"] == "auto-generated"
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told["List-Unsubscribe"] == f"<{PUBLIC_URL}{link(told, 'unsubscribe')}>"
    assert told["Date"].datetime.date() == stack.clock.now.date()
    assert len({question["Message-ID"], told["Message-ID"]}) == 2

    for _ in range(2):
        asked = await stack.reader.get(link(told, "unsubscribe"), headers=HTML)
        assert (asked.status_code, await addresses_kept(stack)) == (200, [ANN])
    await stack.comment(post["id"], "On its way", parent_id=comment["id"])
    for _ in range(2):
        click = await stack.reader.post(link(told, "unsubscribe"), data={"List-Unsubscribe": "One-Click"})
        assert click.status_code == 200
        assert await addresses_kept(stack) == []
    await stack.comment(post["id"], "Unheard", parent_id=comment["id"])
    assert await waiting(stack) == 0
    ended = await stack.reader.get(link(told, "unsubscribe"), headers=HTML)
    assert "You are told no more" in text_of_page(ended.text)
    for call in (stack.reader.get, stack.reader.post):
        assert_problem_page(await call(link(question, "confirm"), headers=HTML), 404)


async def test_what_waits_for_a_moderator_sends_nothing_until_it_is_live(mailing: Mailing) -> None:
    stack, server = mailing
    post_id = (await stack.post())["id"]
    followed_id = await followed(stack, server, post_id)
    await moderated_by(stack, comment_moderation="all")
    asking, spam = [(await said(stack, post_id, f"{name}@readers.example")).json() for name in ("bo", "spammer")]
    reply = (await said(stack, post_id, "", notify=False, parent_id=followed_id, body="A reply")).json()
    assert (asking["held"], reply["held"]) == (True, True)
    assert await waiting(stack) == 0
    stack.clock.now += timedelta(days=8)
    assert await database(stack, "comments").write(partial(forget_unconfirmed, now=stack.clock())) == 0

    await decided(stack, "spam", spam["id"])
    await decided(stack, "approve", asking["id"], reply["id"])
    await sent(stack)
    assert {to for to, _ in server.taken} == {"bo@readers.example", ANN}
    assert len(server.taken) == 2
    assert "> A reply" in text(server.mails(ANN)[0])
    for action in ("remove", "restore", "spam", "approve"):
        await decided(stack, action, asking["id"], reply["id"])
    assert await waiting(stack) == 0
    assert await database(stack, "comments").write(partial(forget_unconfirmed, now=stack.clock())) == 1
    assert await addresses_kept(stack) == [ANN, "bo@readers.example"]
    stack.clock.now += timedelta(days=8)
    assert await database(stack, "comments").write(partial(forget_unconfirmed, now=stack.clock())) == 1
    assert await addresses_kept(stack) == [ANN], "who has confirmed stays"

    await database(stack, "comments").write(partial(end_subscriptions, comment_ids=[int(followed_id)]))
    assert await addresses_kept(stack) == []


async def test_imported_comments_tell_nobody(mailing: Mailing) -> None:
    stack, server = mailing
    post_id = (await stack.post())["id"]
    await followed(stack, server, post_id)
    (held,) = await stack.imported_comments({"source_id": "old", "post_id": post_id, "state": "held"})
    await decided(stack, "approve", held["id"])
    assert await waiting(stack) == 0


async def test_a_server_that_is_down_loses_nothing(mailing: Mailing) -> None:
    stack, server = mailing
    post_id = (await stack.post())["id"]
    comment_id = await followed(stack, server, post_id)

    async def tried(mail: int) -> int:
        async with database(stack, "comments").read() as reads:
            rows = await due_mails(reads, stack.clock() + timedelta(days=9), 9)
        return int(rows[mail]["tries"])

    await server.stop()
    await stack.comment(post_id, "First", parent_id=comment_id)
    await eventually(partial(tried, 0), 1)
    await server.start()
    assert server.taken == [], "not before its time"
    server.refusals = {"RCPT": f"451 <{ANN}> is busy"}
    stack.clock.now += timedelta(minutes=11)
    await eventually(partial(tried, 0), 2)
    server.refusals = {}
    stack.clock.now += timedelta(minutes=21)
    await sent(stack)
    assert "> First" in text(server.mails(ANN)[0])

    server.refusals = {"RCPT": f"550 <{ANN}> is unknown"}
    await stack.comment(post_id, "Second", parent_id=comment_id)
    await sent(stack)
    server.refusals = {"RCPT": f"451 <{ANN}> is busy"}
    await stack.comment(post_id, "Third", parent_id=comment_id)
    with structlog.testing.capture_logs() as logged:
        for tries in range(1, 10):
            await eventually(partial(tried, 0), tries)
            stack.clock.now += timedelta(days=4)
        await sent(stack)
    assert len(server.taken) == 1
    told = [entry for entry in logged if entry["event"] == "a mail was not sent"]
    assert [entry["is_given_up"] for entry in told][-2:] == [False, True]
    assert "ann" not in str(told)


async def test_what_may_not_be_told_any_more_is_not_sent(mailing: Mailing) -> None:
    """Posts, replies and comments that were taken away between the reply and its mail."""
    stack, server = mailing
    post_id = (await stack.post())["id"]
    comment_id = await followed(stack, server, post_id)

    async def late(body: str) -> str:
        stack.take_away("feed of posts")
        return str((await stack.comment(post_id, body, parent_id=comment_id))["id"])

    async def in_time() -> None:
        assert await waiting(stack) == 1
        assert server.taken == []
        stack.bring_back("feed of posts")
        await sent(stack)

    await late("In the trash")
    await put_through(stack, post_id, "trash")
    await in_time()
    await put_through(stack, post_id, "restore")
    await late("Hidden")
    await edit(stack, post_id, comment_policy="hidden")
    await in_time()
    await edit(stack, post_id, comment_policy="open")
    removed = await late("Removed")
    await decided(stack, "remove", removed)
    await in_time()
    await late("Removed above")
    await decided(stack, "remove", comment_id)
    await in_time()
    assert server.taken == []

    await decided(stack, "restore", comment_id)
    await late("There again")
    await set_blog(stack, public_url="https://moved.example", title="Tides")
    stack.bring_back("feed of posts")
    await sent(stack)
    (told,) = server.mails(ANN)
    assert "https://moved.example/comments/unsubscribe?token=" in text(told)
    assert told["From"] == "Tides <blog@blog.example>"


async def test_each_address_is_asked_three_times_a_day(mailing: Mailing) -> None:
    stack, server = mailing
    post_id = (await stack.post())["id"]
    for email in (ANN, ANN.upper(), ANN, ANN):
        assert (await said(stack, post_id, email)).status_code == 201
    await sent(stack)
    assert [to for to, _ in server.taken] == [ANN] * 3
    stack.clock.now += timedelta(days=1)
    await said(stack, post_id)
    await sent(stack)
    assert len(server.taken) == 4


async def test_asking_counts_when_what_was_asked_for_is_gone(mailing: Mailing) -> None:
    """The comment deleted by its author, the mail's link to end it followed: neither frees another mail."""
    stack, server = mailing
    post_id = (await stack.post())["id"]
    for _ in range(3):
        deleted = (await said(stack, post_id)).json()
        await sent(stack)
        token = {"X-Edit-Token": deleted["edit_token"]}
        assert (await stack.reader.delete(f"/api/v1/comments/{deleted['id']}", headers=token)).is_success
    await said(stack, post_id)
    await sent(stack)
    assert len(server.taken) == 3
    assert await addresses_kept(stack) == []
    opened = database(stack, "comments")
    assert await opened.write(partial(forget_asked, now=stack.clock())) == 0
    stack.clock.now += timedelta(days=1)
    assert await opened.write(partial(forget_asked, now=stack.clock())) == 3
    await said(stack, post_id)
    await sent(stack)
    end = link(server.mails(ANN)[-1], "unsubscribe")
    assert (await stack.reader.post(end, headers=HTML)).status_code == 200
    for _ in range(3):
        await said(stack, post_id)
    assert len(await addresses_kept(stack)) == 2, "one was ended, and counts"


async def test_a_mail_is_taken_by_one_process(stack: Stack) -> None:
    """Without a server nobody takes it; it is forgotten then, and its address with the days."""
    stack.comments_state["notifies"] = True
    await said(stack, (await stack.post())["id"])
    opened = database(stack, "comments")
    async with opened.read() as reads:
        (mail,) = await due_mails(reads, stack.clock(), 9)
    taken = [await opened.write(partial(take_mail, mail=mail, now=stack.clock())) for _ in range(2)]
    assert taken == [True, False]
    later = stack.clock() + timedelta(days=9)
    assert [await opened.write(partial(job, now=later)) for job in (forget_stale, forget_unconfirmed)] == [1, 1]
    assert await addresses_kept(stack) == []


async def test_addresses_are_kept_only_where_they_are_needed(mailing: Mailing) -> None:
    stack, server = mailing
    post = await stack.post()
    assert (await said(stack, post["id"], notify=False)).status_code == 201
    stack.comments_state["notifies"] = False
    assert (await said(stack, post["id"])).status_code == 201
    assert "field-email" not in (await stack.reader.get(post["path"], headers=HTML)).text
    assert (await addresses_kept(stack), server.taken) == ([], [])

    stack.comments_state["notifies"] = True
    assert "field-email" in (await stack.reader.get(post["path"], headers=HTML)).text
    fields = {"body": "By form", "email": ANN, "notify": "1", "once": "x"}
    for _ in range(2):
        assert (await stack.reader.post(f"/articles/{post['id']}/comments", data=fields)).status_code == 303
    assert await addresses_kept(stack) == [ANN]
    refused = await stack.reader.post(f"/articles/{post['id']}/comments", data=fields | {"email": "x"}, headers=HTML)
    assert refused.status_code == 422
    assert parts(refused.text, "#field-email[value=x][aria-invalid=true]")
    assert parts(refused.text, "input[name=notify][checked]")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "email",
    [
        *(None, "", "ann", 5, "a b@c.example", "ann@c.example\r\nBcc: eve@c.example", "ann@c.example,eve@c.example"),
        *("Ann <ann@c.example>", "ann@localhost", "ann@c.example\0", f"{'a' * 250}@c.example"),
    ],
)
async def test_what_is_no_address_is_refused(mailing: Mailing, email: str) -> None:
    stack, _ = mailing
    answer = await said(stack, (await stack.post())["id"], email)
    assert_problem(answer, 422, "invalid")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/email"]
    assert await addresses_kept(stack) == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_nothing_that_is_written_gets_into_headers(mailing: Mailing) -> None:
    stack, server = mailing
    await set_blog(stack, title="Blog\r\nBcc: eve@c.example")
    post = await stack.post(title="T\r\nBcc: eve@c.example\r\n\r\nBody \u202eedib " + "lang " * 90)
    comment_id = await followed(stack, server, post["id"])
    said_by = "Eve\r\nBcc: eve@c.example\r\n\r\n\u202e<b>"
    await stack.comment(post["id"], "\n.\r\nQUIT\r\n\n\n\n-- \nx", parent_id=comment_id, author_name=said_by)
    await sent(stack)
    (told,) = server.mails(ANN)
    assert set(told.keys()) == set(
        "List-Unsubscribe From To Subject Date Message-ID Auto-Submitted List-Unsubscribe-Post Content-Type "
        "Content-Transfer-Encoding MIME-Version".split()
    )
    assert told["To"] == ANN
    assert told["Subject"].startswith(
        "Eve Bcc: eve@c.example <b> replied to you on \u201cT Bcc: eve@c.example Body edib"
    )
    assert text(told).count("> .\n> QUIT\n>\n> --\n> x\n") == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_links_that_were_not_signed_here_lead_nowhere(mailing: Mailing) -> None:
    stack, server = mailing
    await said(stack, (await stack.post())["id"])
    await sent(stack)
    address, _, token = link(server.mails(ANN)[0], "unsubscribe").partition("=")
    number, _, signature = token.partition(".")
    wrong = ["", "x", number, f"{number}.", f"{int(number) + 1}.{signature}", f"{number}.{'0' * 64}", f"{token}\u00e9"]
    for path in (address, address.replace("unsubscribe", "confirm")):
        for given in wrong:
            for call in (stack.reader.get, stack.reader.post):
                assert_problem_page(await call(f"{path}={given}", headers=HTML), 404)
    assert (
        await stack.reader.post(f"{address}={token}", headers={"Origin": "https://evil.example"})
    ).status_code == 403
    assert await addresses_kept(stack) == [ANN]
    stack.take_away("comments")
    assert_problem_page(await stack.reader.post(f"{address}={token}", headers=HTML), 503)
