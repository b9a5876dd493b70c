"""A comment's text as HTML: the short way of plain lines leads where the parser does."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.comments.domain import bodies
from services.common.text import clean_text

_PLAIN = "a é 中 👍 . : :// http:// https://a.example/ * _ ! # - + 1. | = ' ( ) ] { } $ % @ ^".split(" ")
_MARKED = [
    "\n",
    " ",
    "\t",
    "\xa0",
    "\u2028",
    "\x0c",
    *'<>&"`[\\~',
    "```",
    "~~~",
    "> ",
    "[x](/y)",
    "&amp;",
    "  \n",
    "    ",
]
_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.lists(st.sampled_from([*_PLAIN, *_MARKED]), max_size=6).map("".join) | st.text(_characters, max_size=40)


@given(texts.map(clean_text))
@settings(max_examples=300, deadline=None)
@example("One line, as most write.")
@example("~~~ a fence")
@example("an escaped \\*")
@example("[no](</address>")
def test_plain_lines_are_rendered_as_the_parser_does(text: str) -> None:
    assert bodies._rendered(text) == bodies._markup().render(text)
