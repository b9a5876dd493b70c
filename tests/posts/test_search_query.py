"""Queries mean what readers typed, and both databases are told just that."""

import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.posts.domain.matches import Match
from services.posts.domain.search import (
    MAX_CLAUSES,
    MAX_QUERY_CHARS,
    Clause,
    Item,
    Label,
    Phrase,
    Query,
    parse_query,
)
from services.posts.domain.words import title_marker, with_characters, words

LIVE = [["·livepost"]]
MARKERS: dict[Clause, Sequence[str]] = {
    Phrase(("b",)): ["·l1", "·a7"],
    Phrase(("日本",)): ["·l2"],
    Label("B"): ["·l1"],
    Label("two words"): ["·l2"],
}


def groups(*items: tuple[Item, ...]) -> Query:
    return Query(items, ())


def phrase(text: str) -> Item:
    return (Phrase(tuple(text.split())),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", groups()),
        ("one Two", groups((phrase("one"),), (phrase("two"),))),
        ('"One two" well-known', groups((phrase("one two"),), (phrase("well known"),))),
        ("\u201cone two\u201d", groups((phrase("one two"),))),
        ('"one two', groups((phrase("one two"),))),
        ("a OR b c", groups((phrase("a"), phrase("b")), (phrase("c"),))),
        ("a or b", groups((phrase("a"),), (phrase("or"),), (phrase("b"),))),
        ("a|b", groups((phrase("a"), phrase("b")))),
        ("| OR a OR | b OR", groups((phrase("a"), phrase("b")))),
        ("!!! OR a", groups((phrase("a"),))),
        ("a OR !!! b", groups((phrase("a"),), (phrase("b"),))),
        ("label:x", groups(((Label("x"),),))),
        ('Label:" Two  Words "', groups(((Label("Two Words"),),))),
        ("label:a|label:b", groups(((Label("a"),), (Label("b"),)))),
        ("label: x", groups((phrase("label"),), (phrase("x"),))),
        ('label:""', groups()),
        ("label:🎉 c++", groups(((Label("🎉"),),), (phrase("c"),))),
        ('a -b -"c d" -label:e', Query(((phrase("a"),),), (phrase("b"), phrase("c d"), (Label("e"),)))),
        ("-a OR b", Query(((phrase("b"),),), (phrase("a"),))),
        ("a -b OR c", Query(((phrase("a"),), (phrase("c"),)), (phrase("b"),))),
        ("- a --b", Query(((phrase("a"),),), (phrase("b"),))),
        ("日本語", groups((phrase("日本 本語"),))),
        ("日", groups(((Phrase(("日",)),),))),
        ('"日本 ねこ"', groups(((Phrase(("日本",)), Phrase(("ねこ",))),))),
        ('東京tower "x y 京 z"', groups(
            ((Phrase(("東京",)), Phrase(("tower",))),),
            ((Phrase(("x", "y")), Phrase(("京",)), Phrase(("z",))),),
        )),
        ("l'été", groups((phrase("l ete"),))),
        ("\x00a\ud800b \\ ' \" ( ) * ^ : + {", groups((phrase("ab"),))),
    ],
)  # fmt: skip
def test_queries_are_read(text: str, expected: Query) -> None:
    assert parse_query(text) == expected


def test_query_tells_what_its_caller_asks() -> None:
    query = parse_query("a label:x OR b a -c -label:y")
    assert query.phrases() == (Phrase(("a",)), Phrase(("b",)))
    assert query.labels() == ("x", "y")
    assert query.clauses() == (Phrase(("a",)), Label("x"), Phrase(("b",)), Phrase(("c",)), Label("y"))
    assert not query.is_empty
    assert parse_query(' "" | OR -!').is_empty


def test_too_much_is_refused_with_a_sentence() -> None:
    assert parse_query("a " * MAX_CLAUSES) != parse_query("x" * MAX_QUERY_CHARS)
    with pytest.raises(ValueError, match=r"^A search has at most 16 words or phrases\.$"):
        parse_query("a " * (MAX_CLAUSES - 1) + "東a")
    with pytest.raises(ValueError, match=r"^A search has at most 300 characters\.$"):
        parse_query("x" * (MAX_QUERY_CHARS + 1))


@given(st.text(st.characters(exclude_categories=()), max_size=320) | st.text('a日·"-:|OR lab', max_size=320))
def test_nothing_but_the_limits_is_refused(text: str) -> None:
    try:
        query = parse_query(text)
    except ValueError as error:
        assert str(error).startswith("A search has at most")  # noqa: PT017 (most texts raise nothing)
    else:
        assert all(clause.words for clause in query.clauses() if isinstance(clause, Phrase))


@pytest.mark.parametrize(
    ("text", "fts5", "postgres"),
    [
        ("", '"·livepost"', "('·livepost')"),
        ('a "c d"', '("·livepost" AND "a" AND "c d")', "(('·livepost') & ('a') & ('c' <-> 'd'))"),
        ("b", '("·livepost" AND ("b" OR "·l1" OR "·a7"))', "(('·livepost') & (('b') | ('·l1') | ('·a7')))"),
        ("日", '("·livepost" AND "日")', "(('·livepost') & ('日'))"),
        ("-c", '"·livepost" NOT ("c")', "('·livepost') & !(('c'))"),
        ("-c -東a", '"·livepost" NOT (("c" OR ("東" AND "a")))', "('·livepost') & !((('c') | (('東') & ('a'))))"),
        ("label:B -label:gone", '("·livepost" AND "·l1")', "(('·livepost') & ('·l1'))"),
        ("label:gone OR c", '("·livepost" AND "c")', "(('·livepost') & ('c'))"),
        ("a label:gone", None, None),
    ],
)
def test_queries_are_written_for_both_databases(text: str, fts5: str | None, postgres: str | None) -> None:
    query = parse_query(text)
    assert anywhere("sqlite", query, MARKERS) == fts5
    assert anywhere("postgresql", query, MARKERS) == postgres


def test_quotes_cannot_leave_their_string() -> None:
    query = groups((phrase("a\"b'c\\"),))
    assert anywhere("sqlite", query, {}) == '("·livepost" AND "a""b\'c\\")'
    assert anywhere("postgresql", query, {}) == "(('·livepost') & ('a\"b''c\\\\'))"


def anywhere(dialect: str, query: Query, markers: Mapping[Clause, Sequence[str]]) -> str | None:
    match = Match(query, markers, LIVE)
    return match.written(dialect) if match.is_possible else None


def test_titles_are_asked_by_their_markers() -> None:
    match = Match(parse_query('b "c d" -e 日'), MARKERS, LIVE)
    titled = match.of("titled").written("sqlite")
    assert titled == (
        '("·livepost" AND ("·tb" OR "·l1" OR "·a7") AND ("·tc" AND "·td" AND "c d") AND "·t日") NOT ("e")'
    )
    assert match.of("others").written("sqlite") == f"({match.written('sqlite')}) NOT ({titled})"


@dataclass(frozen=True, slots=True)
class Doc:
    title: str
    tags: str
    body: str

    def columns(self) -> list[list[str]]:
        return [words(self.title), self.tags.split(), words(self.body)]


def matches(doc: Doc, query: Query, markers: Mapping[Clause, Sequence[str]]) -> bool:
    """What a query means, said as plainly as possible."""

    def stands(clause: Clause) -> bool:
        in_text = isinstance(clause, Phrase) and any(has(column, clause) for column in doc.columns())
        return in_text or any(marker in doc.tags.split() for marker in markers.get(clause, ()))

    wanted = all(any(all(map(stands, item)) for item in group) for group in query.required)
    return wanted and LIVE[0][0] in doc.tags and not any(all(map(stands, item)) for item in query.excluded)


def has(column: list[str], clause: Phrase) -> bool:
    size = len(clause.words)
    windows = (tuple(column[at : at + size]) for at in range(len(column) - size + 1))
    if clause.is_character:
        return any(window[0].startswith(clause.words[0]) for window in windows)
    return clause.words in windows


def found(docs: Sequence[Doc], match: str) -> set[int]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE posts USING fts5(title, tags, body, tokenize='ascii')")
        rows = [[" ".join(with_characters(column)) for column in doc.columns()] for doc in docs]
        for row, doc in zip(rows, docs, strict=True):
            row[1] = " ".join([row[1], *map(title_marker, with_characters(words(doc.title)))])
        db.executemany("INSERT INTO posts (title, tags, body) VALUES (?, ?, ?)", rows)
        return {rowid - 1 for (rowid,) in db.execute("SELECT rowid FROM posts WHERE posts MATCH ?", [match])}


TEXTS = st.lists(st.sampled_from(["a", "b", "É", "日本語", "本", "東京tower", "กั้น", "한국", "near"]), max_size=5)
TAGS = st.sampled_from(["·livepost", "·livepost ·l1", "·livepost ·l2 ·a7", "·l1 ·draft", "·livepost ·a7"])
DOCS = st.lists(st.builds(Doc, TEXTS.map(" ".join), TAGS, TEXTS.map("".join)), min_size=1, max_size=6)
TYPED = [
    *(
        "a",
        "b",
        "é",
        "near",
        "NOT",
        "日本",
        "語",
        "本",
        "tower",
        "東京tower",
        "ัน",
        "국",
        "OR",
        "OR",
        "|",
        "-",
        "-",
        '"',
    ),
    *('"a b"', '"日本 a"', "label:B", 'label:"two words"', "label:no"),
]
QUERIES = st.builds(str.join, st.sampled_from([" ", ""]), st.lists(st.sampled_from(TYPED), max_size=8))


@given(DOCS, QUERIES)
@example([Doc("a b", "·livepost", "")], '-"b a"')
def test_sqlite_finds_what_the_query_means(docs: list[Doc], text: str) -> None:
    query = parse_query(text)
    match = Match(query, MARKERS, LIVE)
    expected = {at for at, doc in enumerate(docs) if matches(doc, query, MARKERS)}
    assert (found(docs, match.written("sqlite")) if match.is_possible else set()) == expected
    if match.is_possible:
        titled, others = [found(docs, match.of(part).written("sqlite")) for part in ("titled", "others")]
        assert titled | others == expected
        assert not titled & others
        for at in titled:
            assert matches(Doc(docs[at].title, docs[at].tags, ""), replace(query, excluded=()), MARKERS)


@pytest.mark.parametrize(
    ("text", "rare", "is_selective"),
    [
        ("a c", "a", True),
        ("a c", "·l1", False),
        ("b", "b", False),  # posts of the labels and authors of that name have other words
        ("b", "b ·l1 ·a7", True),
        ('"a c"', "c", True),
        ("a OR c", "c", False),
        ("a OR c", "a c", True),
        ("a OR c label:B", "·l1", True),
        ("a -c", "c", False),
        ("a", "·livepost", True),
    ],
)
def test_one_rare_word_in_all_matches_is_enough(text: str, rare: str, is_selective: bool) -> None:
    match = Match(parse_query(text), MARKERS, LIVE)
    assert match.is_selective(set(rare.split())) == is_selective


@pytest.mark.parametrize(
    ("text", "is_walk"),
    [
        ("c", True),
        ("b", True),
        ("c OR d", True),
        ("", True),
        ("label:B", True),
        ('"c d"', False),
        ("c d", False),
        ("c -d", False),
        ("東a", False),
    ],
)
def test_one_word_is_a_walk(text: str, is_walk: bool) -> None:
    match = Match(parse_query(text), MARKERS, LIVE)
    assert match.is_walk == is_walk
    assert not match.of("others").is_walk
    assert match.within(["·m202001"]).is_walk == (text == "")


def test_titles_are_rare_by_their_markers() -> None:
    titled = Match(parse_query("a c"), {}, LIVE).of("titled")
    assert titled.words() == ["·livepost", "·ta", "·tc"]
    assert titled.is_selective({"·ta"})
    assert not titled.is_selective({"a"})


@given(st.text(st.characters(exclude_categories=()), max_size=100) | st.text("ab日本·\"'*^+-(){}:|OR ", max_size=60))
def test_sqlite_takes_whatever_is_typed(text: str) -> None:
    try:
        query = parse_query(text)
    except ValueError:
        return
    doc = Doc(text, LIVE[0][0], text)
    if match := anywhere("sqlite", query, {}):
        assert found([doc], match) == ({0} if matches(doc, query, {}) else set())


@given(st.text("京都東がギー々한국กั้าລາວខ្មែရန်", min_size=1, max_size=12), st.data())
def test_each_piece_of_an_unspaced_run_is_found(run: str, data: st.DataObject) -> None:
    run = unicodedata.normalize("NFC", run)  # as texts are stored
    start = data.draw(st.integers(0, len(run) - 1))
    piece = run[start : data.draw(st.integers(start + 1, len(run)))]
    doc = Doc("", LIVE[0][0], f"x{run}。{run}y")
    assert matches(doc, parse_query(piece), {})
    assert not matches(doc, parse_query(piece + "無"), {})
    assert matches(doc, parse_query(f'-"{piece}無"'), {})
    assert not matches(doc, parse_query(f"-{piece}"), {})
