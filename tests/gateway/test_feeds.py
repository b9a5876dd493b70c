"""Atom feeds: whole, valid enough for feed readers, of live posts only."""

from functools import partial
from typing import Any

import pytest
from lxml import etree

from services.posts.commands.publish_due import publish_due
from tests.security.inside import database_of
from tests.stack import PUBLIC_URL, Stack

ATOM = "{http://www.w3.org/2005/Atom}"
TOTAL = "{http://purl.org/syndication/thread/1.0}total"


async def feed(stack: Stack, path: str) -> Any:
    answer = await stack.reader.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/atom+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    return etree.fromstring(answer.content)


def titles(found: Any) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in found.iter(f"{ATOM}entry")]


def link(found: Any, relation: str) -> str | None:
    element = found.find(f"{ATOM}link[@rel='{relation}']")
    return None if element is None else element.get("href")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_entry_says_all_that_an_article_is(stack: Stack) -> None:
    author = (await stack.operator.post("/api/v1/authors", json={"name": "Ann", "url": "https://ann.example/"})).json()
    written = await stack.post(
        title='Fish & <chips> "now"',
        body_html="<p>One</p><!--more--><p>Two &amp; three</p>",
        labels=["A", "B & C"],
        author_id=author["id"],
    )
    await stack.comment(written["id"])
    found = await feed(stack, "/feeds/posts/default")
    (entry,) = found.iter(f"{ATOM}entry")
    said = {element.tag.removeprefix(ATOM): element.text for element in entry if element.text}
    assert said == {
        "id": f"urn:dateline:post:{written['id']}",
        "title": 'Fish & <chips> "now"',
        "published": said["published"],
        "updated": said["updated"],
        "content": '<p>One</p><span id="more"></span><p>Two &amp; three</p>',
        TOTAL: "1",
    }
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert [one.get("term") for one in entry.iter(f"{ATOM}category")] == ["A", "B & C"]
    assert [one.text for one in entry.find(f"{ATOM}author")] == ["Ann", "https://ann.example/"]
    assert link(entry, "alternate") == written["url"]
    assert link(found, "self") == f"{PUBLIC_URL}/feeds/posts/default"
    assert found.findtext(f"{ATOM}updated") == said["updated"]

    (short,) = (await feed(stack, "/feeds/posts/summary")).iter(f"{ATOM}entry")
    assert short.findtext(f"{ATOM}summary") == "One"
    assert short.find(f"{ATOM}content") is None


async def test_feed_is_walked_by_its_next_links(stack: Stack) -> None:
    await stack.imported_posts(*({"source_id": f"p{n}", "title": f"P{n}", "labels": ["L/M"]} for n in range(7)))
    for path in ("/feeds/posts/default?max-results=3", "/feeds/posts/full/-/L/M?max-results=3"):
        seen, at = list[str](), f"{PUBLIC_URL}{path}"
        while at:
            found = await feed(stack, at.removeprefix(PUBLIC_URL))
            seen += titles(found)
            at = link(found, "next") or ""
        assert sorted(seen) == [f"P{n}" for n in range(7)]


async def test_feed_of_a_label_has_its_posts_only(stack: Stack) -> None:
    await stack.post(title="In", labels=["Käse"])
    await stack.post(title="Out", labels=["käse"])
    await stack.post(title="Draft", labels=["Käse"], state="draft")
    found = await feed(stack, "/feeds/posts/default/-/K%C3%A4se")
    assert titles(found) == ["In"]
    assert found.findtext(f"{ATOM}title") == "Dateline: Käse"
    assert link(found, "alternate") == f"{PUBLIC_URL}/search/label/K%C3%A4se"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_characters_that_xml_cannot_hold_are_left_out(stack: Stack) -> None:
    await stack.post(title="a\ufffeb\uffffc", body_html="<p>x\ufffey</p>")
    assert titles(await feed(stack, "/feeds/posts/default")) == ["abc"]


async def test_scheduled_post_is_in_the_feed_when_its_time_has_come(stack: Stack) -> None:
    await stack.post(title="Later", published="2026-03-14T16:00:00Z")
    assert titles(await feed(stack, "/feeds/posts/default")) == []
    stack.clock.now = stack.clock.now.replace(hour=17)
    await database_of(stack, "posts").write(partial(publish_due, now=stack.clock()))
    assert titles(await feed(stack, "/feeds/posts/default")) == ["Later"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_feed_without_comments_has_no_counts(stack: Stack) -> None:
    written = await stack.post()
    await stack.comment(written["id"])
    stack.take_away("comments")
    found = await feed(stack, "/feeds/posts/default")
    assert len(titles(found)) == 1
    assert found.find(f".//{TOTAL}") is None
    assert (await stack.reader.get("/atom.xml")).headers["Location"] == "/feeds/posts/default"


async def test_feed_without_posts_is_empty_and_valid(stack: Stack) -> None:
    found = await feed(stack, "/feeds/posts/default")
    assert titles(found) == []
    assert found.findtext(f"{ATOM}id") == f"{PUBLIC_URL}/feeds/posts/default"
    assert (await stack.reader.get("/feeds/posts/other")).status_code == 422
    assert (await stack.reader.get("/feeds/posts/default?max-results=101")).status_code == 422
