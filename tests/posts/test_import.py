"""Importing posts: once each, with their ids and paths where they fit, one bad item at a time."""

from typing import Any

from services.posts.tables import changes
from tests.gateway.inside import outbox
from tests.gateway.reading import HTML, assert_problem, texts
from tests.stack import Stack

ITEM = {
    "kind": "post",
    "state": "live",
    "title": "T",
    "body": "<p>b</p>",
    "body_format": "html",
    "published": "2022-01-08T12:00:00Z",
}


def outcomes(results: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(one["source_id"], one["outcome"], one["path"]) for one in results]


async def test_import_is_repeatable(stack: Stack) -> None:
    items: list[dict[str, Any]] = [
        {"source_id": "1", "path": "/old/one.html", "labels": ["L"], "author": {"source_id": "a", "name": "Ann"}},
        {"source_id": "2", "title": "Two", "related_links": [{"headline": "H", "url": "/old/one.html"}]},
        {"source_id": "3", "state": "draft", "published": None},
    ]
    first = await stack.imported_posts(*items)
    written = await outbox(stack, "posts", changes)
    again = await stack.imported_posts(*(item | {"title": "Changed"} for item in items), {"source_id": "4"})

    assert outcomes(first) == [
        ("1", "created", "/old/one.html"),
        ("2", "created", "/2022/01/two.html"),
        ("3", "created", None),
    ]
    assert outcomes(again)[:3] == [(source_id, "unchanged", path) for source_id, _, path in outcomes(first)]
    assert again[3]["outcome"] == "created"
    assert [one["id"] for one in again[:3]] == ["1", "2", "3"]
    assert [(kind, entity) for kind, entity, _, _ in written] == [("post.created", str(n)) for n in (1, 2, 3)]
    assert written[0][3] == ["post:1", "list", "label:L"]
    assert len(await outbox(stack, "posts", changes)) == 4
    assert (await stack.reader.get("/api/v1/articles/1")).json()["title"] == "T"
    assert (await stack.reader.get("/api/v1/articles/2")).json()["related"][0]["article_id"] == "1"


async def test_ids_are_kept_where_they_fit_and_are_free(stack: Stack) -> None:
    biggest = str(2**63 - 1)
    kept = await stack.imported_posts({"source_id": "912673741433370022"}, {"source_id": biggest})
    assert [one["id"] for one in kept] == ["912673741433370022", biggest]
    unfit = ["0", "-5", str(2**63), "abc", "1.5", "٣", "x" * 200, "1" * 30]
    given = await stack.imported_posts(*({"source_id": source_id} for source_id in unfit))
    ids = [one["id"] for one in given]
    assert len(set(ids)) == len(unfit)
    assert not set(ids) & set(unfit)
    taken = await stack.imported_posts({"source_id": "912673741433370022"}, source="another:blog")
    assert (taken[0]["outcome"], taken[0]["id"] != "912673741433370022") == ("created", True)
    repeated = await stack.imported_posts({"source_id": "912673741433370022"}, source="another:blog")
    assert (repeated[0]["outcome"], repeated[0]["id"]) == ("unchanged", taken[0]["id"])


async def test_source_ids_of_one_number_in_one_batch_are_two_posts(stack: Stack) -> None:
    results = await stack.imported_posts({"source_id": "7"}, {"source_id": "007"}, {"source_id": "8"})
    assert [one["outcome"] for one in results] == ["created"] * 3
    assert len({one["id"] for one in results}) == 3


async def test_a_source_id_twice_in_a_batch_is_one_post(stack: Stack) -> None:
    results = await stack.imported_posts({"source_id": "7", "title": "A"}, {"source_id": "7", "title": "B"})
    assert {one["id"] for one in results} == {"7"}
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [item["id"] for item in listed] == ["7"]


async def test_paths_that_are_taken_or_wrong_are_replaced_with_a_note(stack: Stack) -> None:
    await stack.post(path="/mine.html")
    results = await stack.imported_posts(
        {"source_id": "1", "path": "/mine.html", "title": "Mine"},
        {"source_id": "2", "path": "/twice.html"},
        {"source_id": "3", "path": "/twice.html", "title": "Twice"},
        {"source_id": "4", "path": "/api/v1/x", "title": "Reserved"},
        {"source_id": "5", "path": "/with space.html", "title": "Spaced", "kind": "page"},
        {"source_id": "6", "path": "/mine.html", "state": "draft"},
    )

    assert outcomes(results) == [
        ("1", "created", "/2022/01/mine.html"),
        ("2", "created", "/twice.html"),
        ("3", "created", "/2022/01/twice.html"),
        ("4", "created", "/2022/01/reserved.html"),
        ("5", "created", "/p/spaced.html"),
        ("6", "created", None),
    ]
    notes = [one["notes"] for one in results]
    assert notes[0] == ["its path /mine.html is another post's; it got /2022/01/mine.html"]
    assert notes[1] == []
    assert notes[2] == ["its path /twice.html is another post's; it got /2022/01/twice.html"]
    assert [len(one) for one in notes[3:]] == [1, 1, 1]
    assert notes[3][0].startswith("its path cannot be kept: ")
    assert (await stack.reader.get("/twice.html")).status_code == 200


async def test_what_cannot_be_taken_in_does_not_stop_the_rest(stack: Stack) -> None:
    links = [
        {"headline": "Bad", "url": "javascript:alert(1)"},
        {"headline": "", "url": "https://fine.example/"},
        {"headline": "Worse", "url": "https://["},
    ]
    results = await stack.imported_posts(
        {"source_id": "1", "body": "<div>" * 300},
        {"source_id": "2", "title": "x" * 600, "labels": ["", " a ", "a", "b\u0000"], "related_links": links},
        {
            "source_id": "3",
            "author": {"source_id": "u", "name": " ", "url": "javascript:alert(1)"},
            "body": "\u0000<p>ok",
        },
    )

    assert [one["outcome"] for one in results] == ["refused", "created", "created"]
    assert (results[0]["id"], results[0]["path"]) == (None, None)
    assert "nested deeper" in results[0]["notes"][0]
    assert len(results[1]["notes"]) == 3
    page = (await stack.reader.get("/api/v1/articles/2")).json()
    assert len(page["title"]) <= 500
    assert page["labels"] == ["a", "b"]
    assert [(link["headline"], link["url"]) for link in page["related"]] == [("https://fine.example/",) * 2]
    other = (await stack.reader.get("/api/v1/articles/3")).json()
    assert (other["author"], other["body_html"]) == (None, "<p>ok</p>")


async def test_states_kinds_and_times_are_taken_over(stack: Stack) -> None:
    results = await stack.imported_posts(
        {"source_id": "1", "kind": "page", "title": "About"},
        {"source_id": "2", "kind": "page", "title": "About"},
        {"source_id": "3", "state": "trashed"},
        {"source_id": "4", "published": "2099-01-01T00:00:00Z", "title": "Later"},
        {"source_id": "5", "published": None, "title": "Undated"},
        {"source_id": "6", "state": "scheduled", "title": "Past"},
        {"source_id": "7", "body": "*md*", "body_format": "markdown", "title": "Md"},
    )
    paths = [one["path"] for one in results]
    months = ["/2099/01/later.html", "/2026/03/undated.html", "/2022/01/past.html", "/2022/01/md.html"]
    assert paths == ["/p/about.html", "/p/about_1.html", None, *months]
    assert texts((await stack.reader.get("/p/about.html", headers=HTML)).text, "h1") == ["About"]
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [item["id"] for item in listed] == ["5", "7", "6"]
    assert (await stack.reader.get("/api/v1/articles/7")).json()["body_html"] == "<p><em>md</em></p>\n"


async def test_malformed_batches_are_refused_whole(stack: Stack) -> None:
    for batch, pointer in (
        ({"source": "s", "posts": [ITEM | {"source_id": str(n)} for n in range(101)]}, "/posts"),
        ({"source": "with space", "posts": []}, "/source"),
        ({"source": "s", "posts": [ITEM | {"source_id": ""}]}, "/posts/0/source_id"),
        ({"source": "s", "posts": [ITEM | {"source_id": "1", "state": "LIVE"}]}, "/posts/0/state"),
        ({"source": "s", "posts": [ITEM | {"source_id": "1", "published": "2022-01-08"}]}, "/posts/0/published"),
        ({"source": "s", "posts": [ITEM | {"source_id": "1", "more": 1}]}, "/posts/0/more"),
    ):
        answer = await stack.operator.post("/api/v1/import/posts", json=batch)
        assert_problem(answer, 422, "invalid")
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await stack.reader.get("/api/v1/articles")).json()["items"] == []
    empty = await stack.operator.post("/api/v1/import/posts", json={"source": "s", "posts": []})
    assert (empty.status_code, empty.json()) == (200, {"results": []})


async def test_ids_with_nul_are_told_not_stored(stack: Stack) -> None:
    """PostgreSQL cannot store them. An author's id is taken without."""
    batch = {"source": "s", "posts": [ITEM | {"source_id": "a\u0000b"}]}
    answer = await stack.operator.post("/api/v1/import/posts", json=batch)
    assert_problem(answer, 422, "invalid")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/posts/0/source_id"]

    author = {"author": {"source_id": "a\u0000" + "b" * 300, "name": "Ann" * 100}}
    batch = {"source": "s", "posts": [ITEM | {"source_id": "1"} | author]}
    taken = await stack.operator.post("/api/v1/import/posts", json=batch)
    assert [result["outcome"] for result in taken.json()["results"]] == ["created"]


async def test_times_beyond_the_calendar_do_not_take_the_blog_down(stack: Stack) -> None:
    """They are valid RFC 3339, but in UTC they stand before the year 1 or after 9999."""
    for source_id, wrong in (
        ("1", {"updated": "9999-12-31T23:59:59-12:00"}),
        ("2", {"published": "0001-01-01T00:00:00+12:00"}),
    ):
        batch = {"source": "s", "posts": [ITEM | {"source_id": source_id} | wrong]}
        answer = await stack.operator.post("/api/v1/import/posts", json=batch)
        assert answer.status_code in {200, 422}
        assert (await stack.reader.get("/api/v1/articles")).status_code == 200
        assert (await stack.reader.get(f"/api/v1/articles/{source_id}")).status_code in {200, 404}


async def test_posts_with_very_many_labels_can_be_read(stack: Stack) -> None:
    """Old blogs have them; SQLite takes 500 parts of a compound query at most."""
    await stack.imported_posts({"source_id": "1", "labels": [f"Label {number}" for number in range(600)]})
    answer = await stack.reader.get("/api/v1/articles/1")
    assert answer.status_code == 200
