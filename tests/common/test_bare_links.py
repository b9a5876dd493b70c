"""Web addresses in text become links, nothing else does."""

import pytest
from markdown_it import MarkdownIt

from services.common.bare_links import bare_links


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": False}).use(bare_links).renderInline(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("see https://a.example/x.", 'see <a href="https://a.example/x">https://a.example/x</a>.'),
        ("(http://a.example)", '(<a href="http://a.example">http://a.example</a>)'),
        ("`https://a.example`", "<code>https://a.example</code>"),
        ("[x](https://a.example)", '<a href="https://a.example">x</a>'),
        ("[https://b.example](https://a.example)", '<a href="https://a.example">https://b.example</a>'),
        ("javascript://a.example ftp://a.example ://", "javascript://a.example ftp://a.example ://"),
        ("xhttps://a.example", "xhttps://a.example"),
        ("https://a.example?x=1&y", '<a href="https://a.example?x=1&amp;y">https://a.example?x=1&amp;y</a>'),
    ],
)
def test_whole_addresses_become_links(text: str, html: str) -> None:
    assert rendered(text) == html
