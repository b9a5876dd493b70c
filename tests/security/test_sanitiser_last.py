"""The cleaner has the last word: what is stored and served is what it would make of it again."""

import html
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborNode

from services.comments.domain import bodies as comment_bodies
from services.common.html import MAX_DEPTH, HtmlPolicy, TooDeepError, guard_depth
from services.gateway.pages import renderer
from services.posts.domain import bodies as post_bodies
from tests.security.dangers import EMBED_HOSTS, dangers
from tests.security.inside import parsed
from tests.stack import Stack

POSTS: Final = post_bodies.body_policy(EMBED_HOSTS)
TEMPLATES: Final = Path(renderer.__file__).parents[1] / "templates"
FRAGMENTS: Final = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">',
    '<a href="java\tscript:alert(1)">',
    '<a href=" &#106;avascript:alert(1)">',
    '<a href="data:text/html,<script>alert(1)</script>">',
    '<iframe src="https://evil.example/"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<object data="javascript:alert(1)">',
    "<style>@import 'https://evil.example/'</style>",
    "<base href='https://evil.example/'>",
]
"""Each is dangerous where nothing cleans it."""
_HARMLESS: Final = [
    *"<a> </a> <p> </p> <div> </div> <b> </b> <ul> <li> <td> <table> </table> <br> <!-- -->".split(),
    *"<![CDATA[ ]]> < > & \" '".split(),
    *"&lt;script&gt; &amp;lt; &#60; &quot; &NotEqualTilde; ** __ ` ``` > - 1. # | \\ [x](javascript:alert(1))".split(),
    '<a href="#main" id=main name=x class=y>',
    '[x](<https://a.example/"onclick=alert(1)>)',
    "https://www.example/?a=b&c=<d>",
    "<https://a.example/'>",
    '<iframe src="https://www.youtube.com/embed/x">',
    '<p style="float:left;color:red" dir=rtl title="&quot;>">',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "\n\n",
    "    ",
]
_letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
_sources = st.lists(st.one_of(st.sampled_from([*FRAGMENTS, *_HARMLESS]), _letters), max_size=12).map("".join)
_Render = Callable[[str], post_bodies.RenderedBody | comment_bodies.RenderedBody]
_KINDS: Final[dict[str, tuple[_Render, HtmlPolicy]]] = {
    "post, html": (partial(post_bodies.render_body, body_format="html", policy=POSTS), POSTS),
    "post, markdown": (partial(post_bodies.render_body, body_format="markdown", policy=POSTS), POSTS),
    "comment, text": (partial(comment_bodies.render_body, body_format="text"), comment_bodies.body_policy()),
    "comment, html": (partial(comment_bodies.render_body, body_format="html"), comment_bodies.body_policy()),
}


_searched = settings(max_examples=100, deadline=None, database=None, derandomize=True)


@pytest.mark.parametrize("kind", _KINDS)
@_searched
@given(source=_sources)
@example(source='<iframe src="https://www.youtube.com/embed/x"></iframe>')
@example(source='<a href="https://a.example/"><table>x<a href="https://b.example/">y<a>')
def test_cleaning_what_is_rendered_changes_nothing(kind: str, source: str) -> None:
    render, policy = _KINDS[kind]

    rendered = render(source).html

    assert policy.clean(rendered) == rendered


@pytest.mark.parametrize("kind", _KINDS)
@_searched
@given(source=_sources)
def test_what_is_rendered_is_safe(kind: str, source: str) -> None:
    rendered = _KINDS[kind][0](source).html

    assert dangers(rendered) == []
    assert all((node.attributes["id"] or "").startswith("b-") for node in parsed(rendered).css("[id]"))
    if kind.startswith("comment"):
        for link in parsed(rendered).css("a"):
            assert {"nofollow", "ugc", "noopener", "noreferrer"} <= set((link.attributes["rel"] or "").split())
            assert (link.attributes.get("href") or "https://").startswith(("http://", "https://", "mailto:"))


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_control_each_fragment_is_dangerous_uncleaned(fragment: str) -> None:
    assert dangers(fragment)


def test_control_a_filter_after_the_cleaner_breaks_the_property() -> None:
    safe = post_bodies.render_body("<p>&lt;img src=x onerror=alert(1)&gt;</p>", "html", POSTS).html

    filtered = html.unescape(safe)

    assert dangers(safe) == []
    assert dangers(filtered)
    assert POSTS.clean(filtered) != filtered


@pytest.mark.parametrize("url", ["/x", "x", "//evil.example/x", "?a", "#c1", "javascript:alert(1)", "data:,x"])
def test_comments_keep_no_relative_urls(url: str) -> None:
    """Posts keep all but the last two."""
    rendered = comment_bodies.render_body(f'<a href="{url}">x</a>', "html").html

    assert "href" not in rendered
    assert ("href" in post_bodies.render_body(f'<a href="{url}">x</a>', "html", POSTS).html) is (":" not in url)


def test_frames_stay_from_embed_hosts_only_and_are_sandboxed() -> None:
    source = '<iframe src="https://www.youtube.com/embed/x"></iframe><iframe src="https://youtube.com.evil.example/">'

    frames = parsed(post_bodies.render_body(source, "html", POSTS).html).css("iframe")

    assert [frame.attributes.get("src") for frame in frames] == ["https://www.youtube.com/embed/x", None]
    assert all("allow-scripts" in (frame.attributes["sandbox"] or "") for frame in frames)


@pytest.mark.parametrize("value", ["width:url(https://evil.example/x)", "margin:expression(alert(1))"])
def test_styles_hold_no_addresses_and_no_code(value: str) -> None:
    source = f'<p style="{value};float:left;position:fixed">x</p>'
    assert dangers(source), "the control"

    rendered = post_bodies.render_body(source, "html", POSTS).html

    assert dangers(rendered) == []
    assert "float" in rendered
    assert "position" not in rendered


def test_character_references_bring_no_control_or_bidi_characters_back() -> None:
    """Text drops them; written as references they must not come back."""
    for source in ("a&#x202E;b&#x2066;c", "a&#1;b&#127;c"):
        assert post_bodies.render_body(source, "html", POSTS).words == "abc"
        # CommonMark makes a replacement character of some
        rendered = post_bodies.render_body(source, "markdown", POSTS).html
        assert rendered.replace("\ufffd", "") == "<p>abc</p>\n"
        assert "abc" in comment_bodies.render_body(source, "html").html


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<div><!--</div>-->",
        '<div title="</div>">',
        "<div><object></div></object>",
        "<b><marquee></b></marquee>",
        "<div><title></div></title>",
    ],
)
def test_depth_guard_counts_what_a_parser_nests(unit: str) -> None:
    """End tags that a parser does not see as such, or ignores, must not count as closing."""
    hostile = unit * 300
    assert _depth(hostile) > MAX_DEPTH, "the control: a parser does nest it"

    with pytest.raises(TooDeepError):
        guard_depth(hostile)


def _depth(source: str) -> int:
    """How deep a parser nests the last element."""
    node: LexborNode | None = parsed(source).css("*")[-1]
    depth = 0
    while node is not None:
        node, depth = node.parent, depth + 1
    return depth


@pytest.mark.parametrize("body_format", ["html", "markdown"])
async def test_bytes_served_are_their_own_cleaning(stack: Stack, body_format: str) -> None:
    hostile = "".join(f"{fragment} word " for fragment in FRAGMENTS)
    [written] = await stack.imported_posts({"source_id": "7", "body": hostile, "body_format": body_format})
    await stack.comment(written["id"], hostile[:4000])
    await stack.imported_comments({"source_id": "9", "post_id": written["id"], "body": hostile})

    served = (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()
    page = (await stack.reader.get(written["path"], headers={"Accept": "text/html"})).text

    assert served["body_html"] == POSTS.clean(served["body_html"])
    assert f">\n{served['body_html']}\n</div>" in page
    assert len(served["comments"]["items"]) == 2
    for one in served["comments"]["items"]:
        assert one["body_html"] == comment_bodies.body_policy().clean(one["body_html"])
        assert f">{one['body_html']}</div>" in page
    assert dangers(page) == []


def test_templates_leave_only_bodies_unescaped() -> None:
    """The one way around escaping, and what it is used for."""
    templates = {path.name: path.read_text("utf-8") for path in TEMPLATES.glob("*.html")}
    unescaped = [
        match for source in templates.values() for match in re.findall(r"{{\s*([\w.]+)\s*\|[^}]*cleaned", source)
    ]

    assert unescaped
    assert all(name.endswith(".body_html") for name in unescaped)
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", "".join(templates.values()))
