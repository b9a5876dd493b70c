"""The reader's pages in a real browser: nothing blocked, nothing thrown, the form without JavaScript."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, Request, async_playwright

from tests.e2e.processes import Running, running

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true", reason="no Chromium here; CI installs it"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running("serve", "--demo", "--data", tmp_path_factory.mktemp("browser")) as serving:
        yield serving


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


def first_article(server: Running) -> str:
    with httpx.Client(base_url=server.url) as client:
        path: str = client.get("/api/v1/articles").json()["items"][0]["path"]
        return path


def was_left(request: Request) -> bool:
    """Whether the browser itself gave the request up, as it does with a page's icon when the page is left."""
    return request.failure == "net::ERR_ABORTED"


def note_trouble(page: Page) -> list[str]:
    """Console errors (a blocked resource is one), exceptions, and requests to any other host."""
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("requestfailed", lambda request: None if was_left(request) else trouble.append(request.url))
    return trouble


async def test_pages_open_without_trouble(server: Running, browser: Browser) -> None:
    page = await browser.new_page()
    trouble = note_trouble(page)
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(httpx.URL(request.url).netloc.decode()))
    for path in ("/", first_article(server), "/p/about.html"):
        await page.goto(server.url + path, wait_until="networkidle")
        assert await page.locator("h1").count() == 1
    assert trouble == []
    assert hosts == {httpx.URL(server.url).netloc.decode()}


async def test_docs_page_shows_the_operations(server: Running, browser: Browser) -> None:
    page = await browser.new_page()
    trouble = note_trouble(page)
    await page.goto(f"{server.url}/docs")
    await page.get_by_text("/api/v1/articles/by-path").wait_for()
    assert trouble == []


async def test_comment_and_reply_without_javascript(server: Running, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(server.url + first_article(server))
    await page.get_by_label("Name").fill("A Reader")
    await page.get_by_label("Comment", exact=True).fill("Written in a browser.")
    await page.get_by_role("button", name="Post comment").click()
    own = page.locator("li", has_text="Written in a browser.")
    assert await own.get_attribute("id") == httpx.URL(page.url).fragment

    await own.get_by_role("link", name="Reply").click()
    await page.get_by_label("Website").fill("javascript:alert(1)")
    await page.get_by_label("Comment", exact=True).fill("An answer.")
    await page.get_by_role("button", name="Post comment").click()
    assert "Website" in await page.get_by_role("alert").inner_text()
    assert await page.get_by_label("Comment", exact=True).input_value() == "An answer."

    await page.get_by_label("Website").fill("")
    await page.get_by_role("button", name="Post comment").click()
    assert await page.locator("li.depth-1", has_text="An answer.").count() == 1


async def test_narrow_page_has_no_sideways_scroll(server: Running, browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 320, "height": 640})
    await page.goto(server.url + "/2023/12/twelve-hours-of-winter-bird-count.html")
    widths = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


def test_ci_has_a_browser() -> None:
    """In CI a missing browser fails instead of skipping."""
    assert CHROMIUM is not None
    assert Path(CHROMIUM).exists()
