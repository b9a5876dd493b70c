"""Comments that come at once go to the service in one call, and each is stored or refused by itself."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from services.comments.commands.ready_comment import ready_comment
from services.comments.routes import writing
from services.comments.schemas.sent import SentComment
from tests.comments.following import comment, sent, service
from tests.comments.test_counts import kept_and_counted
from tests.gateway.reading import assert_problem
from tests.stack import Stack


def slug(outcome: dict[str, Any]) -> str:
    return str(outcome["problem"]["type"]).rpartition(":")[2]


async def test_each_is_stored_or_refused_by_itself(stack: Stack) -> None:
    post, gone = await stack.post(), {"body": json.dumps({"body": "x", "parent_id": "5"})}
    outcomes = await sent(
        stack,
        comment(post["id"], "First"),
        comment(post["id"], "") | {"body": "{"},
        comment(post["id"], ""),
        comment(post["id"], "") | gone,
        comment(post["id"], "Closed", post_policy="closed"),
        comment(post["id"], "Bad key", idempotency_key="a b"),
        comment(post["id"], "Last"),
    )
    assert [outcome["status"] for outcome in outcomes] == [201, 400, 422, 422, 409, 422, 201]
    refused = [slug(outcome) for outcome in outcomes if outcome["problem"]]
    assert refused == ["bad-request", "invalid", "invalid", "conflict", "invalid"]
    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(post["id"]): 2}


async def test_the_same_twice_in_one_call_is_one(stack: Stack) -> None:
    post = await stack.post()
    outcomes = await sent(stack, *[comment(post["id"], "Once", idempotency_key="k")] * 3)
    assert len({outcome["written"]["comment"]["id"] for outcome in outcomes}) == 1
    other = await sent(stack, comment(post["id"], "Another", idempotency_key="k"))
    assert [slug(outcome) for outcome in other] == ["invalid"]


async def test_quotas_hold_within_one_call(stack: Stack) -> None:
    stack.limits("3/min")
    post = await stack.post()
    many = [comment(post["id"], f"Comment {n} of many", address="192.0.2.7") for n in range(12)]
    outcomes = await sent(stack, *many)
    assert sorted(outcome["status"] for outcome in outcomes) == [*[201] * 3, *[429] * 9]
    refused = [outcome["headers"]["Retry-After"] for outcome in outcomes if outcome["status"] == 429]
    assert all(55 <= int(after) <= 60 for after in refused)


@pytest.mark.parametrize(
    "body", [b"", b"[", b"{}", b"[{}]", b'[{"post_id": 0, "body": "{}", "request_id": "-"}]', b"[" + b"1," * 9 + b"1]"]
)
async def test_what_no_gateway_sends_is_refused(stack: Stack, body: bytes) -> None:
    async with service(stack, "comments") as comments:
        assert_problem(await comments.post("/comments", content=body), 400, "bad-request")


async def test_no_more_are_taken_than_a_few(stack: Stack) -> None:
    post = await stack.post()
    async with service(stack, "comments") as comments:
        answer = await comments.post("/comments", json=[comment(post["id"], "x")] * 65)
    assert_problem(answer, 400, "bad-request")
    assert await kept_and_counted(stack) == [{}, {}]


async def test_what_readers_send_at_once_is_a_few_calls(stack: Stack) -> None:
    """And each reader is told of their own."""
    post = await stack.post()
    path = f"/api/v1/articles/{post['id']}/comments"
    await stack.comment(post["id"], "The first one makes the salt of this month")
    with stack.recorder.recording() as costs:
        answers = await asyncio.gather(
            *(stack.reader.post(path, json={"body": f"Number {n}, said once"}) for n in range(10)),
            stack.reader.post(path, json={"body": "x", "parent_id": "5"}),
        )
    assert [answer.status_code for answer in answers] == [*[201] * 10, 422]
    assert [answer.json()["body_html"] for answer in answers[:10]] == [
        f"<p>Number {n}, said once</p>\n" for n in range(10)
    ]
    assert all(answer.json()["edit_token"] in answer.headers["Set-Cookie"] for answer in answers[:10])
    assert 1 <= costs.calls.count("comments POST /comments") < len(answers)


async def test_too_few_answers_are_none(stack: Stack) -> None:
    post = await stack.post()
    stack.upstreams["comments"].instead = httpx.MockTransport(lambda _: httpx.Response(200, json=[]))
    answer = await stack.reader.post(f"/api/v1/articles/{post['id']}/comments", json={"body": "x"})
    assert_problem(answer, 503, "unavailable")


async def test_a_bug_is_one_comments_alone(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    post = await stack.post()
    as_it_is = ready_comment

    def broken(source: str, *given: Any, **more: Any) -> Any:
        if source == "Bug":
            raise RuntimeError("a secret")
        return as_it_is(source, *given, **more)

    monkeypatch.setattr("services.comments.routes.writing.ready_comment", broken)
    outcomes = await sent(stack, comment(post["id"], "Fine"), comment(post["id"], "Bug"))
    assert [outcome["status"] for outcome in outcomes] == [201, 500]
    assert "a secret" not in json.dumps(outcomes)
    answer = await stack.reader.post(f"/api/v1/articles/{post['id']}/comments", json={"body": "Bug"})
    assert_problem(answer, 503, "unavailable")


async def test_one_that_has_to_wait_keeps_no_others_outcome_back(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    post = await stack.post()
    as_it_is = writing._write

    async def blocked(state: Any, one: SentComment) -> Any:
        if "Blocked" in one.body:
            await asyncio.Event().wait()
        return await as_it_is(state, one)

    monkeypatch.setattr(writing, "_write", blocked)
    outcomes = await sent(
        stack, comment(post["id"], "In time", seconds=1.0), comment(post["id"], "Blocked", seconds=1.0)
    )
    assert [outcome["status"] for outcome in outcomes] == [201, 503]
    assert slug(outcomes[1]) == "unavailable"


async def test_when_none_can_be_taken_the_service_is_down(stack: Stack) -> None:
    """To be told by the status, which is what breakers look at."""
    post = await stack.post()
    async with service(stack, "comments") as comments:
        answer = await comments.post("/comments", json=[comment(post["id"], "x", seconds=0.0)] * 2)
    assert answer.status_code == 500


async def test_a_long_key_harms_nobody_but_its_sender(stack: Stack) -> None:
    post = await stack.post()
    path = f"/api/v1/articles/{post['id']}/comments"
    keys = {"Idempotency-Key": '"' * 60_000}
    padded = b'{"body": "x"' + b"\n" * 60_000 + b"}"
    answers = await asyncio.gather(
        *(stack.reader.post(path, json={"body": "x"}, headers=keys) for _ in range(3)),
        *(stack.reader.post(path, content=padded, headers={"Content-Type": "application/json"}) for _ in range(40)),
        stack.reader.post(path, json={"body": "Mine"}),
    )
    assert [answer.status_code for answer in answers] == [*[422] * 3, *[201] * 41]


async def test_the_same_in_other_json_is_a_repeat(stack: Stack) -> None:
    post = await stack.post()
    bodies = ('{"body": "Once", "author_name": "Ann"}', '{ "author_name":"Ann","body":"Once" }')
    said = [comment(post["id"], "", idempotency_key="k") | {"body": body} for body in bodies]
    outcomes = await sent(stack, *said)
    assert len({outcome["written"]["comment"]["id"] for outcome in outcomes}) == 1


async def test_what_has_not_begun_when_the_caller_goes_is_left_undone(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, begun, ended = await stack.post(), asyncio.Event(), asyncio.Event()

    async def blocked(_state: Any, _one: SentComment) -> Any:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    monkeypatch.setattr(writing, "_write", blocked)
    call = asyncio.create_task(sent(stack, comment(post["id"], "Blocked")))
    await begun.wait()
    call.cancel()
    await asyncio.wait_for(ended.wait(), 5)
    with pytest.raises(asyncio.CancelledError):
        await call
