"""The depth scan against a real parser: it may see more depth than there is, never much less."""

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from services.common.html import defused
from services.common.html_depth import nests_too_deep

TAGS = (
    "a b i em font nobr big span p div ul ol li dl dd dt table caption tr td object marquee form button h1 h2 center "
    "title textarea script style iframe xmp svg math select option template noscript foreignobject desc search body"
).split()
TOKENS = [*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS)]
TOKENS += [
    "<!--",
    "-->",
    "--!>",
    "<![CDATA[",
    "]]>",
    "<?x",
    '<i title="</div>">',
    '<i title="',
    "'",
    '"',
    "text",
    "<x-y>",
]
PILES = st.tuples(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=8), st.integers(1, 60))


def real_depth(html: str) -> int:
    depth, deepest, node = 0, 0, LexborHTMLParser(html).body
    while node is not None:
        deepest = max(deepest, depth)
        if node.child is not None:
            depth, node = depth + 1, node.child
            continue
        while node is not None and depth and node.next is None:
            depth, node = depth - 1, node.parent
        node = node.next if node is not None and depth else None
    return deepest


@given(PILES)
@settings(max_examples=300, deadline=None)
def test_what_passes_the_scan_is_not_deep(pile: tuple[list[str], int]) -> None:
    tokens, times = pile
    html = defused("".join(tokens) * times)
    for limit in (8, 32, 128):
        if not nests_too_deep(html, limit):
            assert real_depth(html) <= 5 * (limit + 3)
            break


@given(PILES, st.integers(1, 40))
def test_html_with_few_tags_is_judged_as_any_other(pile: tuple[list[str], int], limit: int) -> None:
    html = defused("".join(pile[0]))
    assert nests_too_deep(html, limit) == nests_too_deep("< " * 50 + html, limit)


@given(st.lists(st.sampled_from("<svg> </svg> <SVG/> <math> </math > <math <template> <select> <p> x".split(" "))))
def test_html_without_foreign_content_is_defused_as_any_other(pieces: list[str]) -> None:
    html = "".join(pieces)
    assert defused(html) == defused("<svg></svg>" + html)


def test_deep_html_does_not_pass() -> None:
    """The control: the scan does see depth."""
    units = ["<div>", '<div title="</div>">', "<div><!--</div>-->", "<b><i></b>"]
    ignored_ends = ["<li><search>", "<span><p></span></p>", "<image><q></image>", "<option><optgroup></option>"]
    for deep in (unit * 300 for unit in (*units, *ignored_ends)):
        assert real_depth(defused(deep)) > 200
        assert nests_too_deep(defused(deep), 256)
    assert not nests_too_deep("<div></div><ul><li>x<li>y</ul><p>" * 1000, 8)
