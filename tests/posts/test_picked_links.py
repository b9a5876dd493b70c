"""Picked links: by id or address, their headlines and order, and what becomes of them with the post behind them."""

from typing import Any

from tests.gateway.reading import texts
from tests.posts.editing import acted, article, cost, done, patched, read, refused, send
from tests.stack import PUBLIC_URL, Stack

OUT = {"headline": "Out", "url": "https://elsewhere.example/x?y=1"}


async def seen(stack: Stack, post: dict[str, Any]) -> list[tuple[str, str]]:
    """Headline and address of each picked link as readers see them."""
    related = (await article(stack, post))["related"]
    page = await stack.reader.get((await article(stack, post))["path"], headers={"Accept": "text/html"})
    assert all(link["headline"] in page.text for link in related)
    return [(link["headline"], link["url"].removeprefix(PUBLIC_URL)) for link in related if link["kind"] == "picked"]


async def picked(stack: Stack, post: dict[str, Any], *links: dict[str, Any]) -> dict[str, Any]:
    return await done(stack, "PUT", f"posts/{post['id']}/related-links", {"related_links": links})


async def test_every_way_to_a_post_leads_to_its_present_path(stack: Stack) -> None:
    target = await stack.post(title="Target", path="/former.html")
    await patched(stack, target, path="/target.html")
    post = await stack.post(title="Post")
    ways = (
        {"post_id": target["id"]},
        {"url": "/target.html"},
        {"url": f"{PUBLIC_URL}/target.html"},
        {"url": "/former.html"},
        {"url": f"{PUBLIC_URL}/former.html?from=there"},
    )
    for way in ways:
        written = await picked(stack, post, way)
        assert [(one["headline"], one["post_id"]) for one in written["related_links"]] == [("Target", target["id"])]
        assert await seen(stack, post) == [("Target", "/target.html")]
    await picked(stack, post, *ways)
    await patched(stack, target, path="/moved.html", title="Renamed")
    assert await seen(stack, post) == [("Renamed", "/moved.html")] * 5
    assert [one["headline"] for one in (await read(stack, f"posts/{post['id']}"))["related_links"]] == ["Renamed"] * 5


async def test_a_headline_of_its_own_stays(stack: Stack) -> None:
    target = await stack.post(title="Target", path="/target.html")
    own = [{"headline": "Mine", "post_id": target["id"]}, {"headline": "Also mine", "url": "/target.html"}]
    same = {"headline": "Target", "post_id": target["id"]}
    post = await stack.post(title="Post", related_links=[*own, same])
    assert [one for one, _ in await seen(stack, post)] == ["Mine", "Also mine", "Target"]
    await patched(stack, target, title="Renamed")
    assert [one for one, _ in await seen(stack, post)] == ["Mine", "Also mine", "Renamed"]


async def test_links_stand_in_the_editors_order_before_computed_ones(stack: Stack) -> None:
    first, second = await stack.post(title="First", labels=["L"]), await stack.post(title="Second", labels=["L"])
    post = await stack.post(title="Post", labels=["L"])
    await stack.relate()
    for links in ([OUT, {"post_id": second["id"]}], [{"post_id": second["id"]}, OUT]):
        written = await picked(stack, post, *links)
        headlines = [one["headline"] for one in written["related_links"]]
        related = (await article(stack, post))["related"]
        assert [one["headline"] for one in related] == [*headlines, "First"]
        assert [one["kind"] for one in related] == ["picked", "picked", "computed"]
        assert [one["article_id"] for one in related if one["headline"] == "First"] == [first["id"]]
    assert (await picked(stack, post))["related_links"] == []
    assert {one["kind"] for one in (await article(stack, post))["related"]} == {"computed"}


async def test_a_link_is_there_while_the_post_behind_it_is_live(stack: Stack) -> None:
    target = await stack.post(title="Target", state="draft", path="/target.html")
    post = await stack.post(title="Post", related_links=[{"post_id": target["id"]}, {"url": "/target.html"}, OUT])
    both, none = [("Target", "/target.html")] * 2 + [("Out", OUT["url"])], [("Out", OUT["url"])]
    assert await seen(stack, post) == none
    for action, body, expected in (
        ("publish", None, both),
        ("trash", None, none),
        ("restore", None, both),
        ("revert", None, none),
        ("publish", {"published": "2026-05-01T00:00:00Z"}, none),
        ("publish", {"published": "2026-03-01T00:00:00Z"}, both),
    ):
        await acted(stack, target, action, body)
        assert await seen(stack, post) == expected, action
        editors = (await read(stack, f"posts/{post['id']}"))["related_links"]
        assert [one["headline"] for one in editors] == ["Target", "Target", "Out"]
    assert (await read(stack, f"posts/{post['id']}"))["version"] == 1


async def test_links_that_lead_nowhere_are_refused(stack: Stack) -> None:
    post = await stack.post(title="Post", related_links=[OUT])
    for links, pointers in (
        ([{"post_id": "1"}], ["/related_links/0/post_id"]),
        ([OUT, {"headline": "H", "post_id": "1"}], ["/related_links/1/post_id"]),
        ([{"url": "https://elsewhere.example/"}], ["/related_links/0/headline"]),
        ([OUT, {"url": "/nothing-there.html"}], ["/related_links/1/headline"]),
        ([{"headline": "", "url": "/x"}], ["/related_links/0/headline"]),
        ([{"headline": "H"}], ["/related_links/0"]),
        (
            [{"headline": "H", "url": "ftp://x"}, {"headline": "H", "url": "//x"}],
            ["/related_links/0/url", "/related_links/1/url"],
        ),
        ([OUT] * 21, ["/related_links"]),
    ):
        body = {"related_links": links}
        for method, place in (("PUT", f"posts/{post['id']}/related-links"), ("PATCH", f"posts/{post['id']}")):
            assert refused(await send(stack, method, place, body), 422, "invalid") == pointers
        new = {"title": "T", "body_html": "x"} | body
        assert refused(await stack.operator.post("/api/v1/posts", json=new), 422, "invalid") == pointers
    assert await read(stack, f"posts/{post['id']}") == post
    nothing_yet = await picked(stack, post, {"headline": "Later", "url": "/nothing-there.html"})
    assert nothing_yet["related_links"] == [{"headline": "Later", "url": "/nothing-there.html", "post_id": None}]


async def test_a_post_does_not_show_a_link_to_itself(stack: Stack) -> None:
    post = await stack.post(title="Post", path="/own.html", related_links=[OUT])
    await picked(stack, post, {"post_id": post["id"]}, {"headline": "Own", "url": "/own.html"}, OUT)
    assert await seen(stack, post) == [("Out", OUT["url"])]
    page = await stack.reader.get("/own.html", headers={"Accept": "text/html"})
    assert "Own" not in texts(page.text, "a")


async def test_what_picking_costs(stack: Stack) -> None:
    targets = [await stack.post(title=f"T{number}", path=f"/t/{number}.html") for number in range(10)]
    post = await stack.post(title="Post")
    place = f"posts/{post['id']}/related-links"
    every = [*({"post_id": one["id"]} for one in targets), *({"url": one["path"]} for one in targets)]
    costs = [
        await cost(stack, "PUT", place, {"related_links": links}) for links in ([every[0]], every, every, [OUT], [])
    ]
    assert [calls for calls, _ in costs] == [[f"posts PUT /{place}"]] * 5
    assert [queries for _, queries in costs] == [16, 17, 9, 15, 14]
