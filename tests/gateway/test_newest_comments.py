"""The newest comments and the counts of many articles: of live posts that show their threads, and of no others."""

from typing import Any

import pytest
from sqlalchemy import func, select

from services.comments.queries.newest import _STEPS
from services.comments.tables import followed_posts
from tests.comments.following import eventually
from tests.comments.test_thread_pages import fill, listening, plan
from tests.gateway.inside import database
from tests.gateway.reading import HTML, assert_problem, parts
from tests.gateway.test_feeds import ATOM, feed, link, titles
from tests.posts.listing import edit, put_through
from tests.stack import PUBLIC_URL, Stack

NEWEST = "/api/v1/comments/newest"
COUNTS = "/api/v1/comments/counts"
SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


async def newest(stack: Stack, **params: Any) -> dict[str, Any]:
    answer = await stack.reader.get(NEWEST, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [item["comment"]["id"] for item in found["items"]]


async def counts(stack: Stack, *article_ids: str) -> dict[str, int]:
    answer = await stack.reader.get(COUNTS, params={"article_id": article_ids})
    assert answer.status_code == 200, answer.text
    found: dict[str, int] = answer.json()["counts"]
    return found


async def followed(stack: Stack, expected: dict[str, int], *gone: str) -> None:
    """Waits until the comments service knows of the posts what readers see.

    Of those that are gone it may not have heard at all yet, and count them as little as when it has.
    """
    await eventually(lambda: _unseen(stack, gone), len(gone))
    await eventually(lambda: counts(stack, *expected, *gone), expected)


async def _unseen(stack: Stack, post_ids: tuple[str, ...]) -> int:
    is_unseen = (followed_posts.c.is_live == 0) | (followed_posts.c.policy == "hidden")
    mine = followed_posts.c.post_id.in_([int(one) for one in post_ids])
    async with database(stack, "comments").read() as reads:
        return int((await reads.execute(select(func.count()).where(mine, is_unseen))).scalar_one())


async def commented(stack: Stack, number: int, states: str = "ll") -> str:
    """A post and a comment for each letter of `states`, each published a day after the one before."""
    post_id: str = (await stack.post(title=f"Post {number}"))["id"]
    named = {"l": "live", "h": "held", "s": "spam", "d": "deleted"}
    await stack.imported_comments(
        *(
            {
                "source_id": f"{number}{at}",
                "post_id": post_id,
                "state": named[state],
                "published": f"2022-02-{10 * at + number:02}T00:00:00Z",
            }
            for at, state in enumerate(states)
        )
    )
    return post_id


async def test_counts_are_of_live_posts_that_show_their_threads(stack: Stack) -> None:
    one, two, three, four = [await commented(stack, n, "lhl") for n in range(1, 5)]
    bare = (await stack.post())["id"]
    draft = (await stack.post(state="draft"))["id"]
    every = (one, two, three, four, bare, draft, "5")
    await edit(stack, two, comment_policy="hidden")
    await put_through(stack, three, "trash")
    await edit(stack, four, comment_policy="closed")
    await followed(stack, {one: 2, four: 2, bare: 0}, two, three, draft)
    with stack.recorder.recording() as costs:
        assert await counts(stack, *every, one) == {one: 2, four: 2, bare: 0}
    assert (costs.calls, costs.counts()) == (["comments GET /shown-counts"], {"posts": 0, "comments": 1})
    for wrong in ({}, {"article_id": "x"}, {"article_id": [str(n) for n in range(1, 102)]}):
        assert_problem(await stack.reader.get(COUNTS, params=wrong), 422, "invalid")
    stack.take_away("comments")
    assert_problem(await stack.reader.get(COUNTS, params={"article_id": one}), 503, "unavailable")


async def test_newest_comments_are_walked_without_what_is_not_shown(stack: Stack) -> None:
    """At the price of a call to each service, however long the page."""
    one, two, three, four = [await commented(stack, n, "lhl") for n in range(1, 5)]
    await followed(stack, dict.fromkeys((one, two, three, four), 2))
    assert ids(await newest(stack)) == ["42", "32", "22", "12", "40", "30", "20", "10"]
    for limit in range(1, 9):
        found, cursor = list[str](), dict[str, str]()
        for _turn in range(8):
            with stack.recorder.recording() as costs:
                page = await newest(stack, limit=limit, **cursor)
            assert costs.calls == ["comments GET /newest", "posts GET /live-posts"]
            assert costs.counts() == {"posts": 2, "comments": 2}
            found += ids(page)
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert found == ["42", "32", "22", "12", "40", "30", "20", "10"], limit
    await edit(stack, two, comment_policy="hidden")
    await put_through(stack, three, "trash")
    shown = ["42", "12", "40", "10"]
    assert ids(await newest(stack)) == shown, "at once, whatever is followed"
    await followed(stack, {one: 2, four: 2}, two, three)
    assert ids(await newest(stack)) == shown
    assert ids(await newest(stack, article_id=four)) == ["42", "40"]
    for nothing in (two, three, "5"):
        assert await newest(stack, article_id=nothing, limit=1) == {"items": [], "next_cursor": None}
    stack.take_away("posts")
    assert_problem(await stack.reader.get(NEWEST), 503, "unavailable")
    for wrong in ("limit=101", "cursor=*", "article_id=x"):
        assert_problem(await stack.reader.get(f"{NEWEST}?{wrong}"), 422, "invalid")


async def test_a_page_says_what_was_said_and_where(stack: Stack) -> None:
    post = await stack.post(title="Tide & time", path="/2022/gezeit-ä.html")
    first = await stack.shown_comment(post["id"], "Well.", author_name="Ann", author_url="https://ann.example/")
    reply = await stack.shown_comment(post["id"], "So so.", parent_id=first["id"])
    await followed(stack, {post["id"]: 2})
    url = f"{PUBLIC_URL}/2022/gezeit-%C3%A4.html"
    article = {"id": post["id"], "path": post["path"], "url": url, "title": "Tide & time"}
    assert (await newest(stack))["items"] == [
        {"comment": one, "article": article, "url": f"{url}?showComment={one['id']}#c{one['id']}"}
        for one in (reply, first)
    ]


async def test_thousands_of_comments_that_are_not_shown_take_bounded_work(stack: Stack) -> None:
    """All of them newer than the one that is: a page tells where to go on, and walks an index to get there."""
    shown = await commented(stack, 1, "l")
    trashed = (await stack.post())["id"]
    await fill(stack, int(trashed), sum(_STEPS) + 100)
    await put_through(stack, trashed, "trash")
    await followed(stack, {shown: 1}, trashed)
    found, cursor, turns = list[str](), dict[str, str](), 0
    while cursor or not turns:
        with stack.recorder.recording() as costs, listening(stack) as asked:
            page = await newest(stack, **cursor)
        assert costs.counts()["comments"] <= 1 + len(_STEPS) + 1
        for statement, values in asked:
            if "LEFT OUTER JOIN followed_posts" in statement:
                walk = await plan(stack, statement, values)
                assert "comments_by_state" in walk, walk
                assert not any(word in walk for word in ("SCAN comments", "Seq Scan on comments", "TEMP B-TREE")), walk
        found, turns = [*found, *ids(page)], turns + 1
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
    assert found == ["10"]
    assert turns == 2
    assert await newest(stack, article_id=trashed) == {"items": [], "next_cursor": None}


async def test_feeds_have_the_newest_comments(stack: Stack) -> None:
    one, two, three = [await commented(stack, n) for n in range(1, 4)]
    await edit(stack, three, comment_policy="hidden")
    await followed(stack, {one: 2, two: 2}, three)
    everything = ["Anonymous on Post 2", "Anonymous on Post 1"] * 2
    for path, expected in (
        ("/feeds/comments/default", everything),
        (f"/feeds/{one}/comments/default", everything[1::2]),
    ):
        assert titles(await feed(stack, path)) == expected
        seen, at = list[str](), f"{PUBLIC_URL}{path}?max-results=1"
        while at:
            found = await feed(stack, at.removeprefix(PUBLIC_URL))
            seen += titles(found)
            at = link(found, "next") or ""
        assert seen == expected
        assert link(found, "self") == f"{PUBLIC_URL}{path}"
        assert (await stack.reader.get(f"{path}?max-results=101")).status_code == 422
    assert titles(await feed(stack, f"/feeds/{three}/comments/default")) == []
    draft = (await stack.post(state="draft"))["id"]
    for missing in (draft, "5"):
        assert_problem(await stack.reader.get(f"/feeds/{missing}/comments/default"), 404, "not-found")
    stack.take_away("comments")
    assert (await stack.reader.get("/feeds/comments/default")).status_code == 503


@SQLITE_ONLY
async def test_entry_says_what_a_comment_is_and_what_it_answers(stack: Stack) -> None:
    post = await stack.post(title="Fish & <chips>")
    first = await stack.comment(post["id"], "One\ufffe & <two>", author_name="<Ann>", author_url="https://ann.example/")
    reply = await stack.comment(post["id"], "Three", parent_id=first["id"])
    await followed(stack, {post["id"]: 2})
    found = await feed(stack, f"/feeds/{post['id']}/comments/default")
    assert found.findtext(f"{ATOM}title") == "Dateline: comments on Fish & <chips>"
    assert link(found, "alternate") == post["url"]
    newer, older = found.iter(f"{ATOM}entry")
    said = {element.tag.removeprefix(ATOM): element.text for element in older if element.text}
    assert said == {
        "id": f"urn:dateline:comment:{first['id']}",
        "title": "<Ann> on Fish & <chips>",
        "published": said["published"],
        "updated": said["published"],
        "content": "<p>One &amp; &lt;two&gt;</p>\n",
    }
    assert [one.text for one in older.find(f"{ATOM}author")] == ["<Ann>", "https://ann.example/"]
    assert link(newer, "alternate") == f"{post['url']}?showComment={reply['id']}#c{reply['id']}"
    answered = [one.get("ref") for one in newer.iter("{http://purl.org/syndication/thread/1.0}in-reply-to")]
    assert answered == [f"urn:dateline:post:{post['id']}", f"urn:dateline:comment:{first['id']}"]
    assert found.findtext(f"{ATOM}updated") == newer.findtext(f"{ATOM}published")


@SQLITE_ONLY
async def test_pages_lead_to_the_feeds(stack: Stack) -> None:
    shown, hidden = await stack.post(), await stack.post(comment_policy="hidden")
    for path, own in (("/", []), (shown["path"], [shown["id"]]), (hidden["path"], [])):
        html = (await stack.reader.get(path, headers=HTML)).text
        feeds = [node.attributes["href"] for node in parts(html, "head link[rel=alternate]")]
        assert feeds == [
            *(f"/feeds/{one}/comments/default" for one in own),
            "/feeds/posts/default",
            "/feeds/comments/default",
        ]
