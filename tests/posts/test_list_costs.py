"""What lists and searches cost: queries, the same for one post and for a hundred, and never a whole table."""

import re
from pathlib import Path

from tests.databases import Databases, SqliteFiles
from tests.gateway.test_costs import LARGE, file_of, plan
from tests.posts.listing import ARTICLES, POSTS, page
from tests.recorder import Costs
from tests.stack import Stack, running_stack

COSTS = {
    "": 3,  # the blog, the posts, their labels
    "year=2022": 3,
    "label=L": 3,
    "label=L&year=2022&month=1": 3,
    "label=L&author={author}": 5,  # the label's id
    "author={author}": 4,  # what is found, then its posts
    "q=harbor": 5,  # labels and authors of that name
    "q=harbor&order=best": 6,  # titles first, then the rest
    "q=harbor -ferry OR %22tide boat%22&year=2022": 5,
    "q=label:L": 5,  # the label's id
    "q=harbor label:L -label:M&author={author}&year=2022&month=1&label=L": 6,
}
OF_SEVERAL = re.compile("author=.*label|label.*author=|-ferry|tide|best")
"""Searches for several things at once read the archive's counts on SQLite."""
OF_JOBS = re.compile(r"search_owed|published_at <= |FROM idempotency")
"""Jobs look for work beside whatever a test measures."""


async def filled(stack: Stack, count: int) -> str:
    blank = {"author": {"source_id": "a", "name": "Ann"}, "title": "Harbor tide boat", "labels": ["L"]}
    more = {"labels": ["L", *(f"Label {n}" for n in range(10))]}
    await stack.imported_posts(*(blank | more | {"source_id": f"{count}-{n}"} for n in range(count)))
    author_id: str = (await page(stack))["items"][0]["author"]["id"]
    return author_id


def asked(costs: Costs) -> list[str]:
    return [statement for statement in costs.queries["posts"] if not OF_JOBS.search(statement)]


async def test_lists_cost_the_same_however_much_there_is(stack: Stack, databases: Databases) -> None:
    for made in (1, 99):
        author = await filled(stack, made)
        for query, least in COSTS.items():
            expected = least + bool(isinstance(databases, SqliteFiles) and OF_SEVERAL.search(query))
            address = f"?limit=100&{query.format(author=author)}"
            with stack.recorder.recording() as costs:
                listed = (await stack.reader.get(ARTICLES + address)).json()
            assert costs.calls == ["posts GET /articles", "comments GET /counts"]
            assert (len(asked(costs)), costs.counts()["comments"]) == (expected, 1), query
            assert len(listed["items"]) == (1 if made == 1 else 100)
            if made == 1:
                continue
            with stack.recorder.recording() as costs:
                await stack.operator.get(POSTS + address)
            assert (costs.calls, costs.counts()["comments"]) == (["posts GET /posts"], 0)
            label_id = query.startswith("label=L") and "author" not in query
            has_own_index = "q=" not in query and "author" not in query
            assert len(asked(costs)) == least + has_own_index + label_id, query


async def test_pages_and_empty_lists_cost_no_more(stack: Stack, databases: Databases) -> None:
    await filled(stack, 5)
    for query, expected in {"q=harbor": 5, "q=harbor tide&order=best": 7, "label=L": 3}.items():
        first = (await stack.reader.get(f"{ARTICLES}?limit=2&{query}")).json()
        second = (await stack.reader.get(f"{ARTICLES}?limit=2&{query}&cursor={first['next_cursor']}")).json()
        for turn in ("next_cursor", "previous_cursor"):
            with stack.recorder.recording() as costs:
                await stack.reader.get(f"{ARTICLES}?limit=2&{query}&cursor={second[turn]}")
            assert len(asked(costs)) <= expected, query
            assert costs.counts()["comments"] == 1
    for query, least in {
        "q=nothing": 4,
        "q=nothing&order=best": 5,
        "label=none": 3,
        "q=label:none": 3,
        "author=1": 3,
    }.items():
        expected = least + bool(isinstance(databases, SqliteFiles) and OF_SEVERAL.search(query))
        with stack.recorder.recording() as costs:
            assert (await stack.reader.get(f"{ARTICLES}?{query}")).json()["items"] == []
        assert (costs.calls, len(asked(costs))) == (["posts GET /articles"], expected), query
    with stack.recorder.recording() as costs:
        assert (await stack.reader.get(f"{ARTICLES}?q=*")).status_code == 422
        assert (await stack.reader.get(POSTS)).status_code == 401
    assert asked(costs) == []


async def test_no_list_reads_a_whole_table(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    async with running_stack(sqlite_files, tmp_path) as stack:
        author = await filled(stack, 50)

        async def lines(path: str, query: str) -> list[str]:
            with stack.recorder.recording() as costs:
                first = (await stack.operator.get(f"{path}?limit=2&{query}")).json()
                second = (await stack.operator.get(f"{path}?limit=2&{query}&cursor={first['next_cursor']}")).json()
                await stack.operator.get(f"{path}?limit=2&{query}&cursor={second['previous_cursor']}")
            return [line for statement in asked(costs) for line in plan(file_of(stack, "posts"), statement)]

        for path, query in ((path, query) for path in (ARTICLES, POSTS) for query in COSTS):
            read = await lines(path, query.format(author=author))
            by_index = [line for line in read if "SCAN search_index VIRTUAL TABLE INDEX" in line]
            assert all(":M" in line for line in by_index), "the index is asked for matches"
            scanned = {found[1] for line in read if (found := re.match(r"SCAN (\w+)(?! VIRTUAL)\b", line))}
            assert not scanned & (LARGE - {"archive"}), (path, query)
            assert by_index or "USE TEMP B-TREE FOR ORDER BY" not in read, "dates and labels have indexes in order"
