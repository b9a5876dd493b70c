"""Lists narrowed by label, author, month, words, state and kind hold just what a small model says."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.posts.listing import POSTS, ids, page, set_blog
from tests.stack import Stack

ZONE = ZoneInfo("America/Sao_Paulo")
BORDERS = [
    datetime(2023, 1, 1, 3, tzinfo=UTC),  # midnight there
    datetime(2024, 1, 1, 3, tzinfo=UTC),
    datetime(2024, 3, 1, 3, tzinfo=UTC),
    datetime(2024, 7, 15, 12, tzinfo=UTC),
]
AROUND = [timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1), timedelta(days=-40)]
LABELS = [[], ["Tide"], ["Boats"], ["Boats", "Tide"]]
AUTHORS = [None, "Ann", "Bo", "Ann"]
WORDS = ["harbor", "ferry", "harbor ferry"]
STATE_LISTS: list[list[str]] = [["live"], ["draft"], ["trashed"], ["live", "trashed"]]


@dataclass(frozen=True, slots=True)
class Made:
    number: int
    at: datetime
    labels: list[str]
    author: str | None
    words: list[str]
    state: str
    kind: str

    @classmethod
    def of(cls, n: int) -> "Made":
        chance = Random(n)  # noqa: S311 the same model every time
        words = chance.choice(WORDS).split()
        kind = "page" if n % 6 == 0 else "post"
        state = "draft" if n % 7 == 1 else "trashed" if n % 11 == 2 else "live"
        return cls(
            n, BORDERS[n % 4] + AROUND[n // 4 % 4], chance.choice(LABELS), chance.choice(AUTHORS), words, state, kind
        )

    def as_import(self) -> dict[str, Any]:
        author = None if self.author is None else {"source_id": self.author, "name": self.author}
        return {
            "source_id": str(self.number),
            "published": self.at.isoformat(),
            "labels": self.labels,
            "author": author,
            "body": f"<p>{' '.join(self.words)}</p>",
            "state": self.state,
            "kind": self.kind,
        }

    def is_of(self, year: int | None, month: int | None) -> bool:
        local = self.at.astimezone(ZONE)
        return year in (None, local.year) and month in (None, local.month)

    def has(self, query: str | None) -> bool:
        wanted = (query or "").split()
        return all((word.removeprefix("-") in self.words) != word.startswith("-") for word in wanted)


@dataclass(frozen=True, slots=True)
class Wanted:
    label: str | None = None
    author: str | None = None
    year: int | None = None
    month: int | None = None
    q: str | None = None

    def params(self, author_ids: dict[str, str]) -> dict[str, Any]:
        given = asdict(self) | {"author": author_ids.get(self.author or "")}
        return {name: value for name, value in given.items() if value is not None}


MODEL = [Made.of(n) for n in range(1, 45)]


async def filled(stack: Stack) -> dict[str, str]:
    """The model as posts; the ids of its authors."""
    await set_blog(stack, time_zone=ZONE.key)
    await stack.imported_posts(*(made.as_import() for made in MODEL))
    listed = await page(stack, POSTS, limit=100, state=["live", "draft", "trashed"])
    return {item["author"]["name"]: item["author"]["id"] for item in listed["items"] if item["author"]}


def newest_first(made: list[Made], *, by_index: bool) -> list[str]:
    """The search index tells seconds apart; the other lists go to the microsecond."""
    order = sorted(
        made, key=lambda one: (one.at.replace(microsecond=0) if by_index else one.at, one.number), reverse=True
    )
    return [str(one.number) for one in order]


def of_model(states: Collection[str], kinds: Collection[str], wanted: Wanted) -> list[Made]:
    return [
        made
        for made in MODEL
        if made.state in states
        and made.kind in kinds
        and wanted.label in (None, *made.labels)
        and wanted.author in (None, made.author)
        and made.is_of(wanted.year, wanted.month)
        and made.has(wanted.q)
    ]


async def test_every_combination_finds_what_the_model_says(stack: Stack) -> None:
    author_ids = await filled(stack)
    months = [(None, None), (2024, None), (2024, 2), (2024, 3)]
    empty = 0
    for one in product([None, "Tide"], [None, "Ann"], months, [None, "harbor", "-ferry"]):
        wanted = Wanted(one[0], one[1], *one[2], one[3])
        params = wanted.params(author_ids)
        expected = of_model({"live"}, {"post"}, wanted)
        listed = ids(await page(stack, limit=100, **params))
        assert listed == newest_first(expected, by_index=bool(wanted.author or wanted.q)), params
        if wanted.q == "harbor" and wanted.year is None:
            assert set(ids(await page(stack, limit=100, order="best", **params))) == set(listed)
        empty += not listed
    assert empty < 20  # of 48


async def test_editors_narrow_by_state_and_kind_as_well(stack: Stack) -> None:
    author_ids = await filled(stack)
    rest = [
        Wanted(),
        Wanted(label="Boats", q="ferry"),
        Wanted(author="Ann", year=2024),
        Wanted("Boats", "Ann", 2024, 3),
    ]
    asked = [*product([[], ["draft", "trashed"]], [[], ["page"]], rest), *product(STATE_LISTS, [["post"]], rest[:1])]
    empty = 0
    for state, kind, wanted in asked:
        expected = of_model(state or ("live", "draft"), kind or ("post", "page"), wanted)
        listed = ids(await page(stack, POSTS, limit=100, state=state, kind=kind, **wanted.params(author_ids)))
        assert listed == newest_first(expected, by_index=True), (state, kind, wanted)
        empty += not listed
    assert empty < 10  # of 20


async def test_months_are_those_of_the_blogs_zone_at_present(stack: Stack) -> None:
    await stack.imported_posts(
        {"source_id": "1", "published": "2024-03-01T02:59:59.999999Z"},
        {"source_id": "2", "published": "2024-03-01T03:00:00Z"},
        {"source_id": "3", "published": "2023-12-31T14:59:59Z"},
        {"source_id": "4", "published": "2023-12-31T15:00:00Z"},
    )
    for zone, february, march, of_2024 in (
        ("UTC", [], ["2", "1"], ["2", "1"]),
        ("America/Sao_Paulo", ["1"], ["2"], ["2", "1"]),
        ("Asia/Tokyo", [], ["2", "1"], ["2", "1", "4"]),
    ):
        await set_blog(stack, time_zone=zone)
        for words in ({}, {"q": "b"}, {"q": "b", "order": "best"}):
            assert set(ids(await page(stack, year=2024, month=2, **words))) == set(february), zone
            assert set(ids(await page(stack, year=2024, month=3, **words))) == set(march)
            assert set(ids(await page(stack, year=2024, **words))) == set(of_2024)
        assert ids(await page(stack, POSTS, year=2024)) == of_2024
