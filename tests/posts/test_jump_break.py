"""The excerpt: what stands before the jump break, or the beginning of the text."""

import pytest

from tests.posts.editing import article, patched, read
from tests.stack import Stack


@pytest.mark.parametrize(
    "mark", ["<!--more-->", "<!-- more -->", "<!--MORE-->", '<a name="more"></a>', "<a name='more'/>"]
)
async def test_a_break_in_html_ends_the_excerpt(stack: Stack, mark: str) -> None:
    body = f"<h2>Head</h2><p>Before <b>the</b> break, <script>x()</script>{'long ' * 100}end.</p>{mark}<p>Behind.</p>"
    post = await stack.post(body_html=body)
    assert post["excerpt"] == f"Head Before the break, {'long ' * 100}end."
    assert post["body_source"] == body
    assert post["body_html"].count('<span id="more"></span>') == 1
    assert "Behind." in post["body_html"]
    assert "script" not in post["body_html"]
    assert (await article(stack, post))["excerpt"] == post["excerpt"]
    assert (await read(stack, "articles"))["items"][0]["excerpt"] == post["excerpt"]


async def test_a_break_in_markdown_is_a_paragraph_of_its_own(stack: Stack) -> None:
    source = "# Head\n\nBefore *the* [break][1].\n\n<!--more-->\n\nBehind.\n\n[1]: https://x.example/"
    post = await stack.post(body_html=None, body_markdown=source)
    assert post["excerpt"] == "Head Before the break."
    assert '<span id="more"></span>' in post["body_html"]
    assert 'href="https://x.example/"' in post["body_html"]
    for shown in ("Text `<!--more-->` behind.", "Text\n\n    <!--more-->\n\nbehind.", "Text <!--more--> behind."):
        other = await stack.post(body_html=None, body_markdown=shown)
        assert (other["excerpt"], "id=" in other["body_html"]) == ("Text <!--more--> behind.", False)


async def test_without_a_break_the_beginning_is_cut_at_a_word(stack: Stack) -> None:
    words = " ".join(f"word{number}" for number in range(100))
    short = await stack.post(body_html="<h2>Head</h2><p>Short.</p>")
    assert short["excerpt"] == "Short."
    for body in (
        {"body_html": f"<h2>Head</h2><p>{words}</p>"},
        {"body_html": None, "body_markdown": f"# Head\n\n{words}"},
    ):
        excerpt = (await stack.post(**body))["excerpt"]
        assert 280 < len(excerpt) <= 300
        assert excerpt.endswith("…")
        assert words.startswith(excerpt[:-1] + " ")
    unbroken = (await stack.post(body_html="x" * 400))["excerpt"]
    assert unbroken == "x" * 299 + "…"


async def test_a_break_with_nothing_before_it_is_none(stack: Stack) -> None:
    assert (await stack.post(body_html="<!--more--><p>Text</p>"))["excerpt"] == "Text"
    assert (await stack.post(body_html=None, body_markdown="<!--more-->\n\nText"))["excerpt"] == "Text"


async def test_a_long_opening_is_cut_too(stack: Stack) -> None:
    words = " ".join(f"word{number}" for number in range(1000))
    excerpt = (await stack.post(body_html=f"<p>{words}</p><!--more--><p>Behind</p>"))["excerpt"]
    assert 2980 < len(excerpt) <= 3000
    assert words.startswith(excerpt[:-1] + " ")


async def test_the_excerpt_follows_the_body(stack: Stack) -> None:
    post = await stack.post(body_html="<p>One</p><!--more--><p>Two</p>")
    assert (await patched(stack, post, body_html="<p>Three</p><!--more--><p>Four</p>"))["excerpt"] == "Three"
    assert (await patched(stack, post, body_markdown="Five\n\n<!--more-->\n\nSix"))["excerpt"] == "Five"
    assert (await patched(stack, post, title="Else"))["excerpt"] == "Five"
    restored = await stack.operator.post(f"/api/v1/posts/{post['id']}/revisions/1/restore", headers={"If-Match": "*"})
    assert restored.json()["excerpt"] == "One"
