"""Docs by the terms that they are found by: chunks hold what rows would, whatever comes in which order."""

from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from services.common.database import Database, Writes
from services.common.migrate import migrate
from services.common.open_database import open_database
from services.posts.commands.post_terms import post_terms
from services.posts.domain.related import postings
from services.posts.domain.related.postings import CHUNK, Packed, best, place_of, term_at, unpacked_postings
from services.posts.queries.related_counts import term_counts
from services.posts.queries.related_postings import found_by_terms
from services.posts.related_tables import related_postings
from tests.databases import MIGRATIONS, Databases
from tests.posts.as_before import AsBefore

KEYS: Final = st.tuples(st.integers(1, 3), st.integers(1, 40))
WEIGHTS: Final = st.dictionaries(KEYS, st.one_of(st.none(), st.integers(1, 65_535)), max_size=30)
ASKED: Final = st.dictionaries(st.integers(1, 4), st.integers(1, 65_535), min_size=1)
Model = dict[tuple[int, int], int]


async def chunks_of(database: Database) -> list[Packed]:
    async with database.read() as reads:
        rows = (await reads.execute(select(related_postings).order_by(related_postings.c.place))).all()
    return [(place, bytes(docs), bytes(weights)) for place, docs, weights in rows]


def best_of(model: Model, asked: dict[int, int], most: int) -> list[int]:
    totals = dict[int, int]()
    for (term, doc), weight in model.items():
        if term in asked:
            totals[doc] = totals.get(doc, 0) + asked[term] * weight
    return [doc for _, doc in sorted(((total, doc) for doc, total in totals.items()), reverse=True)[:most]]


def assert_in_order(chunks: list[Packed], most: int) -> None:
    """Each doc is where its place leads."""
    follows = 1 << 63
    for place, found, weights in reversed(chunks):
        docs = [doc for _, doc in unpacked_postings([(place, found, weights)])]
        assert docs == sorted(docs)
        assert 0 < len(docs) <= most
        assert place <= place_of(term_at(place), docs[0]) <= place_of(term_at(place), docs[-1]) < follows
        follows = place


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(history=st.lists(WEIGHTS, max_size=6), asked=ASKED, most=st.integers(1, 9))
async def test_chunks_are_as_rows(
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    history: list[dict[tuple[int, int], int | None]],
    asked: dict[int, int],
    most: int,
) -> None:
    monkeypatch.setattr(postings, "CHUNK", 4)
    database, model = await open_database(await databases.fresh("posts", tmp_path)), Model()
    try:
        for weights in history:

            async def post(writes: Writes, weights: Any = weights) -> None:
                await post_terms(writes, weights)

            await database.write(post)
            model |= {key: weight for key, weight in weights.items() if weight is not None}
            model = {key: weight for key, weight in model.items() if weights.get(key, weight) is not None}
            chunks = await chunks_of(database)
            assert unpacked_postings(chunks) == model
            assert_in_order(chunks, 4)
        async with database.read() as reads:
            assert list(await found_by_terms(reads, asked, most)) == best_of(model, asked, most)
            assert list(await found_by_terms(reads, {}, most)) == []
    finally:
        await database.close()
        databases.take_back()


def test_the_newer_of_equals_comes_first() -> None:
    rows = [(place_of(7), b"\1\0\0\0\2\0\0\0\3\0\0\0", b"\5\0\5\0\6\0")]
    assert best({7: 10}, rows, 2) == [3, 2]


def test_where_heavy_terms_find_enough_the_others_find_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    heavy = (place_of(1), b"\1\0\0\0\2\0\0\0", b"\1\0\2\0")
    light = (place_of(2), b"\1\0\0\0\3\0\0\0", b"\x09\0\x09\0")
    assert best({1: 10, 2: 9}, [light, heavy], 3) == [1, 3, 2]
    monkeypatch.setattr(postings, "ENOUGH", 2)
    assert best({1: 10, 2: 9}, [light, heavy], 3) == [1, 2]


async def test_rows_of_before_become_chunks(databases: Databases, tmp_path: Path) -> None:
    """More than are read or written at once."""
    counts = {term: 1 + term % 7 for term in (1, 2, 479, *range(480, 60_000, 5))}
    rows = {
        (term, doc): 1 + doc % 900 for term, docs in ((1, 10_300), (2, 1), (9, CHUNK)) for doc in range(5, 5 + docs)
    }
    rows |= {(term, 1): 1 for term in range(10, 1_100)}

    async def fill(writes: Writes) -> None:
        given = [{"term": term, "doc": doc, "weight": weight} for (term, doc), weight in rows.items()]
        await writes.execute(text("INSERT INTO related_postings VALUES (:term, :doc, :weight)"), given)
        words = [{"id": term, "text": f"w{term}", "posts": count} for term, count in counts.items()]
        await writes.execute(text("INSERT INTO related_terms VALUES (:id, 'en', :text, 'w', NULL, :posts)"), words)

    database = await open_database(await AsBefore(databases, 6, fill).fresh("posts", tmp_path))
    try:
        await migrate(database, MIGRATIONS["posts"])
        chunks = await chunks_of(database)
        async with database.read() as reads:
            assert await term_counts(reads, counts) == counts
    finally:
        await database.close()
    assert unpacked_postings(chunks) == rows
    sizes = [len(docs) // 4 for _, docs, _ in chunks]
    assert sizes == [CHUNK] * 40 + [10_300 - 40 * CHUNK, 1, CHUNK] + [1] * 1_090
    assert_in_order(chunks, CHUNK)
