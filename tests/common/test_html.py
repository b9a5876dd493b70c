"""The depth guard in front of the cleaner, the cleaner's ground rules, and text out of HTML."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from services.common.html import MAX_DEPTH, HtmlPolicy, SafeHtml, TooDeepError, guard_depth, text_of

TAGS = "p div b i span ul li blockquote table tbody tr td a img br".split()
POLICY = HtmlPolicy(
    version=1,
    tags=frozenset(TAGS),
    attributes={"a": frozenset({"href"}), "img": frozenset({"src"}), "b": frozenset({"id"})},
)
DEEP = 2 * MAX_DEPTH
HIDDEN_ENDS = [
    '<div title="</div>">',
    "<div title='</div>'>",
    "<div data-x=</div>",
    "<div><!-- </div> -->",
    "<div></div x='",
    "<div><table></div></table>",
    "<div><table><tr><td></div></table>",
    "<div><marquee></div></marquee>",
    "<div><button></div></button>",
    "<div><script></div></script>",
    "<div><style></div></style>",
    "<div><textarea></div></textarea>",
    "<div><title></div></title>",
    "<div><svg><desc></div></desc></svg>",
]


def depth_of(html: str) -> int:
    """How deep a browser nests it: an element count by a real parser."""
    deepest, waiting = 0, [(LexborHTMLParser(html).body, 0)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        if node is not None:
            waiting.extend((child, depth + 1) for child in node.iter(include_text=False))
    return deepest


def refused(html: str) -> bool:
    try:
        guard_depth(html)
    except TooDeepError:
        return True
    return False


def lines_run(work: Callable[[str], Any], html: str) -> int:
    """Lines of Python that the work takes: a measure that does not depend on the machine."""
    lines = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(html)
    finally:
        sys.settrace(before)
    return lines


def test_depth_up_to_the_limit_passes() -> None:
    html = "<div>" * MAX_DEPTH + "x" + "</div>" * MAX_DEPTH
    assert POLICY.clean(html) == html


@pytest.mark.parametrize(
    "tag", ["div", "DIV", "div class='a'", "span", "b", "blockquote", "x-y", "ul><li", "table><tr><td"]
)
def test_deeper_html_is_refused(tag: str) -> None:
    with pytest.raises(TooDeepError, match=str(MAX_DEPTH)):
        POLICY.clean(f"<{tag}>" * (MAX_DEPTH + 1))


@pytest.mark.parametrize(
    "html", ["<p>x" * 5000, "<br>" * 5000, "<ul>" + "<li>x" * 5000, "<b>x</b>" * 5000, "a < b " * 5000]
)
def test_long_flat_html_passes(html: str) -> None:
    assert len(POLICY.clean(html)) > len(html) / 2


@pytest.mark.parametrize("unit", HIDDEN_ENDS)
def test_ends_that_end_nothing_do_not_count(unit: str) -> None:
    """Each nests deeper with every repetition, for a parser; an end tag inside an attribute, a comment, a script or
    across a table's border closes nothing.
    """
    html = unit * DEEP
    assert refused(html) or depth_of(html) <= MAX_DEPTH + 2


def test_formatting_does_not_multiply() -> None:
    """Parsers open formatting elements anew in every paragraph: 40 kB of this made 17 MB."""
    html = "<p>" + "".join(f"<b id={number}>" for number in range(MAX_DEPTH - 6)) + "<p>x" * 500
    try:
        cleaned = POLICY.clean(html)
    except TooDeepError:
        return
    assert len(cleaned) < 20 * len(html)


PIECES = [
    "<div>",
    "</div>",
    "<b>",
    "</b>",
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "</ul>",
    "<table>",
    "<td>",
    "</table>",
    "x",
    "<",
    "<i a='>'>",
]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from([1, 40, 1000]))
def test_whatever_passes_is_not_much_deeper_than_the_limit(pieces: list[str], times: int) -> None:
    html = "".join(pieces) * times
    if not refused(html):
        assert depth_of(html) <= 5 * MAX_DEPTH  # a <td> may bring its row, section and table along


@pytest.mark.parametrize(
    "unit", ["<p>x</p>", "<div></div>", "</div>", "<b>x</b><br>", "<a<a", "<", "<a ", "</", "<li>x"]
)
def test_guard_takes_steps_in_proportion(unit: str) -> None:
    few, many = (lines_run(guard_depth, unit * count) for count in (100, 1000))
    assert many <= 11 * few


def test_text_takes_steps_in_proportion() -> None:
    few, many = (lines_run(lambda html: text_of(SafeHtml(html)), "<p>a <b>b</b></p>" * count) for count in (20, 200))
    assert many <= 11 * few


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p onclick='x'>a</p><script>alert(1)</script>", "<p>a</p>"),
        ("<a href='javascript:alert(1)'>a</a>", '<a rel="noopener noreferrer">a</a>'),
        ("<a href='/p'>a</a>", '<a href="/p" rel="noopener noreferrer">a</a>'),
        ("<svg><g>a</g></svg>b<math>c</math>", "b"),
        ("<h1>not listed</h1>", "not listed"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
    ],
)
def test_cleaner_keeps_what_is_listed(html: str, cleaned: str) -> None:
    safe = POLICY.clean(html)
    assert safe == cleaned
    assert safe.__html__() == cleaned
    assert POLICY.clean(safe) == safe


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>One</p><p>two</p>", "One two"),
        ("<p>o<b>n</b>e</p>", "one"),
        ("<ul><li>a</li><li>b</li></ul>c", "a b c"),
        ("a<br>b", "a b"),
        ("<p> a \n b&nbsp;c </p>", "a b c"),
        ("1 &lt; 2 &amp;amp;", "1 < 2 &amp;"),
        ("<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>", "a b"),
    ],
)
def test_text_of_html(html: str, text: str) -> None:
    assert text_of(SafeHtml(html)) == text


@given(st.text("<>/ab &;lt!-\n", max_size=60))
def test_text_of_anything_cleaned_is_one_line(html: str) -> None:
    text = text_of(POLICY.clean(html))
    assert text == " ".join(text.split())
