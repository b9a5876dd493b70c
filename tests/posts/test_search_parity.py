"""SQLite and PostgreSQL find the same: one corpus in several languages in both, side by side, and many queries."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.databases import PostgresServer, SqliteFiles
from tests.posts.listing import ARTICLES, Page, search_far
from tests.stack import Stack, running_stack

POSTS = 240
QUERIES = 150
ORDERS = [("newest", 20), ("best", 10)]
LETTERS = {
    "latin": "aeiourstnlmdcéü",
    "cyrillic": "аеионтсрвлкмдйё",
    "arabic": "اليمنرتبعدسفقة",
    "hebrew": "אביוהלמנרשת",
    "unspaced": "日本語東京都一人大学生会社年月中国漢字ねこのはにギター한국어글쓴กขคงสวัดี",
}
NAMES = ["Tide", "High Tide", "東京", "Ёлка", "Été 2024", "a b", "ليل"]
PEOPLE = ["Ann Marsh", "山田", "Bo", None]


class Corpus:
    """Words as common as those of a language: the n-th is one n-th as frequent as the first (Zipf)."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 the same corpus every time
        self.words = {script: [self._word(script) for _ in range(150)] for script in LETTERS}
        self.texts: list[str] = []
        self.weights = list(accumulate(1 / rank for rank in range(1, 151)))

    def _word(self, script: str) -> str:
        return "".join(self.random.choices(LETTERS[script], k=self.random.randint(1, 6)))

    def text(self, script: str, most: int) -> str:
        words = self.random.choices(self.words[script], cum_weights=self.weights, k=self.random.randint(1, most))
        return ("" if script == "unspaced" and self.random.random() < 0.5 else " ").join(words)

    def script(self) -> str:
        return self.random.choice(list(LETTERS))

    def post(self, number: int) -> dict[str, Any]:
        script, name = self.script(), self.random.choice(PEOPLE)
        bodies = [self.text(script, 25), self.text(self.random.choice([script, "latin"]), 25)]
        self.texts += bodies
        return {
            "source_id": str(number),
            "title": self.text(script, 5),
            "body": f"<p>{bodies[0]}</p><p>{bodies[1]}</p>",
            "labels": self.random.sample(NAMES, self.random.randint(0, 2)),
            "author": name and {"source_id": name, "name": name},
            "published": f"20{self.random.randint(20, 23)}-0{self.random.randint(1, 9)}-01T00:00:0{number % 10}Z",
        }

    def _piece(self) -> str:
        script = self.script()
        pieces = [
            *[self.text(script, 1)] * 4,
            *[f'"{self._taken()}"'] * 2,
            self.random.choice(LETTERS["unspaced"]),
            f'label:"{self.random.choice(NAMES)}"',
            self.random.choice(["tide", "marsh", "été", "ете", "ёлка", "2024", "東京", "山田"]),
        ]
        return self.random.choice(pieces)

    def _taken(self) -> str:
        """A piece of a text that is there."""
        words = self.random.choice(self.texts).split()
        start = self.random.randrange(len(words))
        return " ".join(words[start : start + self.random.randint(1, 3)])[-20:]

    def query(self) -> str:
        parts = [self._piece() for _ in range(self.random.choice([1, 1, 1, 1, 2, 3]))]
        if self.random.random() < 0.3:
            parts.insert(self.random.randint(1, len(parts)), "OR " + self._piece())
        if self.random.random() < 0.3:
            parts.append("-" + self._piece())
        return " ".join(parts)


async def answer(stack: Stack, limit: int, **params: Any) -> list[Page]:
    """The first items, without what each database has of its own: ids of authors. A page may hold fewer."""
    items: list[Page] = []
    cursor: dict[str, str] = {}
    while len(items) < limit:
        found = await stack.reader.get(ARTICLES, params=params | cursor | {"limit": limit})
        assert found.status_code == 200, params
        page: Page = found.json()
        items += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    return [item | {"author": item["author"] and item["author"]["name"]} for item in items[:limit]]


def narrowed(queries: list[str], seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each query, now and then narrowed by something else."""
    chance = Random(seed)  # noqa: S311 the same every time
    for query in queries:
        yield query, chance.choice([{}, {}, {}, {"label": "Tide"}, {"year": 2022}, {"year": 2021, "month": 3}])


async def test_both_databases_find_the_same_in_one_order(
    sqlite_files: SqliteFiles,
    postgres_server: PostgresServer,
    tmp_path_factory: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For half of the queries both go about it as in a large archive."""
    corpus = Corpus(seed=1968)
    posts = [corpus.post(number) for number in range(1, POSTS + 1)]
    queries = list(narrowed([corpus.query() for _ in range(QUERIES)], seed=7))
    async with AsyncExitStack() as opened:
        stacks = []
        for databases in (sqlite_files, postgres_server):
            folder: Path = tmp_path_factory.mktemp("parity")
            stacks.append(await opened.enter_async_context(running_stack(databases, folder)))
            for start in range(0, POSTS, 100):
                await stacks[-1].imported_posts(*posts[start : start + 100])
        sizes: list[int] = []
        for number, (query, params) in enumerate(queries):
            if number == QUERIES // 2:
                search_far(monkeypatch)
            for order, limit in ORDERS[: 1 + number % 2]:
                one, other = [await answer(stack, q=query, order=order, limit=limit, **params) for stack in stacks]
                assert one == other, (query, params, order)
                sizes.append(len(one))
    postgres_server.take_back()
    assert sum(size > 0 for size in sizes) > 0.6 * len(sizes), "too few queries find something"
