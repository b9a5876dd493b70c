"""Threads are read depth first, replies oldest first, as a simple recursion would tell them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.comments.domain.thread_order import MAX_DEPTH, Place, place

START = datetime(2022, 1, 1, tzinfo=UTC)
Tree = dict[int, tuple[int | None, datetime]]
"""Comments by id: what each answers, and when it was published."""


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Any shape; times repeat, and replies may be older than what they answer."""
    tree: Tree = {}
    for number in draw(st.lists(st.integers(1, 2**32 - 1), max_size=15, unique=True)):
        parent = draw(st.none() | st.sampled_from(sorted(tree))) if tree else None
        tree[number] = (parent, START + timedelta(microseconds=draw(st.integers(0, 3))))
    return tree


def placed(tree: Tree) -> dict[int, Place]:
    places: dict[int, Place] = {}
    for number, (parent, at) in tree.items():
        places[number] = place(places[parent] if parent is not None else None, at, number)
    return places


def told(tree: Tree, parent: int | None = None, depth: int = 0) -> list[tuple[int, int]]:
    """Id and depth in the order of reading."""
    answers = sorted((at, number) for number, (answered, at) in tree.items() if answered == parent)
    order = []
    for _, number in answers:
        order += [(number, depth), *told(tree, number, depth + 1)]
    return order


@given(trees())
def test_keys_sort_as_a_recursion_tells(tree: Tree) -> None:
    places = placed(tree)
    by_key = sorted(places, key=lambda number: places[number].order_key)
    assert [(number, places[number].depth) for number in by_key] == told(tree)
    assert len({one.order_key for one in places.values()}) == len(tree)


@given(st.integers(1, 200), st.integers(0, 300))
def test_depth_is_capped_and_keys_stay_short(length: int, answered: int) -> None:
    """Below the cap comments stand side by side, oldest first, still below what they answer."""
    chain: Tree = {n + 1: (n or None, START + timedelta(seconds=n)) for n in range(length)}
    late = length + 1
    chain[late] = (min(answered, length) or None, START + timedelta(days=1))
    places = placed(chain)
    assert [places[n + 1].depth for n in range(length)] == [min(n, MAX_DEPTH) for n in range(length)]
    assert max(len(one.order_key) for one in places.values()) <= (MAX_DEPTH + 1) * 12
    by_key = sorted(places, key=lambda number: places[number].order_key)
    assert by_key == [*range(1, length + 1), late]


def test_times_before_1970_and_large_ids_have_a_place() -> None:
    old = place(None, datetime(1969, 7, 20, tzinfo=UTC), 1)
    first = place(None, datetime(1970, 1, 1, tzinfo=UTC), 2)
    large = place(old, START, 2**63 - 1)
    assert old.order_key < large.order_key < first.order_key
    assert len(old.order_key) * 2 == len(large.order_key)
