"""Multiplies an archive that was weighed: each copy has other words as frequent in place of its own.

So words, postings and vectors are as many as those of so many posts: frequent words are in as many times more posts,
and each copy brings new rare words. No lists are made.
"""

import random
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import Final

from bench.related_archive import UNLISTED, number_of, post_id
from bench.vocabulary import SEED
from services.migration.progress import Progress
from services.posts.domain.related.postings import CHUNK, Packed, place_of
from services.posts.domain.related.term_counts import add_counts, chunks_of, counts_in, empty_chunk
from services.posts.domain.related.vectors import POSTED, Vector, packed_terms, unpacked

_RARE: Final = 2
"""Words of no more posts than this are another copy's own."""
_DAY: Final = 86_400_000_000
_POST: Final = (
    "INSERT INTO posts (id, kind, state, title, path, excerpt, comment_policy, published_at, created_at, updated_at,"
    " version, body_html, policy_version, body_format, body_source, has_generated_path, first_live_at)"
    " VALUES (?, 'post', 'live', ?, ?, '', 'open', ?, ?, ?, 1, '', 1, 'html', '', 1, ?)"
)
_POSTINGS: Final = "INSERT INTO related_postings VALUES (?, ?, ?)"
_WHOLE: Final = (
    "INSERT INTO related_labels SELECT lang, label_id, posts * :copies FROM small.related_labels",
    "INSERT INTO labels (id, name, live_count) SELECT id, name, live_count FROM small.labels",
    (
        "INSERT INTO related_languages SELECT lang, posts * :copies, posts * :copies, generation"
        " FROM small.related_languages"
    ),
    "UPDATE related_state SET next_doc = :docs + 1, next_term = :terms + 1",
)


def multiply(small: Path, path: Path, size: int, copies: int, progress: Progress) -> None:
    """`path` is a migrated database that nobody else has open; interrupted, it is to be deleted."""
    with closing(sqlite3.connect(path, uri=True)) as database, database:
        for pragma in ("synchronous=OFF", "cache_size=-1000000"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("ATTACH ? AS small", (f"file:{small}?mode=ro",))
        counts = _counts(database)
        progress.start("posts", size * copies)
        for copy in range(copies):
            _copy(database, size, copy, _others(counts, copy), progress)
        _terms(database, counts, copies)
        for statement in _WHOLE:
            database.execute(statement, {"copies": copies, "docs": size * copies, "terms": max(counts) * copies})


def _others(counts: dict[int, int], copy: int) -> Sequence[int]:
    """For each word another, which as many posts have."""
    most = max(counts)
    others, alike = array("Q", range(most + 1)), defaultdict[int, list[int]](list)
    for term, count in counts.items():
        if count <= _RARE:
            others[term] += copy * most
        else:
            alike[count.bit_length()].append(term)
    for terms in alike.values():
        shuffled = random.Random(SEED + copy).sample(terms, len(terms)) if copy else terms
        for term, other in zip(terms, shuffled, strict=True):
            others[term] = other
    return others


def _counts(database: sqlite3.Connection) -> dict[int, int]:
    chunks = {chunk: array("I", counts) for chunk, counts in database.execute("SELECT * FROM small.related_counts")}
    return counts_in(chunks, [term for (term,) in database.execute("SELECT id FROM small.related_terms")])


def _terms(database: sqlite3.Connection, counts: dict[int, int], copies: int) -> None:
    most, multiplied = max(counts), dict[int, int]()
    rare = [term for term, count in counts.items() if count <= _RARE]
    for copy in range(copies):
        database.executemany(
            "INSERT INTO related_terms SELECT id + :more, lang, CASE :copy WHEN 0 THEN text ELSE text || :copy END,"
            " surface, NULL FROM small.related_terms WHERE id = :term",
            ({"more": copy * most, "copy": copy, "term": term} for term in (rare if copy else counts)),
        )
        multiplied |= {term + copy * most: counts[term] for term in rare}
    multiplied |= {term: count * copies for term, count in counts.items() if count > _RARE}
    chunks = {chunk: empty_chunk() for chunk in chunks_of(multiplied)}
    add_counts(chunks, multiplied)
    rows = ((chunk, found.tobytes()) for chunk, found in chunks.items())
    database.executemany("INSERT INTO related_counts VALUES (?, ?)", rows)


def _copy(database: sqlite3.Connection, size: int, copy: int, others: Sequence[int], progress: Progress) -> None:
    query = (
        "SELECT doc, post_id, lang, generation, terms, labels, day"
        " FROM small.related_docs JOIN small.related_vectors USING (doc) WHERE doc <= ? ORDER BY doc"
    )
    postings = list[int]()
    for doc, post, lang, generation, terms, labels, day in database.execute(query, (size,)).fetchall():
        now, n = doc + copy * size, number_of(post) + copy * size
        vector = _with_others(unpacked(terms, labels, day), others)
        postings += (term << 40 | now << 16 | weight for term, weight in vector.heaviest(POSTED).items())
        at = day * _DAY
        database.execute(_POST, (post_id(n), f"Post {n}", f"/2020/01/{n}.html", at, at, at, at))
        database.execute(
            "INSERT INTO related_docs VALUES (?, ?, ?, ?, 0, ?)", (now, post_id(n), lang, generation, UNLISTED)
        )
        database.execute("INSERT INTO related_vectors VALUES (?, ?, ?, ?)", (now, packed_terms(vector), labels, day))
        progress.advance(1)
    postings.sort()
    database.executemany(_POSTINGS, _chunks(postings))


def _with_others(vector: Vector, others: Sequence[int]) -> Vector:
    rows = sorted(zip(map(others.__getitem__, vector.terms), vector.counts, vector.weights, strict=True))
    terms, counts, weights = zip(*rows, strict=True)
    return Vector(terms, counts, weights, vector.labels, vector.label_weights, vector.day)


def _chunks(postings: list[int]) -> Iterator[Packed]:
    """Each copy has docs that come after those of the copy before."""
    for term, found in groupby(postings, key=lambda one: one >> 40):
        while some := list(islice(found, CHUNK)):
            docs, weights = (
                array("I", (one >> 16 & 0xFFFFFF for one in some)),
                array("H", (one & 0xFFFF for one in some)),
            )
            yield place_of(term, docs[0]), docs.tobytes(), weights.tobytes()
