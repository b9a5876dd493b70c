"""Where posts stand: generated and wanted paths, former ones, and months that are planned anew."""

import asyncio

import httpx

from tests.posts.editing import acted, cost, done, patched, read, refused, send
from tests.security.inside import everything_stored
from tests.stack import Stack


async def moved_to(stack: Stack, path: str) -> str | None:
    """Where readers are sent for good; None from where something stands."""
    answer: httpx.Response = await stack.reader.get(path)
    assert answer.status_code in {200, 301}, answer.text
    by_path = await stack.reader.get("/api/v1/articles/by-path", params={"path": path})
    assert by_path.status_code == answer.status_code
    location: str | None = answer.headers.get("Location")
    if location is not None:
        assert httpx.URL(by_path.headers["Location"]).params["path"] == location
    return location


async def test_letters_are_spelt_in_latin_ones_when_the_blog_says_so(stack: Stack) -> None:
    for letters, path in (("latin", "blog-post"), ("transliterated", "privet-mir"), ("latin", "blog-post_14")):
        await done(stack, "PATCH", "blog", {"slug_letters": letters})
        post = await stack.post(title="Привет, мир")
        assert post["path"] == f"/2026/03/{path}.html"
    assert (await stack.post(title="Straße"))["path"] == "/2026/03/strae.html"
    await done(stack, "PATCH", "blog", {"slug_letters": "transliterated"})
    assert (await stack.post(title="Straße"))["path"] == "/2026/03/strasse.html"
    assert (await read(stack, f"posts/{post['id']}"))["path"] == post["path"]


async def test_former_paths_lead_straight_to_the_present_one(stack: Stack) -> None:
    post = await stack.post(path="/a.html")
    for path in ("/b.html", "/c.html"):
        moved = await patched(stack, post, path=path)
        assert moved["path"] == path
    assert [await moved_to(stack, path) for path in ("/a.html", "/b.html", "/c.html")] == ["/c.html", "/c.html", None]

    assert (await patched(stack, post, path="/a.html"))["path"] == "/a.html"
    assert [await moved_to(stack, path) for path in ("/a.html", "/b.html", "/c.html")] == [None, "/a.html", "/a.html"]
    await acted(stack, post, "revert")
    for path in ("/a.html", "/b.html"):
        assert (await stack.reader.get(path)).status_code == 404


async def test_a_path_of_another_post_is_refused_with_nothing_written(stack: Stack) -> None:
    other = await stack.post(path="/a.html")
    await patched(stack, other, path="/b.html")
    await stack.post(state="draft", path="/drafted.html")
    post = await stack.post(path="/mine.html", labels=["L"])
    stored = await everything_stored(stack, "posts")
    for path in ("/a.html", "/b.html", "/drafted.html"):
        for method, given in (
            ("PATCH", {"title": "T", "labels": ["New"], "body_html": "new", "path": path}),
            ("PUT", {"title": "T", "labels": ["New"], "body_html": "new", "path": path}),
        ):
            assert refused(await send(stack, method, f"posts/{post['id']}", given), 409, "conflict") == ["/path"]
    assert await everything_stored(stack, "posts") == stored
    assert (await patched(stack, post, labels=["New"], path="/free.html"))["path"] == "/free.html"
    assert await moved_to(stack, "/mine.html") == "/free.html"


async def test_of_posts_that_want_one_path_at_once_one_gets_it(stack: Stack) -> None:
    posts = [await stack.post(title=f"T{number}") for number in range(5)]
    sent = [send(stack, "PATCH", f"posts/{post['id']}", {"title": "Won", "path": "/wanted.html"}) for post in posts]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 4
    after = [await read(stack, f"posts/{post['id']}") for post in posts]
    assert sorted(post["version"] for post in after) == [1, 1, 1, 1, 2]
    assert [post["title"] for post in after].count("Won") == 1
    same = await asyncio.gather(*(stack.post(title="Same") for _ in range(5)))
    assert len({post["path"] for post in same}) == 5


async def test_the_month_is_that_of_the_blogs_zone_at_first_publication(stack: Stack) -> None:
    draft = await stack.post(title="Late", state="draft", published="2024-03-01T01:00:00Z")
    await done(stack, "PATCH", "blog", {"time_zone": "America/Sao_Paulo"})
    live = await acted(stack, draft, "publish")
    assert (live["path"], live["published"]) == ("/2024/02/late.html", "2024-03-01T01:00:00Z")
    await done(stack, "PATCH", "blog", {"time_zone": "UTC"})
    for given in ({"published": "2025-07-01T00:00:00Z"}, {"title": "Else"}, {"state": "draft"}, {"state": "live"}):
        assert (await patched(stack, live, **given))["path"] == live["path"]


async def test_a_static_page_stands_outside_of_months(stack: Stack) -> None:
    page = await stack.post(kind="page", title="About Us")
    assert (page["path"], page["kind"]) == ("/p/about-us.html", "page")
    assert (await stack.post(kind="page", title="About Us"))["path"] == "/p/about-us_1.html"
    assert (await stack.reader.get(page["path"])).status_code == 200
    moved = await patched(stack, page, path="/about")
    assert (moved["path"], await moved_to(stack, "/p/about-us.html")) == ("/about", "/about")
    assert refused(await send(stack, "PATCH", f"posts/{page['id']}", {"kind": "post"}), 422, "invalid") == ["/kind"]


async def test_a_plan_for_another_month_moves_a_path_that_nobody_knows(stack: Stack) -> None:
    for method in ("PATCH", "POST"):
        due = await stack.post(title="Plan", published="2026-04-15T00:00:00Z")
        place = f"posts/{due['id']}" if method == "PATCH" else f"posts/{due['id']}/publish"
        assert due["path"] == "/2026/04/plan.html"
        for published, path in (
            ("2026-04-20T00:00:00Z", "/2026/04/plan.html"),
            ("2026-06-01T00:00:00Z", "/2026/06/plan.html"),
            ("2026-01-02T00:00:00Z", "/2026/01/plan.html"),
            ("2026-08-01T00:00:00Z", "/2026/01/plan.html"),
        ):
            post = await done(stack, method, place, {"published": published})
            assert (post["published"], post["path"]) == (published, path)
        assert (await stack.reader.get("/2026/04/plan.html")).status_code == 404
        await patched(stack, due, path=f"/done-{method}.html")
        await send(stack, "DELETE", f"posts/{due['id']}")


async def test_a_plan_that_is_changed_while_it_is_a_draft_moves_the_path_too(stack: Stack) -> None:
    due = await stack.post(title="Plan", published="2026-04-15T00:00:00Z")
    await acted(stack, due, "revert")
    await patched(stack, due, published="2026-06-01T00:00:00Z")
    assert (await acted(stack, due, "publish"))["path"] == "/2026/06/plan.html"


async def test_a_path_that_was_asked_for_stays_whenever_it_comes(stack: Stack) -> None:
    for path in ("/mine.html", "/2026/04/mine.html"):
        due = await stack.post(title="Plan", published="2026-04-15T00:00:00Z", path=path)
        assert (await patched(stack, due, published="2026-06-01T00:00:00Z"))["path"] == path
        draft = await stack.post(state="draft", path=f"/drafted{path}")
        assert (await acted(stack, draft, "publish"))["path"] == f"/drafted{path}"


async def test_a_title_taken_often_costs_no_more_than_one_look_more(stack: Stack) -> None:
    post = await stack.post(title="Same")
    with_path = await cost(stack, "PATCH", f"posts/{post['id']}", {"path": "/else.html"})
    taken = await cost(stack, "PATCH", f"posts/{post['id']}", {"path": "/2026/03/same.html"})
    assert (with_path[1], taken[1]) == (14, 15)
    draft = await stack.post(title="Same", state="draft")
    assert (await cost(stack, "POST", f"posts/{draft['id']}/publish"))[1] == 18
