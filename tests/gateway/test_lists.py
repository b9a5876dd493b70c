"""Lists of articles: newest first, paged without gaps, the day once."""

from typing import Any

from tests.gateway.reading import HTML, assert_problem, assert_problem_page, part, parts, texts
from tests.stack import PUBLIC_URL, Stack

LISTED = "id path url title date_header published updated author labels excerpt comment_count body_html snippet".split()


async def walk(stack: Stack, limit: int) -> list[dict[str, Any]]:
    """All items, a page after the other."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        params = {"limit": str(limit)} | ({} if cursor is None else {"cursor": cursor})
        answer = await stack.reader.get("/api/v1/articles", params=params)
        assert answer.status_code == 200
        page = answer.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found
        assert len(page["items"]) == limit


async def test_list_item_has_its_parts(stack: Stack) -> None:
    written = await stack.post(
        title="One",
        body_html="<h2>Skipped</h2><p>" + "word " * 100 + "</p>",
        labels=["B", "A"],
        published="2022-01-08T12:00:00Z",
    )
    await stack.comment(written["id"])

    answer = await stack.reader.get("/api/v1/articles")

    assert answer.headers["Content-Type"] == "application/json"
    page = answer.json()
    assert list(page) == ["items", "next_cursor", "previous_cursor"]
    assert page["next_cursor"] is None
    (item,) = page["items"]
    assert list(item) == LISTED
    assert (item["id"], item["path"]) == (written["id"], "/2022/01/one.html")
    assert item["url"] == f"{PUBLIC_URL}/2022/01/one.html"
    assert (item["date_header"], item["comment_count"]) == ("Saturday, January 8, 2022", 1)
    assert (item["labels"], item["author"]) == (["B", "A"], None)
    assert item["excerpt"].startswith("word word")
    assert item["excerpt"].endswith("word…")
    assert 250 < len(item["excerpt"]) <= 300


async def test_pages_give_every_article_once_newest_first(stack: Stack) -> None:
    """Twelve share one instant, so ids decide among them."""
    moments = ["2022-01-08T12:00:00Z"] * 12 + ["2022-01-08T12:00:00.000001Z", "1969-07-20T20:17:00Z", None]
    posts = [{"source_id": str(100 + n), "published": moment} for n, moment in enumerate(moments)]
    await stack.imported_posts(*posts, {"source_id": "1", "state": "draft"}, {"source_id": "2", "kind": "page"})
    await stack.imported_posts(
        {"source_id": "3", "state": "trashed"}, {"source_id": "4", "published": "2099-01-01T00:00Z"}
    )
    expected = ["114", "112", *(str(111 - n) for n in range(12)), "113"]

    for limit in (1, 2, 5, 15, 100):
        assert [item["id"] for item in await walk(stack, limit)] == expected
    assert (await walk(stack, 5))[-1]["date_header"] == "Sunday, July 20, 1969"


async def test_cursor_stays_where_it_is_while_articles_come(stack: Stack) -> None:
    await stack.imported_posts(*({"source_id": str(n), "published": f"2022-01-0{n}T00:00:00Z"} for n in range(1, 6)))
    first = (await stack.reader.get("/api/v1/articles?limit=2")).json()
    await stack.post(title="Newer")
    second = (await stack.reader.get(f"/api/v1/articles?limit=2&cursor={first['next_cursor']}")).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ["5", "4", "3", "2"]


async def test_limits_and_cursors_out_of_bounds_are_refused(stack: Stack) -> None:
    await stack.post()
    for query, parameter in (
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=x", "limit"),
        ("cursor=*", "cursor"),
        ("cursor=AAAA", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=" + "f" * 22, "cursor"),
        ("cursor=" + "A" * 2000, "cursor"),
    ):
        answer = await stack.reader.get(f"/api/v1/articles?{query}")
        assert_problem(answer, 422, "invalid")
        assert [error["parameter"] for error in answer.json()["errors"]] == [parameter], query
        if parameter == "cursor":
            assert_problem_page(await stack.reader.get(f"/?{query}", headers=HTML), 422)
    for limit in (1, 100):
        assert (await stack.reader.get(f"/api/v1/articles?limit={limit}")).status_code == 200


async def test_home_page_prints_each_day_once(stack: Stack) -> None:
    days = [("a", "08T01"), ("b", "08T23"), ("c", "09T00"), ("d", "10T12"), ("e", "10T13")]
    await stack.imported_posts(
        *({"source_id": str(n), "title": t, "published": f"2022-01-{d}:00:00Z"} for n, (t, d) in enumerate(days, 1))
    )
    await stack.imported_comments(*({"source_id": f"2{n}", "post_id": str(1 + n // 2)} for n in range(3)))

    html = (await stack.reader.get("/", headers=HTML)).text

    assert texts(html, "main .date-header") == [
        "Monday, January 10, 2022",
        "Sunday, January 9, 2022",
        "Saturday, January 8, 2022",
    ]
    by_day = [[node.text() for node in section.css("h3")] for section in parts(html, "section.day")]
    assert by_day == [["e", "d"], ["c"], ["b", "a"]]
    assert part(html, "section.day h3 a[href='/2022/01/c.html']")
    assert texts(html, ".byline a") == ["0 comments"] * 3 + ["1 comment", "2 comments"]
    assert not parts(html, ".neighbours p")


async def test_readers_turn_pages_by_links(stack: Stack) -> None:
    await stack.imported_posts(*({"source_id": str(n), "title": f"T{n}"} for n in range(1, 25)))
    found, address, pages = [], "/", 0
    while address:
        html = (await stack.reader.get(address, headers=HTML)).text
        assert len(parts(html, ".neighbours a[href='/']")) == (1 if pages else 0)
        found += texts(html, "h3")
        older = parts(html, "a[rel=next]")
        address = (older[0].attributes["href"] or "") if older else ""
        pages += 1
    assert found == [f"T{n}" for n in range(24, 0, -1)]
    assert pages > 1


async def test_empty_blog_says_so(stack: Stack) -> None:
    assert (await stack.reader.get("/api/v1/articles")).json() == {
        "items": [],
        "next_cursor": None,
        "previous_cursor": None,
    }
    with stack.recorder.recording() as costs:
        answer = await stack.reader.get("/", headers=HTML)
    assert answer.status_code == 200
    assert texts(answer.text, "main .notice") == ["Nothing has been published yet."]
    assert costs.calls == ["posts GET /articles"]
