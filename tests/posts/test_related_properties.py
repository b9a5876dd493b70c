"""Related posts after any history of publishing, editing, trashing and restoring: as if made at once, from nothing."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.common.database import Database, Reads
from services.common.open_database import open_database
from services.posts.domain.related import choice, postings
from services.posts.domain.related import lists as lists_module
from services.posts.domain.related import term_counts as term_counts_module
from services.posts.domain.related.docs import Doc
from services.posts.domain.related.lists import Pairs
from services.posts.domain.related.postings import unpacked_postings
from services.posts.domain.related.scores import factors, shared_label, shared_terms
from services.posts.domain.related.vectors import POSTED, Frequencies, Vector, weighed
from services.posts.queries.related_counts import term_counts
from services.posts.queries.related_docs import docs_of_language
from services.posts.queries.related_index import languages
from services.posts.related_tables import related_docs, related_labels, related_lists, related_postings, related_terms
from tests.databases import Databases
from tests.posts.related_blog import DAYS, Blog, Said

_WRITTEN = 0.75
LATIN = ("harbor", "ferry", "tide", "barge", "wharf", "buoy", "mast", "keel")
CYRILLIC = ("паром", "причал", "прилив", "мачта")
TEXTS = st.one_of(
    st.lists(st.sampled_from(LATIN), min_size=0, max_size=8),
    st.lists(st.sampled_from(CYRILLIC), min_size=1, max_size=4),
)
SAID = st.builds(Said, TEXTS.map(tuple), st.lists(st.sampled_from(("Sea", "Port")), unique=True).map(tuple))
STEPS = st.one_of(
    st.tuples(st.integers(0, len(DAYS) - 1), SAID),
    st.tuples(st.integers(0, len(DAYS) - 1), st.none()),
    st.just((None, None)),
)
HISTORIES = st.lists(STEPS, min_size=8, max_size=24)
VECTORS = st.builds(
    lambda counts, labels, day: Vector(
        sorted(counts),
        [counts[term] for term in sorted(counts)],
        [0] * len(counts),
        sorted(labels),
        [0] * len(labels),
        day,
    ),
    st.dictionaries(st.integers(1, 40), st.integers(1, 65_535), max_size=20),
    st.sets(st.integers(1, 6), max_size=4),
    st.integers(-10_000, 30_000),
)
FREQUENCIES = st.builds(
    Frequencies,
    st.integers(1, 1_000_000),
    st.dictionaries(st.integers(1, 40), st.integers(1, 1_000_000)),
    st.dictionaries(st.integers(1, 6), st.integers(1, 1_000_000)),
)


@pytest.fixture(autouse=True)
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists and chunks that ten posts can fill, so that posts fall out of them and come back."""
    for module in (choice, lists_module):
        monkeypatch.setattr(module, "STORED", 3)
    monkeypatch.setattr(postings, "CHUNK", 3)
    monkeypatch.setattr(term_counts_module, "CHUNK", 3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VECTORS, VECTORS, FREQUENCIES)
def test_two_posts_have_to_do_with_each_other_either_way_alike(one: Vector, other: Vector, of: Frequencies) -> None:
    mine, theirs = weighed(one, of), weighed(other, of)
    assert factors(mine, theirs) == factors(theirs, mine)
    assert 0 <= factors(mine, theirs).score <= 1_610_000
    assert shared_terms(mine, theirs) == shared_terms(theirs, mine)
    assert shared_label(mine, theirs) == shared_label(theirs, mine)
    if one.terms:
        assert factors(mine, mine).words == pytest.approx(1, abs=0.001)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(50_000, 300_000), max_size=14), st.randoms(use_true_random=False))
def test_each_that_is_chosen_adds_most_to_those_before_it(found: list[int], rng: random.Random) -> None:
    scores = dict(enumerate(sorted(found, reverse=True)))
    alike = {(one, other): rng.choice((0.0, 0.2, rng.random())) for one in scores for other in scores if one < other}

    def similarity(one: int, other: int) -> float:
        return alike[min(one, other), max(one, other)]

    def adds(doc: int) -> float:
        return 0.8 * scores[doc] / scores[0] - (1 - 0.8) * max([similarity(doc, one) for one in wanted], default=0.0)

    wanted = list[int]()
    while len(wanted) < min(5, len(scores)):
        wanted.append(max((doc for doc in list(scores)[: choice.POOL] if doc not in wanted), key=adds))
    assert choice.chosen(list(scores), scores, similarity) == wanted


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
async def test_any_history_leaves_what_its_end_would_give(databases: Databases, tmp_path: Path, history: Any) -> None:
    await check_history(databases, tmp_path, history)


async def test_a_long_history_does_on_either_database(databases: Databases, tmp_path: Path) -> None:
    rng = random.Random(20)  # noqa: S311 any history will do
    history = list[tuple[int | None, Said | None]]()
    for at in range(30):
        words = rng.choice((LATIN, CYRILLIC))
        labels = tuple(rng.sample(("Sea", "Port"), rng.randint(0, 2)))
        said = Said(tuple(rng.choices(words, k=rng.randint(1, 8))), labels) if rng.random() < _WRITTEN else None
        # some posts come together, some alone
        history.append((None, None) if at % 6 in {1, 3, 5} else (rng.randrange(len(DAYS)), said))
        history.extend([(rng.randrange(len(DAYS)), said)] * (at % 6 == 4))
    await check_history(databases, tmp_path, history)


async def check_history(databases: Databases, folder: Path, history: list[tuple[int | None, Said | None]]) -> None:
    live = dict[int, Said]()
    async with a_blog(databases, folder) as blog:
        for number, said in history:
            if number is None:
                await blog.relate()
            elif said is not None:
                await blog.write(number, said)
                live[number] = said
            elif live.pop(number, None):
                await blog.hide(number)
        await blog.relate()
        await assert_counted(blog.database)
        await assert_listed(blog.database)
        await blog.weigh_anew()
        found = await lists(blog.database)
    async with a_blog(databases, folder) as blog:
        for number, said in live.items():
            await blog.write(number, said)
        await blog.relate()
        await blog.weigh_anew()
        assert await lists(blog.database) == found


@asynccontextmanager
async def a_blog(databases: Databases, folder: Path) -> AsyncIterator[Blog]:
    database = await open_database(await databases.fresh("posts", folder))
    try:
        yield Blog(database)
    finally:
        await database.close()


async def assert_counted(database: Database) -> None:
    """Terms, labels, posts of languages and postings are those of the vectors that there are."""
    async with database.read() as reads:
        docs = await every_doc(reads)
        terms = Counter(term for doc in docs.values() for term in doc.vector.terms)
        labels = Counter((doc.lang, label) for doc in docs.values() for label in doc.vector.labels)
        posted = {
            (term, doc.doc): weight for doc in docs.values() for term, weight in doc.vector.heaviest(POSTED).items()
        }
        rows: Any = await reads.execute(select(related_terms))
        assert dict(await term_counts(reads, [row.id for row in rows])) == terms
        rows = await reads.execute(select(related_labels).where(related_labels.c.posts != 0))
        assert {(row.lang, row.label_id): row.posts for row in rows} == labels
        assert {lang: row["posts"] for lang, row in (await languages(reads)).items() if row["posts"]} == Counter(
            doc.lang for doc in docs.values()
        )
        rows = await reads.execute(select(related_postings))
        assert unpacked_postings((row.place, row.docs, row.weights) for row in rows) == posted
        rows = await reads.execute(select(related_docs))
        assert {row.doc for row in rows} == docs.keys()


async def assert_listed(database: Database) -> None:
    """Each list is the one that comparing its post with all others gives."""
    async with database.read() as reads:
        docs = await every_doc(reads)
        stored = dict[int, dict[int, tuple[Any, ...]]]()
        rows: Any = await reads.execute(select(related_lists))
        for row in rows:
            stored.setdefault(row.doc, {})[row.other] = (row.score, row.place, row.label_id)
    pairs = Pairs(docs)
    for doc in docs:
        wanted = pairs.whole_list(doc, docs).entries
        found = {other: (entry.score, entry.place, entry.label) for other, entry in wanted.items()}
        assert stored.pop(doc, {}) == found
    assert not stored


async def every_doc(reads: Reads) -> dict[int, Doc]:
    found = dict[int, Doc]()
    for lang in await languages(reads):
        found |= await docs_of_language(reads, lang, 1_000)
    return found


async def lists(database: Database) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    """By the posts of list and entry: score and place."""
    async with database.read() as reads:
        rows: Any = await reads.execute(select(related_docs.c.doc, related_docs.c.post_id))
        posts = {row.doc: row.post_id for row in rows}
        rows = await reads.execute(select(related_lists))
        return {(posts[row.doc], posts[row.other]): (row.score, row.place) for row in rows}
