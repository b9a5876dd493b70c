"""The bytes on their way to the parser: the same whatever the chunks, and never changed in meaning where sound."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from services.migration.xml_files.repair import RepairingStream

PIECES = [
    "<a>",
    "</a>",
    "<",
    "&",
    "&lt;",
    "&amp;",
    "&quot;",
    "&nbsp;",
    "&#60;",
    "<![CDATA[",
    "]]>",
    "]",
    "<!-- -->",
    "é",
]
soup = st.lists(st.sampled_from(PIECES) | st.text("al;&<]!-[ \n", max_size=50), max_size=20).map("".join)
sound = st.lists(st.sampled_from(["<b/>", "&lt;", "&amp;", "&#62;", "<![CDATA[a < &amp; b]]>", "x\n"]), max_size=30)


def repaired(content: bytes, size: int) -> tuple[bytes, int]:
    stream = RepairingStream(io.BytesIO(content))
    return b"".join(iter(lambda: stream.read(size), b"")), stream.bare


@given(soup, st.integers(1, 60))
def test_chunks_do_not_matter(text: str, size: int) -> None:
    content = text.encode()
    assert repaired(content, size) == repaired(content, len(content) + 1)


@given(sound, st.integers(1, 60))
def test_sound_xml_means_the_same(pieces: list[str], size: int) -> None:
    content = f"<a>{''.join(pieces)}</a>".encode()
    parsed, bare = repaired(content, size)
    assert bare == 0
    assert etree.tostring(etree.fromstring(parsed), method="c14n") == etree.tostring(
        etree.fromstring(content), method="c14n"
    )


@pytest.mark.parametrize(
    ("content", "expected", "bare"),
    [
        ("1 < 2", "1 &#60; 2", 1),
        ("<p>AT&T &amp; &nbsp;</p>", "<p>AT&#38;T &#38; &nbsp;</p>", 1),
        ("<![CDATA[1 < 2 &lt;]]> <", "<![CDATA[1 < 2 &lt;]]> &#60;", 1),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>", "&#60;!DOCTYPE a [&#60;!ENTITY b 'c'>]>", 2),
        ("<?pi?><!-- c --><é/>", "<?pi?><!-- c --><é/>", 0),
    ],
)
def test_bare_signs(content: str, expected: str, bare: int) -> None:
    assert repaired(content.encode(), 7) == (expected.encode(), bare)


def test_line_of_the_first_bare_sign() -> None:
    stream = RepairingStream(io.BytesIO(b"a\n<b>\n\n" + b"x" * 100 + b"\n & \n <"))
    while stream.read(16):
        pass
    assert (stream.first_bare_line, stream.bare) == (5, 2)
