"""Importing comments: threads kept, states respected, once each, one bad item at a time."""

from typing import Any

from services.comments.tables import changes
from tests.gateway.inside import outbox
from tests.gateway.reading import HTML, assert_problem, parts, texts
from tests.stack import Stack

ITEM = {"state": "live", "body": "<p>c</p>", "body_format": "html", "published": "2022-01-09T12:00:00Z"}


async def thread(stack: Stack, article_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await stack.reader.get(f"/api/v1/articles/{article_id}/comments")).json()
    return found


async def test_replies_hang_on_comments_of_this_batch_and_earlier_ones(stack: Stack) -> None:
    post, other = await stack.post(), await stack.post()
    await stack.imported_comments({"source_id": "1", "post_id": post["id"]})
    results = await stack.imported_comments(
        {"source_id": "2", "post_id": post["id"], "parent_source_id": "1"},
        {"source_id": "3", "post_id": post["id"], "parent_source_id": "2"},
        {"source_id": "4", "post_id": post["id"], "parent_source_id": "missing"},
        {"source_id": "5", "post_id": other["id"], "parent_source_id": "1"},
        {"source_id": "6", "post_id": post["id"], "parent_source_id": "6"},
    )

    assert [one["outcome"] for one in results] == ["created"] * 5
    missing = ["what it answers is not there; it stands at the top of the thread"]
    assert [one["notes"] for one in results] == [[], [], missing, missing, missing]
    found = await thread(stack, post["id"])
    assert [(one["id"], one["parent_id"], one["depth"]) for one in found["items"]] == [
        ("1", None, 0),
        ("2", "1", 1),
        ("3", "2", 2),
        ("4", None, 0),
        ("6", None, 0),
    ]
    assert [(one["id"], one["parent_id"]) for one in (await thread(stack, other["id"]))["items"]] == [("5", None)]
    assert (await stack.comment(post["id"], "And now", parent_id="3"))["depth"] == 3


async def told_of_comments(stack: Stack) -> list[tuple[str, str, int, list[str]]]:
    """Without the thread that turns once its post is heard of."""
    return [change for change in await outbox(stack, "comments", changes) if change[0] != "thread.turned"]


async def test_import_is_repeatable(stack: Stack) -> None:
    post = await stack.post()
    items = [
        {"source_id": "9000000000000000001", "post_id": post["id"], "author_name": "Ann"},
        {"source_id": "x", "post_id": post["id"], "parent_source_id": "9000000000000000001"},
    ]
    first = await stack.imported_comments(*items)
    before = await thread(stack, post["id"])
    written = await told_of_comments(stack)
    again = await stack.imported_comments(*(item | {"body": "<p>Changed</p>", "state": "spam"} for item in items))

    assert [one["outcome"] for one in first + again] == ["created"] * 2 + ["unchanged"] * 2
    assert [one["id"] for one in first] == [one["id"] for one in again]
    assert first[0]["id"] == "9000000000000000001"
    assert await thread(stack, post["id"]) == before
    tags = [f"thread:{post['id']}", "comments", f"count:{post['id']}"]
    assert written == [("comment.created", one["id"], 1, tags) for one in first]
    assert await told_of_comments(stack) == written


async def test_ids_are_kept_where_they_fit_and_are_free(stack: Stack) -> None:
    post = await stack.post()
    unfit = ["0", "-5", str(2**63), "abc", "٣"]
    results = await stack.imported_comments(*({"source_id": one, "post_id": post["id"]} for one in unfit))
    assert len({one["id"] for one in results} - set(unfit)) == len(unfit)
    await stack.imported_comments({"source_id": "77", "post_id": post["id"]})
    other = {"source_id": "77", "post_id": post["id"], "published": "2022-01-09T12:00:00.000001Z"}
    taken = await stack.imported_comments(other, source="another")
    assert (taken[0]["outcome"], taken[0]["id"] != "77") == ("created", True)


async def test_the_same_id_post_and_time_are_the_same_comment(stack: Stack) -> None:
    """As in an export that comes back to where it was made, whatever its source is called."""
    post, other = await stack.post(), await stack.post()
    await stack.imported_comments({"source_id": "77", "post_id": post["id"]})
    again = await stack.imported_comments({"source_id": "77", "post_id": post["id"]}, source="another")
    assert [(one["outcome"], one["id"]) for one in again] == [("unchanged", "77")]
    elsewhere = await stack.imported_comments({"source_id": "77", "post_id": other["id"]}, source="another")
    assert elsewhere[0]["outcome"] == "created"


async def test_source_ids_of_one_number_in_one_batch_are_two_comments(stack: Stack) -> None:
    post = await stack.post()
    results = await stack.imported_comments(*({"source_id": one, "post_id": post["id"]} for one in ("7", "007")))
    assert [one["outcome"] for one in results] == ["created"] * 2
    assert len({one["id"] for one in results}) == 2


async def test_only_live_comments_are_shown_and_deleted_ones_keep_their_place(stack: Stack) -> None:
    post = await stack.post()
    states = ["live", "deleted", "spam", "held", "removed"]
    secret = {"author_name": "Secret", "author_url": "https://secret.example/", "body": "<p>Secret</p>"}
    await stack.imported_comments(
        *(
            {"source_id": str(n), "post_id": post["id"], "state": state} | (secret if n > 1 else {})
            for n, state in enumerate(states, 1)
        ),
        {"source_id": "9", "post_id": post["id"], "parent_source_id": "2", "body": "<p>Answer</p>"},
    )

    found = await thread(stack, post["id"])
    assert found["count"] == 2
    assert [one["deleted"] for one in found["items"]] == [False, True, False]
    tombstone = found["items"][1]
    assert (tombstone["author"], tombstone["body_html"]) == ({"name": None, "url": None}, "")
    html = (await stack.reader.get(post["path"], headers=HTML)).text
    assert "Secret" not in html.replace("secret.example", "Secret")
    assert texts(html, "#comments-heading") == ["2 comments:"]
    assert "This comment has been removed." in texts(html, f"#c{tombstone['id']}")[0]
    assert len(parts(html, ".reply")) == 2
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [one["comment_count"] for one in listed] == [2]
    for number in (2, 3, 4, 5):
        body = {"body": "Hm", "parent_id": str(number)}
        answer = await stack.reader.post(f"/api/v1/articles/{post['id']}/comments", json=body)
        assert_problem(answer, 422, "invalid")


async def test_foreign_markup_and_addresses_are_cleaned(stack: Stack) -> None:
    post = await stack.post()
    body = (
        '<p onclick="x()">Hi <a href="https://a.example/" rel="follow">a</a> <a href="javascript:x()">b</a> '
        '<a href="/relative">c</a><img src="https://a.example/p.png"><script>x()</script></p>'
    )
    urls = ["https://ann.example/", "javascript:alert(1)", "mailto:a@b.example", "ftp://x", "https://[", "", None]
    results = await stack.imported_comments(
        *(
            {"source_id": str(n + 1), "post_id": post["id"], "author_url": url, "body": body}
            for n, url in enumerate(urls)
        )
    )

    note = ["its author's address was left out: it is not http or https"]
    assert [one["notes"] for one in results] == [[], note, note, note, note, [], []]
    items = (await thread(stack, post["id"]))["items"]
    assert [one["author"]["url"] for one in items] == ["https://ann.example/"] + [None] * 6
    rel = 'rel="nofollow ugc noopener noreferrer"'
    assert {one["body_html"] for one in items} == {
        f'<p>Hi <a href="https://a.example/" {rel}>a</a> <a {rel}>b</a> <a {rel}>c</a></p>'
    }


async def test_what_cannot_be_taken_in_does_not_stop_the_rest(stack: Stack) -> None:
    post = await stack.post()
    results = await stack.imported_comments(
        {"source_id": "1", "post_id": post["id"], "body": "<b>" * 300},
        {"source_id": "2", "post_id": post["id"], "body": "x" * 100_001},
        {"source_id": "3", "post_id": post["id"], "body": "a\u0000b", "author_name": " \u0000 ", "body_format": "text"},
        {"source_id": "4", "post_id": post["id"], "parent_source_id": "1"},
    )
    assert [one["outcome"] for one in results] == ["refused", "refused", "created", "created"]
    assert [one["id"] for one in results[:2]] == [None, None]
    assert "longer than" in results[1]["notes"][0]
    items = (await thread(stack, post["id"]))["items"]
    assert (items[0]["body_html"], items[0]["author"]["name"]) == ("<p>ab</p>\n", None)
    assert len(results[3]["notes"]) == 1


async def test_malformed_batches_are_refused_whole(stack: Stack) -> None:
    post = await stack.post()
    one = ITEM | {"source_id": "1", "post_id": post["id"]}
    for comments, pointer in (
        ([one | {"source_id": str(n)} for n in range(501)], "/comments"),
        ([one | {"post_id": "x"}], "/comments/0/post_id"),
        ([one | {"state": "approved"}], "/comments/0/state"),
        ([one, one | {"published": "yesterday"}], "/comments/1/published"),
    ):
        answer = await stack.operator.post("/api/v1/import/comments", json={"source": "s", "comments": comments})
        assert_problem(answer, 422, "invalid")
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await thread(stack, post["id"]))["count"] == 0


async def test_times_beyond_the_calendar_do_not_hide_the_thread(stack: Stack) -> None:
    """They are valid RFC 3339, but in UTC they stand before the year 1 or after 9999."""
    post = await stack.post()
    for wrong in ({"edited": "9999-12-31T23:59:59-12:00"}, {"published": "0001-01-01T00:00:00+12:00"}):
        item = ITEM | {"source_id": next(iter(wrong)), "post_id": post["id"]} | wrong
        answer = await stack.operator.post("/api/v1/import/comments", json={"source": "s", "comments": [item]})
        assert answer.status_code in {200, 422}
        assert (await thread(stack, post["id"]))["status"] == "open"
