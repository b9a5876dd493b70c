"""Reads pages as a reader does: by their text and by the parts that selectors name."""

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

HTML = {"Accept": "text/html"}


def part(html: str, selector: str) -> LexborNode:
    """The only element that the selector names."""
    found = LexborHTMLParser(html).css(selector)
    assert len(found) == 1, f"{selector}: {len(found)} found"
    return found[0]


def parts(html: str, selector: str) -> list[LexborNode]:
    return LexborHTMLParser(html).css(selector)


def texts(html: str, selector: str) -> list[str]:
    return [" ".join(node.text(separator=" ").split()) for node in parts(html, selector)]


def text_of_page(html: str) -> str:
    """What a reader sees of a page, chrome left out."""
    return " ".join(part(html, "main").text(separator=" ").split())


def assert_problem(answer: httpx.Response, status: int, slug: str) -> None:
    """The answer is that problem as RFC 9457 has it, with the id of its own request."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    members = answer.json()
    assert members["type"] == f"urn:dateline:problem:{slug}"
    assert members["status"] == status
    assert members["title"]
    assert members["request_id"] == answer.headers["X-Request-Id"]


def assert_problem_page(answer: httpx.Response, status: int) -> None:
    """The answer is a page for people that says what is wrong and names its request."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f"Error {status}, request {answer.headers['X-Request-Id']}" in text_of_page(answer.text)
