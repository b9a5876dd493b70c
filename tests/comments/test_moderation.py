"""Comments that wait: by policy or by the filter, what moderators decide, what is counted and learnt."""

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import select

from services.comments.tables import filter_changes
from tests.comments.following import eventually
from tests.comments.test_counts import kept_and_counted
from tests.gateway.inside import database
from tests.gateway.reading import assert_problem
from tests.posts.listing import set_blog
from tests.stack import Stack

QUEUE = "/api/v1/comments"
DECISIONS = f"{QUEUE}/decisions"
SPAM = "Check out my channel!!! free gift cards http://win-big.example/xxx subscribe subscribe"


async def said(stack: Stack, post_id: str, **given: Any) -> tuple[int, dict[str, Any]]:
    answer = await stack.reader.post(f"/api/v1/articles/{post_id}/comments", json={"body": "Well said."} | given)
    return answer.status_code, answer.json()


async def queue(stack: Stack, **params: Any) -> list[dict[str, Any]]:
    answer = await stack.operator.get(QUEUE, params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def decided(stack: Stack, action: str, *ids: str) -> list[tuple[str, str]]:
    answer = await stack.operator.post(DECISIONS, json={"ids": ids, "action": action})
    assert answer.status_code == 200, answer.text
    return [(result["outcome"], result["state"]) for result in answer.json()["results"]]


async def thread(stack: Stack, post_id: str) -> tuple[int, list[str]]:
    comments = (await stack.reader.get(f"/api/v1/articles/{post_id}")).json()["comments"]
    return comments["count"], [item["id"] for item in comments["items"]]


async def moderated_by(stack: Stack, **settings: Any) -> None:
    """Waits until the comments service has heard of it: everything waits from then on, or what the policy says."""
    await set_blog(stack, **settings)

    async def moderation() -> str:
        async with database(stack, "comments").read() as reads:
            return str((await reads.exec_driver_sql("SELECT moderation FROM posts_feed")).scalar_one())

    await eventually(moderation, settings["comment_moderation"])


async def test_all_wait_until_somebody_decides(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    await moderated_by(stack, comment_moderation="all")
    status, comment = await said(stack, post_id, author_name="Ann", body="One")
    assert (status, comment["held"], comment["deleted"]) == (202, True, False)
    assert await thread(stack, post_id) == (0, [])
    (waiting,) = await queue(stack)
    assert (waiting["id"], waiting["state"], waiting["post_id"]) == (comment["id"], "held", post_id)
    assert waiting["reasons"] == ["Every comment waits for a moderator."]
    assert waiting["decision"] is None

    assert await decided(stack, "approve", comment["id"]) == [("changed", "live")]
    assert await thread(stack, post_id) == (1, [comment["id"]])
    assert await decided(stack, "approve", comment["id"], "5") == [("unchanged", "live"), ("unknown", None)]
    assert await queue(stack) == []
    (live,) = await queue(stack, state="live")
    assert (live["decision"]["action"], live["decision"]["made_by"]) == ("approve", "operator")
    reply = await said(stack, post_id, parent_id=comment["id"])
    assert reply[0] == 202


async def test_a_moderator_waits_for_nobody(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    await moderated_by(stack, comment_moderation="all")
    address = f"/api/v1/articles/{post_id}/comments"
    assert (await stack.operator.post(address, json={"body": "Mine"})).status_code == 201
    assert (await (await stack.key("import:run")).post(address, json={"body": "Theirs"})).status_code == 202


async def test_names_that_are_known_pass(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    await moderated_by(stack, comment_moderation="first_time")
    status, first = await said(stack, post_id, author_name="Ann")
    assert status == 202
    assert (await said(stack, post_id, author_name="Ann"))[0] == 202
    await decided(stack, "approve", first["id"])
    assert [(await said(stack, post_id, author_name=name))[0] for name in ("Ann", "Bo", "")] == [201, 202, 202]
    assert {one["reasons"][0] for one in await queue(stack)} == {"It is the first comment under this name."}
    assert len(await queue(stack, author_name="Ann")) == 1


async def test_old_posts_are_watched(stack: Stack) -> None:
    old, new = [(await stack.post(published=at))["id"] for at in ("2026-02-01T00:00:00Z", "2026-03-10T00:00:00Z")]
    await moderated_by(stack, comment_moderation="old_posts", comment_moderation_days=14)
    assert [(await said(stack, post_id))[0] for post_id in (old, new)] == [202, 201]
    (waiting,) = await queue(stack)
    assert waiting["reasons"] == ["The post is older than 14 days."]


async def test_decisions_are_counted_logged_and_taken_back(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    ids = [(await stack.comment(post_id, f"Number {number}"))["id"] for number in range(3)]
    reply = (await stack.comment(post_id, "Reply", parent_id=ids[0]))["id"]
    assert await decided(stack, "spam", ids[0]) == [("changed", "spam")]
    assert await decided(stack, "remove", ids[1]) == [("changed", "removed")]
    assert await thread(stack, post_id) == (2, [reply, ids[2]])
    kept, counted = await kept_and_counted(stack)
    assert kept == counted

    assert await decided(stack, "remove", ids[0]) == [("changed", "removed")]
    assert await decided(stack, "restore", ids[0], ids[1], ids[2]) == [
        ("changed", "spam"),
        ("changed", "live"),
        ("unchanged", "live"),
    ]
    log = (await stack.operator.get(f"{QUEUE}/{ids[0]}/decisions")).json()["items"]
    assert [(one["action"], one["was"], one["became"]) for one in log] == [
        ("restore", "removed", "spam"),
        ("remove", "spam", "removed"),
        ("spam", "live", "spam"),
    ]
    assert_problem(await stack.operator.get(f"{QUEUE}/5/decisions"), 404, "not-found")
    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(post_id): 3}


async def test_restoring_may_be_sent_again(stack: Stack) -> None:
    comment_id = (await stack.comment((await stack.post())["id"]))["id"]
    await decided(stack, "remove", comment_id)
    assert await decided(stack, "restore", comment_id) == [("changed", "live")]
    assert await decided(stack, "restore", comment_id) == [("unchanged", "live")]


async def test_decisions_at_once_all_teach(stack: Stack) -> None:
    """Also many comments with the same words, which meet in the same numbers of the filter."""
    post_id = (await stack.post())["id"]
    words = " ".join(f"word{number}" for number in range(120))
    ids = [(await stack.comment(post_id, f"{words} {number}"))["id"] for number in range(12)]
    done = await asyncio.gather(*(decided(stack, "spam", *ids[start::4]) for start in range(4)))
    assert [one for some in done for one in some] == [("changed", "spam")] * 12
    assert await learnt(stack) > 0
    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {}


async def test_decisions_of_long_ago_stay(stack: Stack) -> None:
    comment_id = (await stack.comment((await stack.post())["id"]))["id"]
    await decided(stack, "remove", comment_id)
    stack.clock.now = stack.clock.now.replace(month=stack.clock.now.month + 2)
    assert await decided(stack, "restore", comment_id) == [("unchanged", "removed")]


async def test_the_queue_has_pages_both_ways(stack: Stack) -> None:
    post_id, other = [(await stack.post())["id"] for _ in range(2)]
    states = [{"source_id": f"{n}", "post_id": post_id, "state": "held"} for n in range(1, 6)]
    await stack.imported_comments(*states, {"source_id": "9", "post_id": other, "state": "held"})
    assert [one["id"] for one in await queue(stack, post_id=post_id)] == ["5", "4", "3", "2", "1"]
    first = (await stack.operator.get(QUEUE, params={"limit": 2})).json()
    second = (await stack.operator.get(QUEUE, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    back = (await stack.operator.get(QUEUE, params={"limit": 2, "cursor": second["previous_cursor"]})).json()
    assert [[one["id"] for one in page["items"]] for page in (first, second, back)] == [
        ["9", "5"],
        ["4", "3"],
        ["9", "5"],
    ]


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"state": "any"}, "state"),
        ({"limit": 101}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"post_id": "x"}, "post_id"),
    ],
)
async def test_what_is_no_question_is_refused(stack: Stack, params: dict[str, Any], parameter: str) -> None:
    answer = await stack.operator.get(QUEUE, params=params)
    assert_problem(answer, 422, "invalid")
    assert answer.json()["errors"][0]["parameter"] == parameter


async def test_what_is_no_decision_is_refused(stack: Stack) -> None:
    for body, pointer in (
        ({"ids": [], "action": "spam"}, "/ids"),
        ({"ids": ["1"] * 101, "action": "spam"}, "/ids"),
        ({"ids": ["x"], "action": "spam"}, "/ids/0"),
        ({"ids": ["1"], "action": "praise"}, "/action"),
    ):
        answer = await stack.operator.post(DECISIONS, json=body)
        assert_problem(answer, 422, "invalid")
        assert answer.json()["errors"][0]["pointer"] == pointer


async def learnt(stack: Stack) -> int:
    async with database(stack, "comments").read() as reads:
        return len((await reads.execute(select(filter_changes))).all())


async def test_the_filter_holds_learns_and_tells_why(stack: Stack) -> None:
    stack.filters(on=True)
    post_id = (await stack.post())["id"]
    status, spam = await said(stack, post_id, body=SPAM, author_name="Gifts")
    assert (status, spam["held"]) == (202, True)
    (waiting,) = await queue(stack, state="spam") or await queue(stack, state="held")
    assert waiting["reasons"][0].startswith("The filter takes it for spam (")
    assert await learnt(stack) == 0
    await decided(stack, "approve", spam["id"])
    assert 0 < await learnt(stack) <= 300
    taught = await learnt(stack)
    await decided(stack, "remove", spam["id"])
    assert await learnt(stack) == taught
    assert (await said(stack, post_id, body="I tied the bowline the wrong way round for years, thank you."))[0] == 201


async def test_approving_teaches_the_filter(stack: Stack) -> None:
    """The same text is less suspect after a moderator let one of the kind through, more after one was called spam."""
    stack.filters(on=True)
    post_id = (await stack.post())["id"]

    async def probability() -> int:
        status, comment = await said(stack, post_id, body="like my photo please")
        assert status == 202
        (waiting,) = [one for state in ("held", "spam") for one in await queue(stack, state=state)]
        await decided(stack, action, comment["id"])
        return int(re.findall(r"\((\d+)%\)", waiting["reasons"][-1])[0])

    action = "approve"
    first, second = await probability(), await probability()
    assert second < first


async def test_readers_are_told_that_their_comment_waits(stack: Stack) -> None:
    post = await stack.post(title="Knots")
    await moderated_by(stack, comment_moderation="all")
    sent = await stack.reader.post(f"/articles/{post['id']}/comments", data={"body": "Held <b>one</b>"})
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith(f"{post['path']}?comment=held&posted=")
    assert sent.headers["Location"].endswith("#comment-held")
    page = await stack.reader.get(sent.headers["Location"])
    assert 'id="comment-held"' in page.text
    assert "Held" not in page.text
    assert "comment-held" not in (await stack.reader.get(post["path"])).text
