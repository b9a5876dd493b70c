"""The archive: how many posts were published in which month of the blog's zone."""

from datetime import timedelta

from tests.gateway.inside import publish_what_is_due
from tests.posts.editing import acted, cost, deleted, done, eventually, is_shown, patched
from tests.stack import Stack

Months = dict[tuple[int, int], int]


async def archive(stack: Stack) -> Months:
    """Counts by month, newest first; each year's is their sum."""
    answer = await stack.reader.get("/api/v1/archive")
    assert answer.status_code == 200, answer.text
    years = answer.json()["years"]
    for year in years:
        assert year["count"] == sum(month["count"] for month in year["months"])
    found = {(year["year"], one["month"]): one["count"] for year in years for one in year["months"]}
    assert list(found) == sorted(found, reverse=True)
    assert all(found.values())
    return found


async def test_every_way_in_and_out_is_counted(stack: Stack) -> None:
    assert await archive(stack) == {}
    post = await stack.post(published="2024-02-03T00:00:00Z")
    await stack.post(published="2023-12-31T23:59:59Z")
    await stack.post(published="2023-11-01T00:00:00Z", kind="page")
    await stack.post(state="draft", published="2023-11-01T00:00:00Z")
    await stack.imported_posts(
        {"source_id": "1", "published": "2024-02-29T00:00:00Z"}, {"source_id": "2", "state": "draft"}
    )
    rest: Months = {(2023, 12): 1}
    assert await archive(stack) == {(2024, 2): 2} | rest
    for change, body, months in (
        ("revert", None, {(2024, 2): 1}),
        ("publish", None, {(2024, 2): 2}),
        ("trash", None, {(2024, 2): 1}),
        ("restore", None, {(2024, 2): 2}),
        ("publish", {"published": "2024-03-01T00:00:00Z"}, {(2024, 3): 1, (2024, 2): 1}),
        ("publish", {"published": "2026-05-01T00:00:00Z"}, {(2024, 2): 1}),
        ("publish", {"published": "2024-02-01T00:00:00Z"}, {(2024, 2): 2}),
    ):
        await acted(stack, post, change, body)
        assert await archive(stack) == months | rest, change
    await patched(stack, post, published="2024-01-31T23:30:00Z")
    assert await archive(stack) == {(2024, 2): 1, (2024, 1): 1} | rest
    await deleted(stack, f"posts/{post['id']}")
    assert await archive(stack) == {(2024, 2): 1} | rest


async def test_a_scheduled_post_counts_when_it_comes(stack: Stack) -> None:
    await done(stack, "PATCH", "blog", {"time_zone": "Asia/Tokyo"})
    post = await stack.post(published="2026-04-30T15:00:00Z")
    assert await archive(stack) == {}
    stack.clock.now += timedelta(days=60)
    await publish_what_is_due(stack)
    await eventually(lambda: is_shown(stack, post))
    assert await archive(stack) == {(2026, 5): 1}


async def test_another_zone_moves_posts_between_months_but_not_their_paths(stack: Stack) -> None:
    late = await stack.post(title="Late", published="2024-01-31T23:30:00Z")
    early = await stack.post(title="Early", published="2024-01-01T00:30:00Z")
    await stack.post(published="2024-01-15T00:00:00Z")
    await stack.post(published="2024-01-31T23:30:00Z", state="draft")
    utc: Months = {(2024, 1): 3}
    for zone, months in (
        ("UTC", utc),
        ("Asia/Tokyo", {(2024, 2): 1, (2024, 1): 2}),
        ("America/New_York", {(2024, 1): 2, (2023, 12): 1}),
        ("Pacific/Kiritimati", {(2024, 2): 1, (2024, 1): 2}),
        ("UTC", utc),
    ):
        await done(stack, "PATCH", "blog", {"time_zone": zone})
        assert await archive(stack) == months, zone
        found = {month: await _found(stack, *month) for month in months}
        assert found == months, zone
        assert (await stack.reader.get(late["path"])).status_code == 200
        assert (await stack.reader.get(early["path"])).status_code == 200
    await done(stack, "PATCH", "blog", {"time_zone": "Asia/Tokyo"})
    await deleted(stack, f"posts/{late['id']}")
    assert await archive(stack) == {(2024, 1): 2}


async def test_an_import_that_sets_the_zone_moves_posts_too(stack: Stack) -> None:
    await stack.post(title="Late", published="2024-01-31T23:30:00Z")
    assert await archive(stack) == {(2024, 1): 1}
    imported = await stack.operator.post("/api/v1/import/blog", json={"time_zone": "Asia/Tokyo"})
    assert imported.json()["outcome"] == "set"
    assert await archive(stack) == {(2024, 2): 1} == {(2024, 2): await _found(stack, 2024, 2)}


async def test_the_archive_costs_one_query(stack: Stack) -> None:
    for number in range(3):
        await stack.post(published=f"202{number}-02-03T00:00:00Z")
        assert await cost(stack, "GET", "archive") == (["posts GET /archive"], 1)


async def _found(stack: Stack, year: int, month: int) -> int:
    answer = await stack.reader.get("/api/v1/articles", params={"year": year, "month": month})
    return len(answer.json()["items"])
