"""What the comment form keeps of the page that it stands on, and what it says of the name."""

from typing import Any

import httpx
import pytest

from tests.gateway.reading import HTML, part, parts, texts
from tests.posts.listing import set_blog
from tests.stack import Stack

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def hidden(html: str) -> dict[str, str]:
    fields = [node.attributes for node in parts(html, "#comment-form input[type=hidden]")]
    return {str(one["name"]): str(one["value"]) for one in fields}


async def posted(stack: Stack, post: dict[str, Any], html: str, **fields: str) -> httpx.Response:
    return await stack.reader.post(f"/articles/{post['id']}/comments", data=hidden(html) | fields, headers=HTML)


async def test_the_order_and_the_page_that_were_asked_for_stay(stack: Stack) -> None:
    post = await stack.post()
    many = [{"source_id": str(n), "post_id": post["id"]} for n in range(1, 252)]
    await stack.imported_comments(*many)
    first = (await stack.reader.get(post["path"], params={"comments_order": "newest"}, headers=HTML)).text
    link = part(first, "a[rel=next]").attributes["href"] or ""
    page = (await stack.reader.get(link, headers=HTML)).text
    answered = parts(page, ".reply a")[0].attributes["href"] or ""
    replying = (await stack.reader.get(answered, headers=HTML)).text
    assert {"comments_order", "comments_cursor", "parent_id"} <= hidden(replying).keys()
    elsewhere = part(replying, "#comment-form .notice a:last-child").attributes["href"] or ""
    assert "comments_order=newest" in elsewhere

    refused = await posted(stack, post, replying, body="")
    assert refused.status_code == 422
    assert hidden(refused.text) == hidden(replying)
    assert texts(refused.text, ".thread .said") == texts(replying, ".thread .said")
    assert "In reply to Anonymous" in texts(refused.text, "#comment-form .notice")[0]

    for html in (replying, first):
        answer = await posted(stack, post, html, body="Here I am")
        assert httpx.URL(answer.headers["Location"]).params["comments_order"] == "newest"
        shown = (await stack.reader.get(answer.headers["Location"].partition("#")[0], headers=HTML)).text
        assert "Here I am" in texts(shown, ".thread .said")
    plain = await posted(stack, post, first, body="And I", comments_order="sideways")
    assert "comments_order" not in httpx.URL(plain.headers["Location"]).params


async def test_a_name_that_is_required_is_not_called_optional(stack: Stack) -> None:
    post = await stack.post()
    for names, label in (("optional", "Name (optional)"), ("required", "Name")):
        await set_blog(stack, comment_names=names)
        page = (await stack.reader.get(post["path"], headers=HTML)).text
        assert texts(page, "label[for=field-author_name]") == [label]
        assert ("required" in part(page, "#field-author_name").attributes) == (names == "required")
