"""The lists as pages: search, labels, the archive, and the way through them."""

import re
from html import unescape

import pytest

from tests.stack import Stack

HTML = {"Accept": "text/html"}


async def page(stack: Stack, path: str, status: int = 200) -> str:
    answer = await stack.reader.get(path, headers=HTML)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.text


def links(html: str, relation: str) -> list[str]:
    return [unescape(link) for link in re.findall(rf'<a rel="{relation}" href="([^"]+)"', html)]


async def test_search_page_marks_what_it_found(stack: Stack) -> None:
    await stack.post(title="Low water", body_html="<p>The <em>ferry</em> &amp; the <b>tide</b> &lt;b&gt;</p>")
    await stack.post(title="Other")
    html = await page(stack, "/search?q=ferry+tide")
    assert "The <mark>ferry</mark> &amp; the <mark>tide</mark> &lt;b&gt;" in html
    assert html.count('class="listed"') == 1
    assert 'value="ferry tide"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "/search?q=ferry+tide&amp;order=newest" in html.replace("%20", "+")


async def test_search_that_finds_nothing_says_so(stack: Stack) -> None:
    await stack.post()
    html = await page(stack, '/search?q="><script>alert(1)</script>')
    assert "Nothing was found." in html
    assert "<script>alert" not in html


async def test_search_without_words_offers_labels_and_months(stack: Stack) -> None:
    await stack.post(labels=["Tide & Time"], published="2026-02-03T00:00:00Z")
    await stack.post(labels=["Unseen"], state="draft")
    with stack.recorder.recording() as costs:
        html = await page(stack, "/search?q=+")
    assert costs.calls == ["posts GET /articles", "comments GET /counts", "posts GET /labels", "posts GET /archive"]
    assert '<a href="/search/label/Tide%20&amp;%20Time">Tide &amp; Time</a> <span class="aside">1</span>' in html
    assert '<a href="/2026/02/">February 2026</a>' in html
    assert '<a href="/2026/">2026</a>' in html
    assert "Unseen" not in html


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_query_that_is_too_long_is_a_problem_page(stack: Stack) -> None:
    assert "at most 300 characters" in await page(stack, "/search?q=" + "a" * 301, 422)


@pytest.mark.parametrize("label", ["Harbor", "a/b", "what? #1 & 50%", "Käse 東京", "it's"])
async def test_label_page_is_reached_from_the_article(stack: Stack, label: str) -> None:
    written = await stack.post(title="Bears it", labels=[label])
    await stack.post(title="Bears none")
    (address,) = links(await page(stack, written["path"]), "tag")
    html = await page(stack, address)
    assert "Bears it" in html
    assert "Bears none" not in html
    assert 'type="application/atom+xml"' in html


async def test_label_that_only_drafts_bear_looks_like_none(stack: Stack) -> None:
    await stack.post(labels=["Secret"], state="draft")
    await page(stack, "/search/label/Secret", 404)
    await page(stack, "/search/label/Nobody", 404)
    await stack.post(labels=["Secret"])
    await page(stack, "/search/label/Secret")


async def test_archive_pages_follow_the_blogs_zone(stack: Stack) -> None:
    blog = await stack.reader.get("/api/v1/blog")
    changed = await stack.operator.patch(
        "/api/v1/blog", json={"time_zone": "Asia/Tokyo"}, headers={"If-Match": blog.headers["ETag"]}
    )
    assert changed.status_code == 200
    await stack.post(title="New Year there", published="2025-12-31T20:00:00Z")
    assert "New Year there" in await page(stack, "/2026/")
    html = await page(stack, "/2026/01/")
    assert "New Year there" in html
    assert "<h1>January 2026</h1>" in html
    for path in (
        "/2025/",
        "/2025/12/",
        "/2026/13/",
        "/2026/00/",
        "/0/",
        "/99999/",
        "/2026/2/1/",
        f"/{'1' * 5000}/",
        "/search/label/",
    ):
        await page(stack, path, 404)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_pages_lead_both_ways(stack: Stack) -> None:
    await stack.imported_posts(*({"source_id": f"p{n}", "title": f"Post {n:02}", "labels": ["All"]} for n in range(25)))
    for first in ("/", "/search/label/All", "/2022/", "/search?q=post", "/search?q=post&order=newest"):
        seen, path, pages = list[str](), first, list[str]()
        while path:
            html = await page(stack, path)
            pages.append(html)
            seen += re.findall(r">(Post \d\d)</a>", html)
            path = next(iter(links(html, "next")), "")
        assert len(seen) == len(set(seen)) == 25, first
        (back,) = links(pages[-1], "prev")
        assert re.findall(r">(Post \d\d)</a>", await page(stack, back)) == seen[10:20], first
        assert links(pages[0], "prev") == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_robots_txt_is_dateline_s_until_the_blog_has_its_own(stack: Stack) -> None:
    answer = await stack.reader.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /search\n" in answer.text
    blog = await stack.reader.get("/api/v1/blog")
    own = {"robots_txt": "User-agent: *\nDisallow: /\n"}
    await stack.operator.patch("/api/v1/blog", json=own, headers={"If-Match": blog.headers["ETag"]})
    assert (await stack.reader.get("/robots.txt")).text == own["robots_txt"]
