"""`/metrics`: what is told of what happened, to whom, and that the documentation names all of it."""

import re
from pathlib import Path

import httpx
import pytest

from tests.databases import Databases
from tests.gateway.caching import caching_stack, settled
from tests.gateway.reading import assert_problem
from tests.security.inside import client_of, gateway_secret, service_of
from tests.stack import Stack

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
DOCS = Path(__file__).parent.parent.parent / "docs/metrics.md"


def secret_of(stack: Stack) -> dict[str, str]:
    folder: Path = stack.gateway.state["composer"].settings.secrets
    return {"Authorization": f"Bearer {(folder / 'metrics').read_text('ascii')}"}


async def told_by(client: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, float]:
    """Values by series, as they are written."""
    answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert len(lines) == len({line.rpartition(" ")[0] for line in lines}), "a series is told twice"
    return {series: float(value) for series, _, value in (line.rpartition(" ") for line in lines)}


def grown(before: dict[str, float], after: dict[str, float], name: str) -> dict[str, float]:
    """By how much the series of the name went up, by their labels."""
    return {
        series.removeprefix(name): value - before.get(series, 0)
        for series, value in after.items()
        if series.partition("{")[0] == name and value != before.get(series, 0)
    }


async def test_only_the_secret_opens_it(stack: Stack) -> None:
    """No key does, nor the secrets of services; and every service asks for it."""
    as_gateway = {"Authorization": f"Dateline gateway:{gateway_secret(stack)}"}
    for name in ("gateway", "posts", "comments"):
        app = stack.gateway if name == "gateway" else service_of(stack, name)
        for headers in ({}, as_gateway, {"Authorization": "Bearer "}, {"Authorization": "Bearer \u00e9"}):
            client = client_of(app)
            assert_problem(
                await client.get("/metrics", headers=httpx.Headers(headers, encoding="utf-8")), 401, "unauthorized"
            )
        assert f'dateline_request_seconds_count{{method="GET",route="/metrics",service="{name}",status="401"}}' in (
            await told_by(client_of(app), secret_of(stack))
        )
    assert_problem(await stack.operator.get("/metrics"), 401, "unauthorized")
    assert "/metrics" not in (await stack.reader.get("/openapi.json")).json()["paths"]


async def test_requests_by_route_never_by_path(stack: Stack) -> None:
    post = await stack.post(title="Hidden Harbor")
    before = await told_by(stack.reader, secret_of(stack))
    await stack.reader.get(post["path"])
    await stack.reader.head(post["path"])
    await stack.reader.get("/made-up/by-anybody.html")
    await stack.reader.get("/static/dateline.css")
    await stack.reader.request("BREW", f"/api/v1/articles/{post['id']}")
    await stack.reader.get("/", headers={"Host": "elsewhere.example"})
    after = await told_by(stack.reader, secret_of(stack))
    assert {
        labels: times
        for labels, times in grown(before, after, "dateline_request_seconds_count").items()
        if "/metrics" not in labels
    } == {
        '{method="GET",route="/{year:digits}/{month:digits}/{name}.html",service="gateway",status="200"}': 1,
        '{method="HEAD",route="/{year:digits}/{month:digits}/{name}.html",service="gateway",status="200"}': 1,
        '{method="GET",route="/{path:path}",service="gateway",status="404"}': 1,
        '{method="GET",route="/static",service="gateway",status="200"}': 1,
        '{method="other",route="/api/v1/articles/{article_id}",service="gateway",status="405"}': 1,
        '{method="GET",route="none",service="gateway",status="421"}': 1,
    }
    assert not [series for series in after if "arbor" in series or "made-up" in series]


async def test_what_the_cache_and_the_services_did(databases: Databases, tmp_path: Path) -> None:
    async with caching_stack(databases, tmp_path) as stack:
        post = await stack.post()
        await settled(stack)
        path = post["path"]
        before = await told_by(stack.reader, secret_of(stack))
        tag = (await stack.reader.get(path)).headers["ETag"]
        await stack.reader.get(path)
        assert (await stack.reader.get(path, headers={"If-None-Match": tag})).status_code == 304
        await stack.reader.get(path, headers={"Cookie": "dateline-edit=x"})
        await stack.comment(post["id"])
        await settled(stack)  # what was written is heard of a second time
        stack.take_away("comments")
        await stack.reader.get(path)
        after = await told_by(stack.reader, secret_of(stack))
        assert grown(before, after, "dateline_page_cache_requests_total") == {
            '{result="hit"}': 1,
            '{result="hit_unchanged"}': 1,
            '{result="miss"}': 2,
            '{result="bypassed"}': 2,  # the first scrape itself is the other
        }
        assert grown(before, after, "dateline_page_cache_dropped_total") == {'{reason="changed"}': 1}
        assert after["dateline_page_cache_entries"] == 1
        assert after["dateline_page_cache_bytes"] > 1000
        calls = grown(before, after, "dateline_upstream_calls_total")
        assert calls['{result="no answer",upstream="comments"}'] >= 1
        assert calls['{result="ok",upstream="posts"}'] >= 3
        assert after['dateline_upstream_breaker{state="closed",upstream="posts"}'] == 1
        assert after['dateline_upstream_breaker{state="open",upstream="posts"}'] == 0
        assert after['dateline_page_cache_unheard_seconds{upstream="posts"}'] < 30
        own = await told_by(client_of(service_of(stack, "posts")), secret_of(stack))
        assert own['dateline_commit_writes_bucket{le="64.0",service="posts"}'] >= 1
        assert own['dateline_job_failures_total{job="publishing what is due",service="posts"}'] == 0


async def test_it_answers_while_nothing_else_does(stack: Stack) -> None:
    stack.take_away("posts")
    stack.take_away("comments")
    assert await told_by(stack.reader, secret_of(stack))


async def test_documentation_names_all_of_it(databases: Databases, tmp_path: Path) -> None:
    async with caching_stack(databases, tmp_path) as stack:
        texts = [
            (await client_of(app).get("/metrics", headers=secret_of(stack))).text
            for app in (stack.gateway, service_of(stack, "posts"), service_of(stack, "comments"))
        ]
    helps = {name: text for one in texts for name, text in re.findall(r"^# HELP (\S+) (.*)$", one, re.MULTILINE)}
    types = {name: kind for one in texts for name, kind in re.findall(r"^# TYPE (\S+) (.*)$", one, re.MULTILINE)}
    rows = re.findall(r"^\| `(dateline_\w+)` \| (\w+) \| (.*?) ?\| (.*) \|$", DOCS.read_text(), re.MULTILINE)
    assert {name: kind for name, kind, _, _ in rows} == types
    assert {name: text for name, _, _, text in rows} == helps
    for name, _, labels, _ in rows:
        series = re.findall(rf"^{name}(?:_count)?(?:{{(.*)}})? ", "\n".join(texts), re.MULTILINE)
        told = {label for one in series for label in re.findall(r"(\w+)=\"", one)}
        assert told in ({*re.findall(r"`(\w+)`", labels)}, set()), name
