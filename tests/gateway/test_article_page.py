"""The composed article page, as JSON and as HTML, and what it costs."""

from selectolax.lexbor import LexborHTMLParser

from tests.stack import Stack


def text_of_page(html: str) -> str:
    """What a reader sees of a page, chrome left out."""
    main = LexborHTMLParser(html).css_first("main")
    assert main is not None
    return main.text(separator=" ")


async def test_article_page_has_every_part_in_order(stack: Stack) -> None:
    await stack.post(title="Another", labels=["Boats"])
    written = await stack.post(
        title="The Page",
        body_html="<h2>Part</h2><p>Text</p><blockquote>Quoted</blockquote>",
        labels=["Boats"],
        published="2022-01-08T12:00:00Z",
        related_links=[{"headline": "Elsewhere", "url": "https://elsewhere.example/x"}],
    )
    await stack.comment(written["id"], "First!", author_name="Ann")

    answer = await stack.reader.get(written["path"], headers={"Accept": "text/html"})

    assert answer.status_code == 200
    text = text_of_page(answer.text)
    parts = [
        "Saturday, January 8, 2022",
        "The Page",
        "Part",
        "Quoted",
        "Elsewhere",
        "Another",
        "1 comment:",
        "First!",
        "Post a Comment",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
