"""What pages and writes cost: calls to services and queries, the same however much there is to show."""

import re
import sqlite3
from pathlib import Path

from services.comments import tables as comments_tables
from services.posts import tables as posts_tables
from tests.databases import SqliteFiles
from tests.recorder import Costs
from tests.security.inside import database_of
from tests.stack import Stack, running_stack

LABELS = [f"Label {number}" for number in range(20)]
LINKS = [{"headline": f"Link {number}", "url": f"/2021/01/link-{number}.html"} for number in range(20)]

LARGE = {*posts_tables.metadata.tables, *comments_tables.metadata.tables} - {"blog", "posts_feed", "blocks"}


async def everything_on_one_page(stack: Stack) -> str:
    """An article with 20 labels that others share, 20 links that lead to posts, and 150 comments."""
    await stack.imported_posts(*({"source_id": f"t{n}", "path": link["url"]} for n, link in enumerate(LINKS)))
    await stack.imported_posts(
        *({"source_id": f"o{n}", "labels": LABELS, "body": "<p>Some text.</p>"} for n in range(20))
    )
    written = await stack.post(title="Full", labels=LABELS, related_links=LINKS)
    many: list[dict[str, object]] = [
        {"source_id": f"c{n}", "post_id": written["id"], "parent_source_id": f"c{n // 2}" if n % 3 else None}
        for n in range(150)
    ]
    await stack.imported_comments(*many)
    await stack.relate()
    article_id: str = written["id"]
    return article_id


async def cost_of(stack: Stack, path: str) -> Costs:
    with stack.recorder.recording() as costs:
        answer = await stack.reader.get(path)
    assert answer.status_code == 200, answer.text
    return costs


async def test_article_page_costs_the_same_whatever_it_shows(stack: Stack) -> None:
    full_id = await everything_on_one_page(stack)
    some = await stack.post(title="Some of all", labels=LABELS, related_links=LINKS[:2])
    await stack.relate()
    bare = await stack.post(title="Bare")
    full = (await stack.reader.get(f"/api/v1/articles/{full_id}")).json()
    assert (len(full["labels"]), len(full["related"]), len(full["comments"]["items"])) == (20, 20, 150)

    for path, article_id, posts_queries in (
        (f"/api/v1/articles/{full_id}", full_id, 1),  # picked links leave no room for others
        (full["path"], full_id, 1),
        (f"/api/v1/articles/{full_id}/comments", full_id, 1),
        (f"/api/v1/articles/{some['id']}", some["id"], 3),
        (some["path"], some["id"], 3),
        (bare["path"], bare["id"], 2),  # without computed links there are no words to spell
    ):
        costs = await cost_of(stack, path)
        by = "by-path" if path.endswith(".html") else article_id
        assert costs.calls == [f"posts GET /articles/{by}", f"comments GET /threads/{article_id}"]
        assert costs.counts() == {"posts": posts_queries, "comments": 1}, path


async def test_list_costs_the_same_for_one_article_and_for_a_hundred(stack: Stack) -> None:
    for made in (1, 99):
        posts = ({"source_id": f"{made}-{n}", "labels": LABELS[: n % 4]} for n in range(made))
        await stack.imported_posts(*posts)
        for path in ("/api/v1/articles?limit=100", "/"):
            costs = await cost_of(stack, path)
            assert costs.calls == ["posts GET /articles", "comments GET /counts"]
            assert costs.counts() == {"posts": 3, "comments": 1}
    listed = (await stack.reader.get("/api/v1/articles?limit=100")).json()
    assert len(listed["items"]) == 100


async def test_a_comment_costs_one_call_to_each_service(stack: Stack) -> None:
    article_id = await everything_on_one_page(stack)
    await stack.comment(article_id, "Once a month networks get another salt")
    with stack.recorder.recording() as costs:
        first = await stack.comment(article_id, "First")
    assert costs.calls == [f"posts GET /articles/{article_id}/commenting", "comments POST /comments"]
    assert costs.counts() == {"posts": 1, "comments": 4}
    with stack.recorder.recording() as costs:
        await stack.comment(article_id, "Reply", parent_id=first["id"])
    assert costs.counts() == {"posts": 1, "comments": 5}  # the parent is looked up


async def test_a_post_costs_one_call_and_few_queries(stack: Stack) -> None:
    with stack.recorder.recording() as bare:
        await stack.post(title="Same Title")
    with stack.recorder.recording() as again:
        await stack.post(title="Same Title")
    with stack.recorder.recording() as full:
        await stack.post(title="Another", labels=LABELS, related_links=LINKS)
    assert bare.calls == again.calls == full.calls == ["posts POST /posts"]
    assert bare.counts() == again.counts() == {"posts": 14, "comments": 0}
    assert full.counts() == {"posts": 21, "comments": 0}


async def test_what_is_refused_reaches_no_service(stack: Stack) -> None:
    written = await stack.post()
    with stack.recorder.recording() as costs:
        for path, body in (
            ("/api/v1/posts", {"title": "No body"}),
            ("/api/v1/import/posts", {"source": "x y", "posts": []}),
            (f"/api/v1/articles/{written['id']}/comments", {"body": "x" * 5001}),
            ("/api/v1/articles/0/comments", {"body": "x"}),
        ):
            assert (await stack.operator.post(path, json=body)).status_code == 422
        assert (await stack.reader.get("/api/v1/articles?limit=101")).status_code == 422
        assert (await stack.reader.get("/api/v1/articles/x")).status_code == 422
    assert costs.calls == []


async def test_no_hot_statement_reads_a_whole_table(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    async with running_stack(sqlite_files, tmp_path) as stack:
        article_id = await everything_on_one_page(stack)
        page = (await stack.reader.get(f"/api/v1/articles/{article_id}")).json()
        first = (await stack.reader.get("/api/v1/articles?limit=2")).json()
        with stack.recorder.recording() as costs:
            await stack.reader.get(page["path"])
            await stack.reader.get(f"/api/v1/articles?limit=2&cursor={first['next_cursor']}")
            await stack.comment(article_id, "Hm", parent_id=page["comments"]["items"][0]["id"])
            await stack.post(labels=LABELS)
    for service, statements in costs.queries.items():
        assert len(statements) > 8
        for statement in statements:
            for line in plan(file_of(stack, service), statement):
                scanned = re.match(r"SCAN (\w+)", line)
                assert not scanned or scanned[1] not in LARGE, f"{line}: {statement}"


def file_of(stack: Stack, service: str) -> Path:
    """Where a service of a stack on SQLite keeps its data."""
    return Path(database_of(stack, service).engines()[0].url.database or "")


def plan(file: Path, statement: str) -> list[str]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * statement.count("?"))
        return [row[3] for row in rows]
    finally:
        connection.close()


def test_a_whole_table_would_be_noticed(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT)")
    connection.close()
    assert plan(tmp_path / "x.db", "SELECT id FROM posts WHERE title = ?") == ["SCAN posts"]
