"""Every kind of change over every surface: what the cache answers is what would be composed now, and what shows nothing
of the change stays where it is.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.gateway.caching import caching_stack
from tests.gateway.inside import publish_what_is_due
from tests.gateway.shown import PLANNED, Shown, small_blog
from tests.posts.listing import set_blog

Do = Callable[[Shown], Awaitable[object]]
UNSEEN = {"a draft is changed", "it is planned", "a comment waits"}
"""What no reader is shown anything of."""
FAR = {"far1", "far2", "far3", "json far", "label far", "list far", "feed far", "list 2022", "comments feed far"}
"""What shows only posts of long ago."""
NUMBERS = {"labels", "authors", "archive", "robots"}
"""What shows no post."""
THREADS = {"newest", "newest two", "counts", "comments feed", "comments feed one", "thread one"}
OLD = FAR - {"list 2022"}
"""Which posts there are in a year is known only by which there are."""
FLAT = THREADS - {"thread one"}
ALL: set[str] = set()


async def due(blog: Shown) -> None:
    blog.stack.clock.now += timedelta(days=60)
    assert await publish_what_is_due(blog.stack) == 1


async def imported(blog: Shown) -> None:
    (post,) = await blog.stack.imported_posts({"source_id": "i", "labels": ["Far"], "title": "Imported"})
    await blog.stack.imported_comments({"source_id": "c", "post_id": post["id"]})


async def rename(blog: Shown) -> None:
    await blog.act("PATCH", f"labels/{await blog.id_of('labels', 'Harbor')}", {"name": "Port"})


async def merge(blog: Shown) -> None:
    into = await blog.id_of("labels", "Tide")
    await blog.act("POST", f"labels/{await blog.id_of('labels', 'Port')}/merge", {"into": into})


async def unlabel(blog: Shown) -> None:
    await blog.act("DELETE", f"labels/{await blog.id_of('labels', 'Tide')}")


async def rename_author(blog: Shown) -> None:
    await blog.act("PATCH", f"authors/{await blog.id_of('authors', 'Ann')}", {"name": "Anna"})


async def hand_over(blog: Shown) -> None:
    await blog.edit("three", author_id=await blog.id_of("authors", "Ann"))


async def revise(blog: Shown) -> None:
    place = f"posts/{blog.ids['two']}/revisions"
    first = (await blog.act("GET", place)).json()["items"][-1]["version"]
    await blog.act("POST", f"{place}/{first}/restore")


def edit(name: str, **given: object) -> Do:
    return lambda blog: blog.edit(name, **given)


def step(name: str, what: str, body: object = None) -> Do:
    return lambda blog: blog.step(name, what, body)


POSTS: list[tuple[str, Do, set[str]]] = [
    ("a draft is changed", edit("draft", title="Still A Draft"), FAR | NUMBERS | THREADS | {"home", "one", "feed"}),
    ("a draft takes a path", edit("draft", path=PLANNED), FAR | NUMBERS | THREADS | {"home", "one", "about"}),
    ("it is published", step("draft", "publish"), OLD | THREADS | {"one", "about", "label harbor", "robots"}),
    ("its text is changed", edit("draft", body_html="<p>Now</p>"), FAR | NUMBERS | THREADS | {"label harbor", "one"}),
    ("its title is changed", edit("draft", title="Out"), FAR | NUMBERS | THREADS | {"label harbor", "one", "about"}),
    ("its labels are changed", edit("draft", labels=["New"]), OLD | THREADS | {"about", "label harbor", "one"}),
    ("its path is changed", edit("draft", path="/2026/02/went.html"), FAR | NUMBERS | {"label harbor", "one"}),
    ("it is taken back", step("draft", "revert"), OLD | THREADS | {"about", "label harbor", "one"}),
    ("it is planned", step("draft", "publish", {"published": "2026-04-01T12:00:00Z"}), FAR | NUMBERS | {"home", "one"}),
    ("its time comes", due, OLD | THREADS | {"about", "label harbor", "one", "robots"}),
    ("links are picked", edit("two", related_links=[]), FAR | NUMBERS | {"counts", "newest", "comments feed", "about"}),
    ("a revision comes back", revise, FAR | NUMBERS | {"about"}),
    ("a post is trashed", step("one", "trash"), OLD - {"far3"} | {"about", "robots", "label far"}),
    ("it is restored", step("one", "restore"), OLD - {"far3"} | {"about", "robots"}),
    ("a post changes hands", hand_over, OLD | THREADS | {"one", "about"}),
    (
        "a page is changed",
        edit("about", body_html="<p>Us</p>"),
        FAR | NUMBERS | THREADS | {"home", "one", "two", "feed"},
    ),
    ("posts come from elsewhere", imported, {"about", "robots", "one", "three", "label harbor"}),
    ("a post is deleted", lambda blog: blog.act("DELETE", f"posts/{blog.ids['three']}"), {"about", "robots", "one"}),
]
NAMES: list[tuple[str, Do, set[str]]] = [
    ("a label is renamed", rename, FAR | FLAT | {"three", "about", "archive", "authors", "month"}),
    ("a label is merged", merge, FAR | FLAT | {"about", "archive", "authors"}),
    ("a label is deleted", unlabel, FAR | FLAT | {"about", "archive", "authors"}),
    ("an author is renamed", rename_author, FAR | FLAT | {"three", "about", "archive", "labels", "feed far"}),
    ("the blog is renamed", lambda blog: set_blog(blog.stack, title="New"), ALL),
    ("dates are written otherwise", lambda blog: set_blog(blog.stack, locale="de-DE"), ALL),
    ("lists are shorter", lambda blog: set_blog(blog.stack, posts_per_page=2), ALL),
    ("the clock is put elsewhere", lambda blog: set_blog(blog.stack, time_zone="Asia/Tokyo"), ALL),
    ("links lead elsewhere", lambda blog: set_blog(blog.stack, public_url="https://moved.example"), ALL),
    ("robots are told otherwise", lambda blog: set_blog(blog.stack, robots_txt="User-agent: *"), ALL),
]
COMMENTS: list[tuple[str, Do, set[str]]] = [
    ("a comment is written", lambda blog: blog.comment("second", "one", "Second"), FAR | NUMBERS | {"three", "about"}),
    (
        "a comment is answered",
        lambda blog: blog.comment("third", "one", "Third", parent_id=blog.ids["second"]),
        FAR | NUMBERS | {"three", "about", "newest two", "label tide"},
    ),
    (
        "a comment is changed",
        lambda blog: blog.act("PATCH", f"comments/{blog.ids['third']}", {"body": "3"}, token="third"),
        FAR | NUMBERS | {"three"},
    ),
    (
        "a comment is deleted",
        lambda blog: blog.act("DELETE", f"comments/{blog.ids['second']}", token="second"),
        FAR | NUMBERS | {"three"},
    ),
    ("a comment is removed", lambda blog: blog.decide("remove", "first"), FAR | NUMBERS | {"three", "about"}),
    ("it is restored", lambda blog: blog.decide("restore", "first"), FAR | NUMBERS | {"three", "about"}),
    (
        "a comment of long ago is spam",
        lambda blog: blog.decide("spam", "far comment"),
        NUMBERS | {"one", "three"},
    ),
    ("comments are closed", edit("one", comment_policy="closed"), FAR | NUMBERS | {"three", "about"}),
    ("comments are hidden", edit("one", comment_policy="hidden"), FAR | NUMBERS | {"three", "about"}),
    ("comments are open again", edit("one", comment_policy="open"), FAR | NUMBERS | {"three", "about"}),
    ("votes are taken", lambda blog: set_blog(blog.stack, comment_votes="on"), ALL),
    (
        "a comment is voted for",
        lambda blog: blog.act("PUT", f"comments/{blog.ids['third']}/vote"),
        FAR | NUMBERS | {"three", "home", "list", "counts", "feed"},
    ),
    ("votes are taken no more", lambda blog: set_blog(blog.stack, comment_votes="off"), ALL),
    ("everything waits", lambda blog: set_blog(blog.stack, comment_moderation="all"), ALL),
    ("a comment waits", lambda blog: blog.comment("held", "one", "Held"), FAR | NUMBERS | THREADS | {"one", "home"}),
    ("it is approved", lambda blog: blog.decide("approve", "held"), FAR | NUMBERS | {"three", "about"}),
]


@pytest.fixture
async def blog(databases: Databases, tmp_path: Path) -> AsyncIterator[Shown]:
    async with caching_stack(databases, tmp_path) as stack:
        yield await small_blog(stack)


@pytest.mark.parametrize("walk", [POSTS, NAMES, COMMENTS], ids=["posts", "names", "comments"])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_the_cache_answers_what_would_be_composed(blog: Shown, walk: list[tuple[str, Do, set[str]]]) -> None:
    for name, do, stays in walk:
        before = await blog.steady()
        await do(blog)
        seen = await blog.seen()
        assert not seen.wrong, name
        assert before & stays <= seen.kept, f"{name}: evicted {sorted(before & stays - seen.kept)}"
        assert (before <= seen.kept) == (name in UNSEEN), f"{name}: evicted {sorted(before - seen.kept)}"
    assert not (await blog.seen()).wrong
