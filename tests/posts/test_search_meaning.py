"""Search finds what queries mean: for small corpora of any words it agrees with a plain reading of the query."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.posts.domain.search import Clause, Label, Phrase, Query, parse_query
from services.posts.domain.words import words
from tests.posts.listing import found
from tests.stack import Stack

TEXTS = ["a", "b", "é", "ab", "日本語", "本", "東京tower", "กั้น", "한국", "near", "not", "l'a", "B-a"]
LABELS = ["b", "a near", "Near b", "É"]
PEOPLE = ["Ab Near", "not b"]
QUERY_PARTS = [
    *TEXTS,
    *["OR", "|", "-", "-", '"'],
    *("日", "本語", "tower", "국", '"a b"', '"b a"', '"本 a"', "label:b"),
]
_TEXT = st.lists(st.sampled_from(TEXTS), max_size=4).map(" ".join)
NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Post:
    """`found` says what the search index should."""

    title: str
    body: str
    labels: list[str]
    author: str | None
    state: str
    second: int

    def as_import(self, number: int, case: str) -> dict[str, Any]:
        return {
            "source_id": str(number),
            "title": self.title,
            "body": f"<p>{self.body}</p>",
            "labels": [case, *self.labels],
            "author": self.author and {"source_id": self.author, "name": self.author},
            "state": self.state,
            "published": f"2024-01-01T00:00:0{self.second}.{9 - self.second}Z",
        }

    def is_named(self, clause: Clause) -> bool:
        if isinstance(clause, Label):
            return clause.name in self.labels
        return any(set(clause.words) <= set(words(name)) for name in (*self.labels, self.author or ""))

    def says(self, clause: Clause) -> bool:
        return self.is_named(clause) or any(_has(words(text), clause) for text in (self.title, self.body))

    def is_titled(self, clause: Clause) -> bool:
        """Names are as good as titles; a phrase may stand elsewhere, if all its words are in the title."""
        in_title = isinstance(clause, Phrase) and all(_has(words(self.title), Phrase((word,))) for word in clause.words)
        return self.is_named(clause) or (in_title and self.says(clause))


def _has(text: list[str], clause: Clause) -> bool:
    if isinstance(clause, Label):
        return False
    if clause.is_character:
        return any(word.startswith(clause.words[0]) for word in text)
    size = len(clause.words)
    return any(tuple(text[at : at + size]) == clause.words for at in range(len(text) - size + 1))


def _all(query: Query, stands: Callable[[Clause], bool]) -> bool:
    return all(any(all(map(stands, item)) for item in group) for group in query.required)


def expected(posts: dict[str, Post], query: Query) -> tuple[list[str], list[str]]:
    """The ids of what is found, newest first and best first."""
    newest = [
        number
        for number, post in sorted(posts.items(), key=lambda one: (one[1].second, int(one[0])), reverse=True)
        if post.state == "live"
        and _all(query, post.says)
        and not any(all(map(post.says, item)) for item in query.excluded)
    ]
    return newest, sorted(newest, key=lambda number: not _all(query, posts[number].is_titled))


POSTS = st.builds(
    Post,
    _TEXT,
    _TEXT,
    st.lists(st.sampled_from(LABELS), max_size=2, unique=True),
    st.none() | st.sampled_from(PEOPLE),
    st.sampled_from(["live"] * 5 + ["draft"]),
    st.integers(0, 3),
)
QUERIES = st.builds(
    str.join, st.sampled_from([" ", ""]), st.lists(st.sampled_from(QUERY_PARTS), min_size=1, max_size=6)
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(POSTS, min_size=1, max_size=6), st.lists(QUERIES, min_size=1, max_size=3))
async def test_search_agrees_with_a_plain_reading(stack: Stack, made: list[Post], queries: list[str]) -> None:
    """One stack has all corpora, told apart by a label."""
    posts = {str(next(NUMBERS)): post for post in made}
    case = f"case{min(posts)}"
    await stack.imported_posts(*(post.as_import(int(number), case) for number, post in posts.items()), source=case)
    for typed in queries:
        query = parse_query(typed)
        if query.is_empty:
            continue
        newest, best = expected(posts, query)
        assert await found(stack, typed, label=case) == newest, typed
        assert await found(stack, typed, label=case, order="best") == best, typed
