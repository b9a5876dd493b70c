"""The blog's settings: each alone, what is refused, and what they change."""

from services.posts.tables import changes
from tests.gateway.inside import outbox
from tests.posts.editing import cost, done, listed_ids, patched, read, refused, send, tag_of
from tests.stack import Stack


async def test_each_setting_is_changed_alone(stack: Stack) -> None:
    for name, value in (
        ("title", "A Blog"),
        ("description", "About things"),
        ("locale", "pt-BR"),
        ("time_zone", "Europe/Lisbon"),
        ("posts_per_page", 3),
        ("meta_description", "Things, described"),
        ("robots_txt", "User-agent: *\nDisallow:\n"),
        ("slug_letters", "transliterated"),
        ("comment_policy", "closed"),
        ("comment_moderation", "all"),
        ("comment_moderation_days", 30),
        ("comment_names", "required"),
        ("comment_votes", "on"),
        ("public_url", "https://blog.example"),
    ):
        before = (await stack.reader.get("/api/v1/blog")).json()
        answer = await send(stack, "PATCH", "blog", {name: value})
        assert answer.status_code == 200, answer.text
        after = answer.json()
        assert {key for key in after if after[key] != before[key]} == {name, "version", "updated"}
        assert (after[name], after["version"]) == (value, before["version"] + 1)
        again = await stack.reader.get("/api/v1/blog")
        assert (again.json(), again.headers["ETag"]) == (after, answer.headers["ETag"])
        told = await outbox(stack, "posts", changes)
        assert told[-1] == ("blog.changed", "1", after["version"], ["blog"])
        assert (await send(stack, "PATCH", "blog", {name: value})).json() == after
        assert await outbox(stack, "posts", changes) == told
    for name in ("robots_txt", "public_url"):
        assert (await done(stack, "PATCH", "blog", {name: None}))[name] is None


async def test_settings_that_mean_nothing_are_refused(stack: Stack) -> None:
    before = (await stack.reader.get("/api/v1/blog")).json()
    for given, pointer in (
        ({"title": ""}, "/title"),
        ({"title": None}, "/title"),
        ({"locale": "no such locale"}, "/locale"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"time_zone": ""}, "/time_zone"),
        ({"time_zone": "Europe"}, "/time_zone"),
        ({"time_zone": "../etc/passwd"}, "/time_zone"),
        ({"time_zone": "Europe/Lis\x00bon"}, "/time_zone"),
        ({"posts_per_page": 0}, "/posts_per_page"),
        ({"posts_per_page": 101}, "/posts_per_page"),
        ({"slug_letters": "greek"}, "/slug_letters"),
        ({"comment_policy": "maybe"}, "/comment_policy"),
        ({"comment_moderation_days": 0}, "/comment_moderation_days"),
        ({"public_url": "https://blog.example/path"}, "/public_url"),
        ({"public_url": "ftp://blog.example"}, "/public_url"),
        ({"version": 5}, "/version"),
        ({}, ""),
    ):
        assert refused(await send(stack, "PATCH", "blog", given), 422, "invalid") == [pointer], given
    assert (await stack.reader.get("/api/v1/blog")).json() == before


async def test_settings_are_changed_by_who_has_read_them_and_may(stack: Stack) -> None:
    old = await tag_of(stack, "blog")
    keyed, writer = await stack.key("blog:write"), await stack.key("posts:write", "posts:publish")
    assert (await send(stack, "PATCH", "blog", {"title": "Mine"}, by=keyed)).status_code == 200
    refused(await send(stack, "PATCH", "blog", {"title": "T"}, tag=old), 412, "precondition-failed")
    refused(await send(stack, "PATCH", "blog", {"title": "T"}, tag=None), 428, "precondition-required")
    refused(await send(stack, "PATCH", "blog", {"title": "T"}, by=writer), 403, "forbidden")
    refused(await send(stack, "PATCH", "blog", {"title": "T"}, by=stack.reader), 401, "unauthorized")
    assert (await stack.reader.get("/api/v1/blog")).json()["title"] == "Mine"


async def test_an_import_makes_a_new_version_of_the_settings(stack: Stack) -> None:
    old = await tag_of(stack, "blog")
    imported = await stack.operator.post("/api/v1/import/blog", json={"title": "Imported"})
    assert imported.json()["outcome"] == "set"
    refused(await send(stack, "PATCH", "blog", {"title": "T"}, tag=old), 412, "precondition-failed")
    assert (await stack.reader.get("/api/v1/blog")).json()["title"] == "Imported"


async def test_new_posts_get_the_blogs_comment_policy(stack: Stack) -> None:
    before = await stack.post()
    assert before["comment_policy"] == "open"
    await done(stack, "PATCH", "blog", {"comment_policy": "hidden"})
    post = await stack.post()
    assert post["comment_policy"] == (await read(stack, f"articles/{post['id']}"))["comments"]["status"] == "hidden"
    assert (await stack.post(comment_policy="open"))["comment_policy"] == "open"
    assert (await patched(stack, before, title="Else"))["comment_policy"] == "open"
    assert (await patched(stack, before, comment_policy=None))["comment_policy"] == "hidden"
    anew = await send(stack, "PUT", f"posts/{before['id']}", {"title": "T", "body_html": "x"})
    assert anew.json()["comment_policy"] == "hidden"


async def test_lists_are_as_long_as_the_blog_says(stack: Stack) -> None:
    for _ in range(3):
        await stack.post()
    assert len(await listed_ids(stack)) == 3
    await done(stack, "PATCH", "blog", {"posts_per_page": 2})
    assert len(await listed_ids(stack)) == 2


async def test_posts_stand_at_the_blogs_own_address(stack: Stack) -> None:
    post = await stack.post(path="/x.html")
    assert post["url"] == "https://blog.example/x.html"
    await done(stack, "PATCH", "blog", {"public_url": "https://Other.example:443/"})
    assert (await read(stack, f"posts/{post['id']}"))["url"] == "https://other.example/x.html"
    linking = await stack.post(related_links=[{"url": "https://other.example/x.html"}])
    assert linking["related_links"][0]["post_id"] == post["id"]
    await done(stack, "PATCH", "blog", {"public_url": None})
    assert (await read(stack, f"posts/{post['id']}"))["url"] == post["url"]


async def test_what_settings_cost(stack: Stack) -> None:
    for month in range(1, 13):
        await stack.post(published=f"2024-{month:02}-10T00:00:00Z")
    assert await cost(stack, "GET", "blog") == (["posts GET /blog"], 1)
    costs = [
        await cost(stack, "PATCH", "blog", one) for one in ({"title": "T"}, {"title": "T"}, {"time_zone": "Asia/Tokyo"})
    ]
    assert [calls for calls, _ in costs] == [["posts PATCH /blog"]] * 3
    assert [queries for _, queries in costs] == [4, 2, 31]  # a month takes two
