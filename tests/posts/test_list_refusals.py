"""Parameters of lists that make no sense are refused, and those that only look dangerous find nothing."""

from tests.gateway.reading import assert_problem
from tests.posts.listing import ARTICLES, POSTS
from tests.stack import Stack

REFUSED = {
    "month": ["month=3", "month=0&year=2024", "month=13&year=2024"],
    "year": ["year=x", "year=1", "year=9999", "year=-5", "year=", "year=" + "9" * 5000],
    "label": ["label=", "label=" + "x" * 101, "label=%00", "label=L%00"],
    "author": ["author=0", "author=x", "author=", "author=9223372036854775808", "author=" + "9" * 30],
    "order": ["order=worst", "order="],
    "include": ["include=comments", "include="],
    "q": ["q=" + "x" * 301, "q=" + "x" * 1001, "q=" + "x+" * 17, "q=%00", "q=*", 'q=""', "q=%25", "q=-", "q='%3B"],
    "limit": ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "limit=1.5", "limit=" + "9" * 30],
    "cursor": ["cursor=*", "cursor=", "cursor=AAAA", "cursor=" + "A" * 1101, "cursor=" + "A" * 200],
}
NOTHING = [
    *("label='%20OR%201=1%20--", "label=%25", "label=_", "label=l", "label=%ff", "label=%ed%a0%80", "year=2"),
    *("year=9998&month=12", "year=2&month=1", "author=9223372036854775807", "author=1&label=L", "q=label:%27"),
    *("q=%27%20OR%20label:L%20x", "q=%C2%B7livepost", "q=label:%C2%B7livepost", "q=rowid:1", "q=title%20:%20l"),
    *("q=NEAR(drop+table)", "q=drop%3A%2A%20%26%20x", "label=L&q=-drop", "q=-label:L", "q=dro*", "q=drop^2"),
]
FOUND = ["label=L", "year=2026&month=3", "q=drop+table", "q=label:L", "q=-x", "order=best", "q=", "q=+", "limit=100"]


async def test_what_makes_no_sense_is_refused_by_its_name(stack: Stack) -> None:
    await stack.post(labels=["L"], title="'; DROP TABLE posts; --")
    for parameter, queries in REFUSED.items():
        for query in queries:
            answer = await stack.reader.get(f"{ARTICLES}?{query}")
            assert_problem(answer, 422, "invalid")
            assert [error["parameter"] for error in answer.json()["errors"]] == [parameter], query
        assert_problem(await stack.operator.get(f"{POSTS}?{queries[-1]}"), 422, "invalid")
    for query in ("state=gone", "state=", "kind=x", "state=live" + "&state=draft" * 4, "kind=post&kind=page&kind=post"):
        assert_problem(await stack.operator.get(f"{POSTS}?{query}"), 422, "invalid")


async def test_what_only_looks_dangerous_finds_nothing(stack: Stack) -> None:
    await stack.post(labels=["L"], title="'; DROP TABLE posts; --")
    for queries, expected in ((NOTHING, 0), (FOUND, 1)):
        for query in queries:
            answer = await stack.reader.get(f"{ARTICLES}?{query}")
            assert answer.status_code == 200, query
            assert len(answer.json()["items"]) == expected, query
        answer = await stack.operator.get(f"{POSTS}?{queries[0]}")
        assert len(answer.json()["items"]) == expected
