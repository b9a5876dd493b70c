"""Votes: one from each network, as often as it is sent; kept with the comment, and for comments that are shown."""

import asyncio

import pytest
from sqlalchemy import select

from services.comments.commands.vote import forget_vote_quotas
from services.comments.domain.voters import VOTES_AN_HOUR
from services.comments.tables import changes, comments, vote_quotas, votes
from tests.comments.test_moderation import decided
from tests.comments.voting import reader_at, take_votes, vote_of
from tests.gateway.inside import database, outbox
from tests.gateway.reading import HTML, assert_problem, assert_problem_page, part, parts, texts
from tests.posts.listing import put_through
from tests.stack import Stack

A, B, C = "203.0.113.1", "198.51.100.7", "2001:db8::7"
Answer = tuple[int, int, bool]


async def given(stack: Stack, comment_id: str, address: str, method: str = "PUT") -> Answer:
    answer = await reader_at(stack, address).request(method, vote_of(comment_id))
    return answer.status_code, answer.json()["votes"], answer.json()["voted"]


async def shown(stack: Stack, post_id: str) -> list[int]:
    items = (await stack.reader.get(f"/api/v1/articles/{post_id}")).json()["comments"]["items"]
    return [item["votes"] for item in items]


async def kept(stack: Stack) -> dict[int, tuple[int, int]]:
    """By comment: the number that is kept with it, and how many votes there are."""
    async with database(stack, "comments").read() as reads:
        of = (await reads.execute(select(votes.c.comment_id))).scalars().all()
        return {row.id: (row.votes, of.count(row.id)) for row in await reads.execute(select(comments))}


async def test_a_vote_is_one_however_often_it_is_given_or_taken_back(stack: Stack) -> None:
    await take_votes(stack)
    post_id = (await stack.post())["id"]
    first, second = [(await stack.comment(post_id))["id"] for _ in range(2)]
    before = len(await outbox(stack, "comments", changes))
    for address, method, answer in (
        (A, "DELETE", (200, 0, False)),
        (A, "PUT", (200, 1, True)),
        (A, "PUT", (200, 1, True)),
        (B, "PUT", (200, 2, True)),
        (C, "PUT", (200, 3, True)),
        ("2001:db8::8:9", "PUT", (200, 3, True)),  # of the same network
        ("2001:db8:0:1::7", "PUT", (200, 4, True)),
        (B, "DELETE", (200, 3, False)),
        (B, "DELETE", (200, 3, False)),
        (B, "PUT", (200, 4, True)),
    ):
        assert await given(stack, first, address, method) == answer, (address, method)
    assert await shown(stack, post_id) == [4, 0]
    told = (await outbox(stack, "comments", changes))[before:]
    written = [change for change in told if change[0] != "thread.turned"]
    assert [change[:2] for change in written] == [("comment.voted", first)] * 6
    assert {tuple(touches) for *_, touches in written} == {(f"thread:{post_id}", "comments")}
    assert await kept(stack) == {int(first): (4, 4), int(second): (0, 0)}

    async with database(stack, "comments").read() as reads:
        stored = str([(await reads.execute(select(table))).all() for table in (votes, vote_quotas)])
    assert not [address for address in (A, B, C) if address in stored]


async def test_voters_at_once_are_all_counted(stack: Stack) -> None:
    await take_votes(stack)
    post_id = (await stack.post())["id"]
    one, other = [(await stack.comment(post_id))["id"] for _ in range(2)]
    clients = [reader_at(stack, f"192.0.2.{n}") for n in range(10)]
    giving = [client.put(vote_of(on)) for client in clients for on in (one, other, one)]
    answers, *_ = await asyncio.gather(
        asyncio.gather(*giving), decided(stack, "approve", one), stack.comment(post_id, parent_id=one)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sorted((await kept(stack)).values()) == [(0, 0), (10, 10), (10, 10)]
    back = [client.delete(vote_of(one)) for client in clients[:6] for _ in range(3)]
    await asyncio.gather(*back, *(client.put(vote_of(other)) for client in clients))
    assert (await shown(stack, post_id))[::2] == [4, 10]
    assert sorted((await kept(stack)).values()) == [(0, 0), (4, 4), (10, 10)]


async def test_only_what_is_shown_is_voted_for(stack: Stack) -> None:
    """Anything else is answered like what is not there, to the byte."""
    post = await stack.post()
    ids = [(await stack.comment(post["id"], f"{n}"))["id"] for n in range(2)]
    states = ("held", "spam", "removed", "deleted")
    imported = await stack.imported_comments(
        *({"source_id": state, "post_id": post["id"], "state": state} for state in states)
    )
    await take_votes(stack)

    async def told(comment_id: str) -> list[tuple[int, str]]:
        tried = [await reader_at(stack, A).request(method, vote_of(comment_id)) for method in ("PUT", "DELETE")]
        tried.append(await reader_at(stack, A).post(f"/comments/{comment_id}/vote"))
        return [(one.status_code, one.text.replace(one.headers["X-Request-Id"], "")) for one in tried]

    missing = await told("5")
    assert [status for status, _ in missing] == [404] * 3
    assert [await told(one["id"]) for one in imported] == [missing] * 4
    assert (await given(stack, ids[0], A))[0] == 200
    await decided(stack, "spam", ids[0])
    assert await told(ids[0]) == missing
    await decided(stack, "restore", ids[0])
    assert await given(stack, ids[0], B) == (200, 2, True)

    always = {"If-Match": "*"}
    for hiding, showing in (("hidden", "closed"), ("hidden", "open")):
        patched = f"/api/v1/posts/{post['id']}"
        await stack.operator.patch(patched, json={"comment_policy": hiding}, headers=always)
        assert await told(ids[0]) == missing
        await stack.operator.patch(patched, json={"comment_policy": showing}, headers=always)
        assert (await told(ids[1]))[0][0] == 200
    await put_through(stack, post["id"], "trash")
    assert await told(ids[0]) == missing
    await put_through(stack, post["id"], "restore")
    assert await given(stack, ids[0], A) == (200, 2, True)
    assert_problem(await stack.reader.put("/api/v1/comments/x/vote"), 422, "invalid")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_blog_without_votes_takes_and_shows_none(stack: Stack) -> None:
    post = await stack.post()
    comment_id = (await stack.comment(post["id"]))["id"]
    for method in ("PUT", "DELETE"):
        refused = await stack.reader.request(method, vote_of(comment_id))
        assert_problem(refused, 409, "conflict")
        assert refused.json()["detail"] == "This blog takes no votes on comments."
    page = (await stack.reader.get(post["path"], headers=HTML)).text
    assert not parts(page, ".vote")
    assert_problem_page(await reader_at(stack, A).post(f"/comments/{comment_id}/vote", headers=HTML), 409)

    await take_votes(stack)
    await given(stack, comment_id, A)
    thread = (await stack.reader.get(f"/api/v1/articles/{post['id']}/comments")).json()
    assert (thread["takes_votes"], thread["items"][0]["votes"]) == (True, 1)
    await take_votes(stack, "off")
    thread = (await stack.reader.get(f"/api/v1/articles/{post['id']}/comments")).json()
    assert (thread["takes_votes"], thread["items"][0]["votes"]) == (False, 0)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_the_button_votes_and_leads_back(stack: Stack) -> None:
    await take_votes(stack)
    post = await stack.post(path="/2024/grüße.html")
    comment_id = (await stack.comment(post["id"], author_name="Ann"))["id"]
    await stack.imported_comments({"source_id": "1", "post_id": post["id"], "state": "deleted"})
    page = (await stack.reader.get(post["path"], headers=HTML)).text
    form = part(page, ".vote").attributes
    assert (form["method"], form["action"]) == ("post", f"/comments/{comment_id}/vote")
    assert texts(page, ".vote") == ["0 votes Vote for Ann"]
    for address, fields, said in (
        (A, {}, "1 vote"),
        (A, {"vote": ""}, "1 vote"),
        (B, {}, "2 votes"),
        (B, {"vote": "back"}, "1 vote"),
        (B, {"vote": "back"}, "1 vote"),
        (B, {}, "2 votes"),
    ):
        sent = await reader_at(stack, address).post(form["action"] or "", data=fields, headers=HTML)
        assert (sent.status_code, sent.content) == (303, b"")
        path, _, anchor = sent.headers["Location"].partition("#")
        assert path == f"/2024/gr%C3%BC%C3%9Fe.html?showComment={comment_id}"
        shown = (await stack.reader.get(path, headers=HTML)).text
        assert texts(shown, f"#{anchor} .vote") == [f"{said} Vote for Ann Take back my vote for Ann"]
        back = part(shown, f"#{anchor} .vote button[name]").attributes
        assert (back["name"], back["value"]) == ("vote", "back")
    elsewhere = {"Origin": "https://evil.example"}
    assert (await stack.reader.post(form["action"] or "", headers=elsewhere)).status_code == 403


async def test_a_network_gives_so_many_votes_an_hour(stack: Stack) -> None:
    """A vote that is there counts nothing; one that was taken back counts."""
    await take_votes(stack)
    post_id = (await stack.post())["id"]
    many = [{"source_id": str(n), "post_id": post_id} for n in range(VOTES_AN_HOUR)]
    ids = [one["id"] for one in await stack.imported_comments(*many)]
    for start in range(1, VOTES_AN_HOUR, 15):
        answers = await asyncio.gather(*(given(stack, one, A) for one in ids[start : start + 15]))
        assert set(answers) == {(200, 1, True)}
    await given(stack, ids[1], A, "DELETE")
    assert (await given(stack, ids[1], A))[0] == 200
    stack.clock.now = stack.clock.now.replace(minute=50, second=0, microsecond=0)
    refused = await reader_at(stack, A).put(vote_of(ids[0]))
    assert_problem(refused, 429, "too-many-requests")
    assert 590 < int(refused.headers["Retry-After"]) <= 600
    assert (await given(stack, ids[2], A))[0] == 200
    assert (await given(stack, ids[0], B)) == (200, 1, True)
    page = await reader_at(stack, A).post(f"/comments/{ids[0]}/vote", headers=HTML)
    assert_problem_page(page, 429)
    assert page.headers["Retry-After"]

    forget = lambda writes: forget_vote_quotas(writes, stack.clock())  # noqa: E731 of its own time
    assert await database(stack, "comments").write(forget) == 0
    stack.clock.now = stack.clock.now.replace(hour=stack.clock.now.hour + 1)
    assert await given(stack, ids[0], A) == (200, 2, True)
    assert await database(stack, "comments").write(forget) == 2


async def test_what_a_vote_costs(stack: Stack) -> None:
    await take_votes(stack)
    post_id = (await stack.post())["id"]
    comment_id = (await stack.comment(post_id))["id"]
    with stack.recorder.recording() as costs:
        await stack.reader.put(vote_of(comment_id))
    assert costs.calls == [
        f"comments GET /comments/{comment_id}/post",
        f"posts GET /articles/{post_id}/commenting",
        f"comments PUT /comments/{comment_id}/vote",
    ]
    assert costs.counts() == {"posts": 1, "comments": 7}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_without_a_service_nobody_votes(stack: Stack) -> None:
    await take_votes(stack)
    comment_id = (await stack.comment((await stack.post())["id"]))["id"]
    for name in ("posts", "comments"):
        stack.take_away(name)
        assert_problem(await stack.reader.put(vote_of(comment_id)), 503, "unavailable")
        stack.bring_back(name)
    assert await given(stack, comment_id, A) == (200, 1, True)
