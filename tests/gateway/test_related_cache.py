"""Pages show other related links as soon as they are computed, and no other page is made anew for it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.comments.following import eventually
from tests.databases import Databases
from tests.gateway.caching import caching_stack, comparable, past_the_cache, settled, status_of
from tests.posts.editing import acted, done, patched, send
from tests.stack import Stack

BREAD: Final = "<p>Flour, yeast and a hot oven make a loaf with a crust.</p>"
GULLS: Final = "<p>Seven gulls sat in the marsh, and one heron.</p>"


@pytest.fixture
async def stack(databases: Databases, tmp_path: Path) -> AsyncIterator[Stack]:
    async with caching_stack(databases, tmp_path) as running:
        yield running


class Pages:
    """Surfaces by name, and which of them are still stored."""

    def __init__(self, stack: Stack, posts: dict[str, dict[str, Any]]) -> None:
        self._stack = stack
        self._paths = {name: post["path"] for name, post in posts.items()} | {"home": "/", "feed": "/feeds/posts/full"}
        self._paths |= {f"{name} list": f"/api/v1/articles/{post['id']}/related" for name, post in posts.items()}

    async def fill(self) -> None:
        """Whatever a follower hears of once more meanwhile."""

        async def missing() -> list[str]:
            await settled(self._stack)
            answers = [await self._stack.reader.get(path) for path in self._paths.values()]
            return [str(one.url) for one in answers if one.is_success and status_of(one) != "hit"]

        await eventually(missing, [])

    async def evicted(self) -> set[str]:
        """Fills the store again, and compares what it answers with what is composed."""
        await settled(self._stack)
        answers = {name: await self._stack.reader.get(path) for name, path in self._paths.items()}
        async with past_the_cache(self._stack) as fresh:
            for name, path in self._paths.items():
                assert comparable(answers[name]) == comparable(await fresh.get(path)), name
        await self.fill()
        return {name for name, answer in answers.items() if answer.is_success and status_of(answer) != "hit"}


async def a_blog(stack: Stack) -> tuple[dict[str, dict[str, Any]], Pages]:
    """Gulls and loaves that have nothing to do with each other, years apart, so that none stands beside another."""
    posts = {
        "gulls one": await stack.post(title="Gulls", body_html=GULLS, published="2020-01-01T12:00:00Z"),
        "gulls two": await stack.post(title="Heron", body_html=GULLS, published="2020-02-01T12:00:00Z"),
        "between": await stack.post(title="Between", body_html="<p>Nothing.</p>", published="2021-02-01T12:00:00Z"),
        "bread": await stack.post(title="Bread", body_html=BREAD, published="2022-01-01T12:00:00Z"),
        "newest": await stack.post(title="Newest", body_html="<p>Silence.</p>", published="2022-03-01T12:00:00Z"),
    }
    await stack.relate()
    pages = Pages(stack, posts)
    await pages.fill()
    assert await pages.evicted() == set()
    return posts, pages


async def test_exactly_the_pages_whose_links_changed_are_made_anew(stack: Stack) -> None:
    posts, pages = await a_blog(stack)
    await stack.post(title="Rye", body_html=BREAD, published="2022-02-01T12:00:00Z")
    assert await pages.evicted() == {"home", "feed", "bread", "bread list", "newest", "newest list"}, "beside it"
    await stack.relate()
    assert await pages.evicted() == {"bread", "bread list"}
    await patched(stack, posts["gulls two"], title="Herons")
    shown = {"gulls one", "gulls one list", "gulls two", "gulls two list"}
    assert await pages.evicted() == {"home", "feed", "between", "between list"} | shown
    await stack.relate()
    assert await pages.evicted() <= shown
    await stack.comment(posts["gulls two"]["id"])
    assert await pages.evicted() == {"home", "feed", "gulls one", "gulls one list", "gulls two"}
    await acted(stack, posts["gulls two"], "trash")
    assert {"gulls one", "gulls one list"} <= await pages.evicted()
    await acted(stack, posts["gulls two"], "restore")
    assert {"gulls one", "gulls one list"} <= await pages.evicted(), "it still stands in the lists"
    await acted(stack, posts["gulls two"], "trash")
    assert {"gulls one", "gulls one list"} <= await pages.evicted()
    await stack.relate()
    assert await pages.evicted() == set(), "nothing that is shown became another"


async def test_rules_and_links_of_texts_reach_the_pages_that_they_name(stack: Stack) -> None:
    posts, pages = await a_blog(stack)
    draft = await stack.post(title="Pinned", state="draft", path="/pinned.html")
    place = f"posts/{posts['bread']['id']}/related-rules"
    assert (await send(stack, "PUT", place, {"pinned": [draft["id"], posts["between"]["id"]]})).status_code == 200
    assert await pages.evicted() == {"bread", "bread list"}
    linking = GULLS + '<p><a href="/pinned.html">there</a></p>'
    await patched(stack, posts["gulls one"], body_html=linking)
    await stack.relate()
    assert {"gulls one", "gulls one list"} <= await pages.evicted()
    await acted(stack, draft, "publish", {"published": "2019-01-01T12:00:00Z"})
    assert {"bread", "bread list", "gulls one", "gulls one list"} <= await pages.evicted()
    await stack.relate()
    await pages.evicted()


async def test_however_many_posts_a_text_leads_to_those_alone_that_show_it_are_told(stack: Stack) -> None:
    posts, pages = await a_blog(stack)
    await done(stack, "PATCH", "blog", {"related_shown": 1})
    paths = [f"/2018/01/{n}.html" for n in range(60)]
    old = {"published": "2018-01-01T12:00:00Z", "body": "<p>Hush.</p>"}
    await stack.imported_posts(*({"source_id": path, "path": path} | old for path in paths))
    place = f"posts/{posts['bread']['id']}/related-rules"
    assert (await send(stack, "PUT", place, {"pinned": [posts["between"]["id"]]})).status_code == 200
    await stack.relate()
    await pages.evicted()
    to = [posts["gulls one"]["path"], posts["bread"]["path"], *paths]
    leading = "<p>Silence.</p>" + "".join(f'<p><a href="{path}">.</a></p>' for path in to)
    await patched(stack, posts["newest"], body_html=leading)
    await pages.evicted()
    await stack.relate()
    assert await pages.evicted() == {"gulls one", "gulls one list", "newest", "newest list"}, "bread has a pinned one"


async def test_a_link_that_finds_no_place_on_the_page_is_told_to_nobody(stack: Stack) -> None:
    posts, pages = await a_blog(stack)
    await done(stack, "PATCH", "blog", {"related_shown": 1})
    await pages.evicted()
    linking = f'<p>Silence. <a href="{posts["gulls one"]["path"]}">.</a> <a href="{posts["bread"]["path"]}">.</a></p>'
    place = f"posts/{posts['bread']['id']}/related-rules"
    assert (await send(stack, "PUT", place, {"pinned": [posts["between"]["id"]]})).status_code == 200
    await patched(stack, posts["newest"], body_html=linking)
    await pages.evicted()
    await stack.relate()
    assert await pages.evicted() == {"gulls one", "gulls one list", "newest", "newest list"}, "bread has a pinned one"
    await patched(stack, posts["newest"], body_html="<p>Silence.</p>")
    await pages.evicted()
    await stack.relate()
    assert await pages.evicted() == {"gulls one", "gulls one list", "newest", "newest list"}


class Flock:
    """Seven posts that say the same, on whose lists what has less to do with them comes sixth of all, or later."""

    def __init__(self, stack: Stack, posts: dict[str, dict[str, Any]], pages: Pages) -> None:
        self._stack, self.posts, self._pages = stack, posts, pages
        self._strangers = 0

    async def evicted_by_another(self) -> set[str]:
        """By its list alone, not by its publication."""
        self._strangers += 1
        said = f"<p>Seven boats sat in the marsh. {'Sails and oars. ' * 5}</p>"
        await self._stack.post(title="Boats", body_html=said, published=f"2022-02-0{self._strangers}T12:00:00Z")
        await self._pages.evicted()
        before = await self.shown()
        await self._stack.relate()
        evicted, after = await self._pages.evicted(), await self.shown()
        assert evicted == self.pages_of(*(name for name in before if before[name] != after[name]))
        return evicted

    async def shown(self) -> dict[str, object]:
        """Past the cache, the links on each page."""
        async with past_the_cache(self._stack) as fresh:
            found = {
                name: await fresh.get(f"/api/v1/articles/{post['id']}/related") for name, post in self.posts.items()
            }
        return {name: answer.json() for name, answer in found.items() if answer.is_success}

    async def put(self, name: str, what: str, content: object) -> None:
        answer = await send(self._stack, "PUT", f"posts/{self.posts[name]['id']}/{what}", content)
        assert answer.status_code == 200, answer.text

    def pages_of(self, *names: str) -> set[str]:
        return {page for name in names for page in (name, f"{name} list")}


async def a_flock(stack: Stack) -> Flock:
    posts = {
        f"gulls {n}": await stack.post(title="Gulls", body_html=GULLS, published=f"2020-01-0{n}T12:00:00Z")
        for n in range(1, 8)
    }
    # what stands beside is found anew with each that is published
    await stack.post(title="Between", body_html="<p>Nothing.</p>", published="2021-02-01T12:00:00Z")
    await stack.relate()
    pages = Pages(stack, posts)
    await pages.fill()
    return Flock(stack, posts, pages)


async def test_pages_do_not_hear_of_what_stands_further_down_than_they_show(stack: Stack) -> None:
    flock = await a_flock(stack)
    assert await flock.evicted_by_another() == set()
    await done(stack, "PATCH", "blog", {"related_shown": 7})
    assert await flock.evicted_by_another() == flock.pages_of(*flock.posts), "the control"


async def test_what_stands_before_computed_ones_takes_their_places(stack: Stack) -> None:
    """With seven shown, six posts that say the same leave a place: unless something else takes it."""
    flock = await a_flock(stack)
    await done(stack, "PATCH", "blog", {"related_shown": 7})
    elsewhere = {"headline": "Elsewhere", "url": "https://elsewhere.example/"}
    between = await stack.post(title="Beside", body_html="<p>Silence.</p>", published="2022-03-01T12:00:00Z")
    await flock.put("gulls 1", "related-links", {"related_links": [elsewhere]})
    await flock.put("gulls 2", "related-links", {"related_links": [{"post_id": flock.posts["gulls 7"]["id"]}]})
    await flock.put("gulls 3", "related-rules", {"pinned": [between["id"]]})
    await flock.put(
        "gulls 4", "related-rules", {"pinned": [between["id"]], "forbidden": [flock.posts["gulls 7"]["id"]]}
    )
    await patched(stack, flock.posts["gulls 5"], body_html=f'{GULLS}<p><a href="{between["path"]}">.</a></p>')
    await stack.relate()
    assert await flock.evicted_by_another() == flock.pages_of("gulls 2", "gulls 4", "gulls 6", "gulls 7")


async def test_pages_hear_of_what_moves_up_where_a_post_is_gone(stack: Stack) -> None:
    """Also while it still stands in the lists."""
    flock = await a_flock(stack)
    await done(stack, "PATCH", "blog", {"related_shown": 6})
    assert await flock.evicted_by_another() == set(), "the control"
    await acted(stack, flock.posts["gulls 7"], "trash")
    await stack.relate()
    assert await flock.evicted_by_another()
    await acted(stack, flock.posts["gulls 6"], "trash")
    assert await flock.evicted_by_another()


async def test_pages_hear_of_all_that_their_gateway_shows(databases: Databases, tmp_path: Path) -> None:
    """Unless the blog shows fewer; and a post may show more than it."""
    async with caching_stack(databases, tmp_path, related_shown=7) as stack:
        flock = await a_flock(stack)
        assert await flock.evicted_by_another() == flock.pages_of(*flock.posts)
        await done(stack, "PATCH", "blog", {"related_shown": 6})
        assert await flock.evicted_by_another() == set()
        place = f"posts/{flock.posts['gulls 1']['id']}/related-rules"
        assert (await send(stack, "PUT", place, {"shown": 20})).status_code == 200
        assert await flock.evicted_by_another() == flock.pages_of("gulls 1")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_what_is_explained_is_never_stored(stack: Stack) -> None:
    posts, _ = await a_blog(stack)
    address = f"/api/v1/articles/{posts['gulls one']['id']}/related"
    for _ in range(2):
        explained = await stack.operator.get(address, params={"explain": True})
        assert explained.json()["items"][0]["explanation"] is not None
        assert explained.headers["Cache-Control"] == "private, no-store"
        refused = await stack.reader.get(address, params={"explain": True})
        assert (refused.status_code, "explanation" in refused.text) == (401, False)
    assert status_of(await stack.reader.get(address)) == "hit"
    longer = [status_of(await stack.reader.get(address, params={"limit": 20})) for _ in range(2)]
    assert longer[0].startswith("fwd=miss")
