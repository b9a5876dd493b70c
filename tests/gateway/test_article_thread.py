"""The thread of an article page: its count line, its order, and what closed and hidden threads show."""

from typing import Any

from tests.gateway.reading import HTML, assert_problem, part, parts, texts
from tests.stack import Stack


async def test_count_line_and_thread_grow_with_the_comments(stack: Stack) -> None:
    written = await stack.post()
    first_id = ""
    for count, line in enumerate(["No comments:", "1 comment:", "2 comments:", "3 comments:"]):
        page = (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()
        assert (page["comments"]["count"], page["comments"]["count_line"]) == (count, line)
        html = (await stack.reader.get(written["path"], headers=HTML)).text
        assert texts(html, "#comments-heading") == [line]
        assert len(parts(html, ".thread > li")) == count
        assert part(html, "#comment-form h2").text() == "Post a Comment"
        comment = await stack.comment(
            written["id"], f"Number {count}", **({"parent_id": first_id} if count == 2 else {})
        )
        first_id = first_id or comment["id"]
    html = (await stack.reader.get(written["path"], headers=HTML)).text
    assert texts(html, ".said") == ["Number 0", "Number 2", "Number 1", "Number 3"]
    assert [node.attributes["class"] for node in parts(html, ".thread > li")] == ["depth-0", "depth-1"] + [
        "depth-0"
    ] * 2
    assert part(html, "a.answers").attributes["href"] == f"#c{first_id}"


async def test_comment_text_is_marked_up_and_harmless(stack: Stack) -> None:
    written = await stack.post()
    comment = await stack.comment(
        written["id"],
        "See https://x.example/ and `code`\nnext line\n\n> quoted\n\n<b>bold?</b>",
        author_name="<i>Eve</i>",
        author_url="eve.example",
    )

    assert comment["author"] == {"name": "<i>Eve</i>", "url": "https://eve.example"}
    html = (await stack.reader.get(written["path"], headers=HTML)).text
    assert part(html, ".said a").attributes == {
        "href": "https://x.example/",
        "rel": "nofollow ugc noopener noreferrer",
    }
    assert [len(parts(html, f".said {tag}")) for tag in ("code", "br", "blockquote", "b")] == [1, 1, 1, 0]
    assert "<b>bold?</b>" in part(html, ".said").text()
    assert texts(html, ".commenter > a:first-child") == ["<i>Eve</i>"]
    assert not parts(html, ".commenter i")


async def test_closed_thread_is_shown_without_a_form(stack: Stack) -> None:
    result = (await stack.imported_posts({"source_id": "1", "comment_policy": "closed"}))[0]
    await stack.imported_comments({"source_id": "2", "post_id": result["id"], "body": "<p>Early bird</p>"})

    page = (await stack.reader.get("/api/v1/articles/1")).json()
    assert (page["comments"]["status"], page["comments"]["count"]) == ("closed", 1)
    assert page["comments"]["items"][0]["body_html"] == "<p>Early bird</p>"
    html = (await stack.reader.get(result["path"], headers=HTML)).text
    assert texts(html, ".said") == ["Early bird"]
    assert "Comments are closed." in texts(html, ".notice")
    assert not parts(html, "form")
    assert not parts(html, ".reply")
    refused = await stack.reader.post("/api/v1/articles/1/comments", json={"body": "Late"})
    assert_problem(refused, 409, "conflict")
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [item["comment_count"] for item in listed] == [1]


async def test_hidden_thread_is_nowhere(stack: Stack) -> None:
    hidden = (await stack.imported_posts({"source_id": "1", "comment_policy": "hidden", "labels": ["L"]}))[0]
    shown = (await stack.imported_posts({"source_id": "2", "labels": ["L"]}))[0]
    for result in (hidden, shown):
        said = {"source_id": f"c{result['id']}", "post_id": result["id"], "body": "<p>Secret</p>"}
        await stack.imported_comments(said)

    page = (await stack.reader.get("/api/v1/articles/1")).json()
    nothing: dict[str, object] = {
        "status": "hidden",
        "is_open": False,
        "takes_votes": False,
        "count": None,
        "count_line": None,
        "items": [],
        "next_cursor": None,
        "notifies": False,
    }
    assert page["comments"] == nothing
    assert (await stack.reader.get("/api/v1/articles/1/comments")).json() == nothing
    html = (await stack.reader.get(hidden["path"], headers=HTML)).text
    assert "Secret" not in html
    assert not parts(html, "#comments, form")
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert {item["id"]: item["comment_count"] for item in listed} == {"1": None, "2": 1}
    assert texts((await stack.reader.get("/", headers=HTML)).text, ".byline a") == ["1 comment"]
    refused = await stack.reader.post("/api/v1/articles/1/comments", json={"body": "Hello?"})
    assert_problem(refused, 409, "conflict")


async def test_hidden_thread_is_not_counted_in_related_links_either(stack: Stack) -> None:
    hidden: dict[str, Any] = {"source_id": "1", "comment_policy": "hidden"}
    posts = [one | {"body": "<p>Some text.</p>"} for one in (hidden, {"source_id": "2"})]
    await stack.imported_posts(*posts)
    await stack.imported_comments({"source_id": "5", "post_id": "1"}, {"source_id": "6", "post_id": "2"})
    await stack.relate()

    def count(page: dict[str, list[dict[str, object]]]) -> object:
        return page["related"][0]["comment_count"]

    assert count((await stack.reader.get("/api/v1/articles/1")).json()) == 1
    assert count((await stack.reader.get("/api/v1/articles/2")).json()) is None
