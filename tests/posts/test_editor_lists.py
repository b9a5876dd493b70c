"""Editors' lists: for those who may read drafts, in the states they name, drafts by the time of their making."""

from datetime import timedelta

from tests.gateway.reading import assert_problem
from tests.posts.listing import ARTICLES, POSTS, found, ids, page, put_through, walked
from tests.stack import PUBLIC_URL, Stack

LISTED = "id kind state title path url published created updated author labels excerpt comment_policy version body_html"


async def test_only_who_may_read_drafts_gets_the_list(stack: Stack) -> None:
    draft = await stack.post(state="draft")
    others = await stack.key("posts:write", "posts:publish", "blog:write", "comments:moderate", "import:run")
    reader = await stack.key("posts:read-drafts")
    for query in ("", "?state=live", "?q=text"):
        assert_problem(await stack.reader.get(POSTS + query), 401, "unauthorized")
        assert_problem(await others.get(POSTS + query), 403, "forbidden")
        assert_problem(await stack.client({"Authorization": "Bearer nonsense"}).get(POSTS + query), 401, "unauthorized")
    assert ids((await reader.get(POSTS)).json()) == [draft["id"]]
    assert ids(await page(stack, ARTICLES)) == []


async def test_items_tell_what_editors_need(stack: Stack) -> None:
    draft = await stack.post(state="draft", title="Draft", labels=["B", "A"])
    live = await stack.post(title="Live", published="2024-03-01T00:00:00Z")
    items = {item["id"]: item for item in (await page(stack, POSTS))["items"]}
    for written in (draft, live):
        item = items[written["id"]]
        assert list(item) == LISTED.split()
        assert item == {name: written[name] for name in item} | {"body_html": None}
    assert (items[draft["id"]]["path"], items[draft["id"]]["url"], items[draft["id"]]["published"]) == (None,) * 3
    assert items[live["id"]]["url"] == f"{PUBLIC_URL}/2024/03/live.html"


async def test_states_and_kinds_are_those_that_are_named(stack: Stack) -> None:
    made = {
        "live": await stack.post(title="Harbor", published="2026-03-05T00:00:00Z"),
        "scheduled": await stack.post(title="Harbor", published="2026-04-05T00:00:00Z"),
        "draft": await stack.post(title="Harbor", state="draft"),
        "trashed": await stack.post(title="Harbor", published="2026-03-04T00:00:00Z"),
        "page": await stack.post(title="Harbor", kind="page", published="2026-03-03T00:00:00Z"),
    }
    await put_through(stack, made["trashed"]["id"], "trash")
    by_id = {post["id"]: name for name, post in made.items()}

    async def listed(**params: str | list[str]) -> list[str]:
        names = [by_id[one] for one in ids(await page(stack, POSTS, **params))]
        assert [by_id[one] for one in ids(await page(stack, POSTS, q="harbor", **params))] == names
        return names

    assert await listed() == ["scheduled", "draft", "live", "page"]
    assert await listed(state=["trashed"]) == ["trashed"]
    assert await listed(state=["draft", "scheduled", "live", "trashed"], kind=["post"]) == [
        *("scheduled", "draft", "live", "trashed")
    ]
    assert await listed(state=["scheduled", "scheduled"]) == ["scheduled"]
    assert await listed(state=["live"], kind=["page"]) == ["page"]
    assert await listed(state=["draft"], kind=["page"]) == []
    assert set(await found(stack, "harbor")) == {made["live"]["id"]}


async def test_drafts_without_a_date_stand_where_they_were_made(stack: Stack) -> None:
    await stack.imported_posts({"source_id": "1", "published": "2026-03-15T00:00:00Z"})
    drafts = []
    for _ in range(4):
        drafts.append((await stack.post(state="draft"))["id"])
        stack.clock.now += timedelta(hours=8)
    dated = await stack.post(state="draft", published="2001-01-01T00:00:00Z")
    expected = [*drafts[:1:-1], "1", drafts[1], drafts[0], dated["id"]]
    assert ids(await page(stack, POSTS)) == expected

    start = await page(stack, POSTS, limit=4)
    forth = await walked(stack, POSTS, "next_cursor", start, limit=4)
    assert [one for found in forth for one in ids(found)] == expected
    back = await walked(stack, POSTS, "previous_cursor", forth[-1], limit=4)
    assert [ids(one) for one in reversed(back)] == [ids(one) for one in forth]
    assert ids(await page(stack, POSTS, year=2026, month=3, state=["draft"])) == drafts[::-1]
