"""A comment in doubt in a real browser: with scripts it shows itself by a proof of work, without it waits."""

from urllib.parse import parse_qsl, urlencode

import httpx
from playwright.async_api import Browser, Page, Route

from tests.browser.doubtful import doubtful_texts
from tests.browser.test_reader import browser, first_article, note_trouble, server
from tests.browser.test_reader import pytestmark as pytestmark  # noqa: PLC0414 given on
from tests.e2e.processes import Running

__all__ = ["browser", "server"]


async def without_stamp(route: Route) -> None:
    """How fast a form is filled in speaks for spam too; a form without its stamp does so at any speed."""
    if route.request.method != "POST":
        await route.continue_()
        return
    fields = [field for field in parse_qsl(route.request.post_data or "") if field[0] != "stamp"]
    await route.continue_(post_data=urlencode(fields))


async def post_doubtful(page: Page, server: Running, text: str) -> None:
    await page.route("**/articles/*/comments", without_stamp)
    await page.goto(f"{server.url}{first_article(server)}?comments_order=newest")
    await page.get_by_label("Comment", exact=True).fill(text)
    await page.get_by_role("button", name="Post comment").click()


async def is_live(server: Running, comment_id: str) -> bool:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        newest = (await client.get("/api/v1/comments/newest")).json()["items"]
        return comment_id in {one["comment"]["id"] for one in newest}


async def test_a_browser_solves_the_challenge_and_the_comment_is_shown(server: Running, browser: Browser) -> None:
    text = next(doubtful_texts())
    page = await browser.new_page()
    trouble = note_trouble(page)
    await post_doubtful(page, server, text)
    own = page.locator(".thread li", has_text=text)
    await own.wait_for()
    address = httpx.URL(page.url)
    assert await own.get_attribute("id") == address.fragment
    assert address.params["comments_order"] == "newest"
    assert await page.locator("#comment-held").count() == 0
    assert await is_live(server, address.fragment.removeprefix("c"))
    assert trouble == []


async def test_without_javascript_the_comment_waits_and_that_is_said(server: Running, browser: Browser) -> None:
    *_, text = doubtful_texts()
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await post_doubtful(page, server, text)
    held = page.get_by_role("status")
    assert "Your comment waits for a moderator" in await held.inner_text()
    assert await held.get_attribute("data-challenge")
    assert await page.locator(".thread li", has_text=text).count() == 0
    assert not await is_live(server, await held.get_attribute("data-comment") or "")
