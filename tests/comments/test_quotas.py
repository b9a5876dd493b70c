"""How many comments one network and one article may bring, behind a proxy as before it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.comments.settings import CommentsSettings
from services.common.quotas import Quota, parse_quotas
from services.common.settings import SettingsError
from tests.databases import Databases
from tests.gateway.inside import database
from tests.gateway.reading import assert_problem
from tests.stack import Stack, running_stack


async def sent(stack: Stack, post_id: str, address: str = "", **headers: str) -> httpx.Response:
    forwarded = {"X-Forwarded-For": address} if address else {}
    comment = f"/api/v1/articles/{post_id}/comments"
    return await stack.reader.post(comment, json={"body": "Hm"}, headers=forwarded | headers)


async def test_networks_have_quotas(databases: Databases, tmp_path: Path) -> None:
    async with running_stack(databases, tmp_path, trusted_proxies="127.0.0.1") as stack:
        stack.limits("2/min 3/h")
        post_id = (await stack.post())["id"]
        neighbours = ("203.0.113.4", "203.0.113.5", "::ffff:203.0.113.6")
        assert [(await sent(stack, post_id, one)).status_code for one in neighbours] == [201, 201, 429]
        refused = await sent(stack, post_id, "203.0.113.4")
        assert_problem(refused, 429, "too-many-requests")
        assert 55 <= int(refused.headers["Retry-After"]) <= 60
        assert (await sent(stack, post_id, "203.0.114.4")).status_code == 201
        assert (await sent(stack, post_id, "2001:db8::1")).status_code == 201
        assert (await sent(stack, post_id, "2001:db8::ffff:2")).status_code == 201
        assert (await sent(stack, post_id, "2001:db8:0:0:1::2")).status_code == 429
        assert (await stack.operator.post(f"/api/v1/articles/{post_id}/comments", json={"body": "Mine"})).is_success
        stack.clock.now += timedelta(seconds=61)
        assert (await sent(stack, post_id, "203.0.113.4")).status_code == 201
        late = await sent(stack, post_id, "203.0.113.4")
        assert late.status_code == 429
        assert 3400 <= int(late.headers["Retry-After"]) <= 3600
        async with database(stack, "comments").read() as reads:
            stored = str((await reads.exec_driver_sql("SELECT * FROM comments")).all())
        assert "203.0.113" not in stored
        assert "2001:db8" not in stored


async def test_an_untrusted_peer_names_nobody(stack: Stack) -> None:
    stack.limits("2/min")
    post_id = (await stack.post())["id"]
    answers = [await sent(stack, post_id, f"203.0.{number}.4") for number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]


async def test_quotas_hold_for_comments_at_once_and_not_for_repeats(stack: Stack) -> None:
    stack.limits("2/min")
    post_id = (await stack.post())["id"]
    repeated = [await sent(stack, post_id, **{"Idempotency-Key": "k"}) for _ in range(3)]
    assert [answer.status_code for answer in repeated] == [201, 201, 201]
    answers = await asyncio.gather(*(sent(stack, post_id) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201, *[429] * 7]


async def test_a_network_is_known_over_the_change_of_salts_and_forgotten_then(stack: Stack) -> None:
    stack.limits("1/day")
    post_id = (await stack.post())["id"]
    end_of_period = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=30 * 76)
    stack.clock.now = end_of_period - timedelta(minutes=5)
    assert (await sent(stack, post_id)).status_code == 201
    stack.clock.now += timedelta(hours=1)
    assert (await sent(stack, post_id)).status_code == 429
    stack.clock.now += timedelta(hours=24)
    assert (await sent(stack, post_id)).status_code == 201
    async with database(stack, "comments").read() as reads:
        hashes = set((await reads.exec_driver_sql("SELECT address_hash FROM comments")).scalars())
    assert len(hashes) == 2


async def test_an_article_has_a_quota(stack: Stack) -> None:
    stack.limits(article="3/h")
    post_id, other = [(await stack.post())["id"] for _ in range(2)]
    await stack.imported_comments(
        *({"source_id": f"{n}", "post_id": post_id, "published": "2026-03-14T15:00:00Z"} for n in range(5))
    )
    assert [(await sent(stack, post_id)).status_code for _ in range(4)] == [201, 201, 201, 429]
    assert (await sent(stack, other)).status_code == 201
    stack.clock.now += timedelta(hours=1)
    assert (await sent(stack, post_id)).status_code == 201


@given(st.lists(st.integers(0, 200), max_size=40), st.integers(1, 5), st.integers(1, 100))
def test_quotas_bound_every_window(seconds: list[int], most: int, within: int) -> None:
    """Whatever is taken, no window of the quota's length holds more than it says."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    taken: list[datetime] = []
    quota = Quota(most, timedelta(seconds=within))
    for second in sorted(seconds):
        now = start + timedelta(seconds=second)
        if quota.free_at(list(reversed(taken)), now) is None:
            taken.append(now)
    assert all(sum(one <= other < one + quota.within for other in taken) <= most for one in taken)


@pytest.mark.parametrize("wrong", ["2", "0/min", "2/week", "2 / min", "x"])
def test_what_is_no_quota_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match="DATELINE_COMMENT_QUOTA"):
        CommentsSettings.load(comment_quota=wrong)
    assert parse_quotas("2/min 10/h 30/day")[2] == Quota(30, timedelta(days=1))
