"""The composed article page, as JSON and as HTML."""

import pytest

from tests.gateway.reading import HTML, part, parts, text_of_page, texts
from tests.stack import PUBLIC_URL, Stack

PAGE = (
    "id path url title date_header published updated author labels body_html excerpt related comments previous next"
).split()
RELATED = "headline url kind article_id published comment_count reasons".split()
COMMENTS = "status is_open takes_votes count count_line items next_cursor notifies".split()
ITEM = "id parent_id depth author body_html published edited votes deleted held".split()


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
    await stack.relate()

    answer = await stack.reader.get(written["path"], headers=HTML)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert part(answer.text, "link[rel=canonical]").attributes["href"] == PUBLIC_URL + written["path"]
    text = text_of_page(answer.text)
    shown = [
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
    places = [text.index(one) for one in shown]
    assert places == sorted(places)
    assert not parts(answer.text, "main script")


async def test_article_json_has_the_same_parts_by_name(stack: Stack) -> None:
    other = await stack.post(title="Another", labels=["Boats"], published="2022-01-07T12:00:00Z")
    written = await stack.post(
        title="The Page",
        body_html="<p>Some text.</p>",
        labels=["Boats", "Ärger"],
        published="2022-01-08T12:00:00+02:00",
        related_links=[{"headline": "Elsewhere", "url": "https://elsewhere.example/x"}],
    )
    first = await stack.comment(written["id"], "First!", author_name="Ann", author_url="https://ann.example/")
    await stack.comment(written["id"], "Second.", parent_id=first["id"])
    await stack.relate()

    answer = await stack.reader.get(f"/api/v1/articles/{written['id']}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    page = answer.json()
    assert list(page) == PAGE
    assert page["id"] == written["id"]
    assert page["url"] == PUBLIC_URL + written["path"] == written["url"]
    assert page["title"] == "The Page"
    assert page["date_header"] == "Saturday, January 8, 2022"
    assert page["published"] == "2022-01-08T10:00:00Z"
    assert page["author"] is None
    assert page["labels"] == ["Boats", "Ärger"]
    assert page["body_html"] == "<p>Some text.</p>"
    assert page["excerpt"] == "Some text."
    assert page["previous"] == {"title": "Another", "path": other["path"], "url": PUBLIC_URL + other["path"]}
    assert page["next"] is None
    assert [list(link) for link in page["related"]] == [RELATED, RELATED]
    picked, computed = page["related"]
    assert picked["article_id"] is picked["published"] is picked["comment_count"] is None
    assert (computed["article_id"], computed["published"]) == (other["id"], "2022-01-07T12:00:00Z")
    assert computed["reasons"][0] == {"kind": "label", "text": "Boats"}
    assert {reason["kind"] for reason in computed["reasons"][1:]} == {"term"}
    comments = page["comments"]
    assert list(comments) == COMMENTS
    assert (comments["status"], comments["count"], comments["count_line"]) == ("open", 2, "2 comments:")
    assert [list(item) for item in comments["items"]] == [ITEM, ITEM]
    one, reply = comments["items"]
    assert one == {name: value for name, value in first.items() if name in one}
    assert one["author"] == {"name": "Ann", "url": "https://ann.example/"}
    assert (one["parent_id"], one["depth"], one["edited"]) == (None, 0, None)
    assert reply["author"] == {"name": None, "url": None}
    assert (reply["parent_id"], reply["depth"]) == (first["id"], 1)
    assert all(isinstance(item["id"], str) for item in comments["items"])

    by_path = await stack.reader.get("/api/v1/articles/by-path", params={"path": written["path"]})
    assert by_path.json() == page
    thread = await stack.reader.get(f"/api/v1/articles/{written['id']}/comments")
    assert thread.json() == comments


async def test_article_of_an_import_has_its_author_and_dates(stack: Stack) -> None:
    author = {"source_id": "a1", "name": "Ann <Smith>", "url": "https://ann.example/"}
    imported = {"source_id": "77", "author": author, "updated": "2023-05-06T07:08:09.123456Z"}
    await stack.imported_posts(imported, {"source_id": "78", "author": author})

    page = (await stack.reader.get("/api/v1/articles/77")).json()
    other = (await stack.reader.get("/api/v1/articles/78")).json()

    assert (page["author"]["name"], page["author"]["url"]) == ("Ann <Smith>", "https://ann.example/")
    assert page["author"] == other["author"]
    assert isinstance(page["author"]["id"], str)
    assert (page["published"], page["updated"]) == ("2022-01-08T12:00:00Z", "2023-05-06T07:08:09.123456Z")
    html = (await stack.reader.get(page["path"], headers=HTML)).text
    assert texts(html, ".byline p")[0] == "By Ann <Smith>"
    assert part(html, ".byline a").attributes["href"] == "https://ann.example/"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_article_without_a_title_is_still_a_page(stack: Stack) -> None:
    await stack.post(title="Before", published="2022-01-07T12:00:00Z")
    untitled = await stack.post(title="", body_html="<p>Only some words here</p>", published="2022-01-08T12:00:00Z")

    assert untitled["path"] == "/2022/01/only-some-words-here.html"
    answer = await stack.reader.get(untitled["path"], headers=HTML)
    assert texts(answer.text, "h1") == ["Untitled"]
    before = await stack.reader.get("/2022/01/before.html", headers=HTML)
    assert texts(before.text, "a[rel=next]") == [untitled["path"]]
