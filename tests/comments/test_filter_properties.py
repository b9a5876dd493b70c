"""Whatever text comes: a score between 0 and 1, bounded features, an explanation that adds up, learning that works."""

from itertools import combinations, product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from services.comments.domain.filter import signs
from services.comments.domain.filter.example import Example
from services.comments.domain.filter.explanation import explain
from services.comments.domain.filter.features import BUCKETS, blocks_of
from services.comments.domain.filter.folding import MAX_CHARS, fold
from services.comments.domain.filter.learning import MAX_CHANGE, learn
from services.comments.domain.filter.lexicon import classes_by_word
from services.comments.domain.filter.scoring import SLOTS, features_of, log_odds, score
from services.comments.domain.filter.seed import shipped_seed

MAX_BLOCKS = 40
MAX_SLOTS = 300
HOSTILE = [
    "a" * MAX_CHARS,
    "\u0301\u0316" * 2500,
    "e\u0301\u0316\u0300" * 1250,
    "\u202ea\u200b" * 1700,
    "\0\ud800" * 2500,
    "\ufdfa" * MAX_CHARS,
    "subscribe my " * 400,
    "a.com " * 830,
    "a@a" * 1700,
    "1-" * 2500,
    "а b" * 1700,  # noqa: RUF001  (Cyrillic beside Latin)
    " ".join(map(hex, range(1000))),
]
words = st.sampled_from("please check my channel http://a.example/x love this song http:// www. a@b.c $9 ❤️ é".split())
texts = st.text(max_size=200) | st.lists(words, max_size=40).map(" ".join)
characters = st.characters(exclude_categories=())  # lone surrogates too
examples = st.builds(
    Example,
    texts | st.text(characters, max_size=50),
    st.none() | st.text(characters, max_size=120),
    st.none() | st.sampled_from(["https://a.example/", "http://b.example?x"]) | st.text(max_size=50),
)
few = settings(max_examples=40, deadline=None)  # a busy machine is no error
slots = st.dictionaries(st.integers(0, SLOTS - 1), st.floats(-MAX_CHANGE, MAX_CHANGE), max_size=30)


@few
@given(examples, slots)
def test_score_is_a_probability_and_always_the_same(one: Example, changes: dict[int, float]) -> None:
    value = score(features_of(one), changes, shipped_seed())
    assert 0 < value < 1
    assert value == score(features_of(one), changes, shipped_seed())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_judged_and_have_few_features(text: str) -> None:
    features = features_of(Example(text, text, text))
    learnt = learn({}, features, shipped_seed(), is_spam=True)
    assert score(features, {}, shipped_seed()) < explain(features, learnt, shipped_seed()).probability
    names = [len(block.names) for block, _ in features.blocks]
    assert len(names) <= MAX_BLOCKS
    assert sum(names) <= 2 * MAX_CHARS
    assert len(features.slots) <= MAX_SLOTS
    assert len(fold(text).text) <= MAX_CHARS


@few
@given(examples)
def test_features_are_bounded(one: Example) -> None:
    features = features_of(one)
    assert all(0 <= bucket < BUCKETS for _, buckets in features.blocks for bucket in buckets)
    assert all(0 < block.value <= 2 for block, _ in features.blocks)
    assert len(features.slots) <= MAX_SLOTS
    assert all(0 <= slot < SLOTS for slot in features.slots)


@given(st.text(st.characters(codec="ascii")))
def test_letters_of_ascii_are_counted_as_others_are(text: str) -> None:
    assert signs._letters_and_capitals(text) == (sum(map(str.isalpha, text)), sum(map(str.isupper, text)))


@few
@given(st.lists(st.sampled_from(["please", "check", "my", "song", "blog", "post", "boat"]), max_size=12))
def test_classes_make_pairs_with_those_of_the_next_three_words(said: list[str]) -> None:
    classes = [classes_by_word().get(word.encode(), ()) for word in said]
    near = [(classes[one], classes[other]) for one, other in combinations(range(len(said)), 2) if other - one <= 3]
    expected = {first + b", then " + second for pair in near for first, second in product(*pair)}
    found = [name for block in blocks_of(Example(" ".join(said))) if block.kind == "classes" for name in block.names]
    assert sorted(found) == sorted(expected)


@few
@given(examples, slots)
def test_explanation_adds_up_to_the_score(one: Example, changes: dict[int, float]) -> None:
    features = features_of(one)
    told = explain(features, changes, shipped_seed(), most=5)
    assert len(told.reasons) <= 5
    total = sum(reason.push for reason in told.reasons) + told.rest
    assert total == pytest.approx(log_odds(features, changes, shipped_seed()), abs=1e-6)
    assert told.probability == pytest.approx(score(features, changes, shipped_seed()), abs=1e-6)


@few
@given(examples, slots, st.booleans())
@example(Example(""), {}, True)
def test_decision_moves_the_score_of_its_comment(one: Example, changes: dict[int, float], is_spam: bool) -> None:
    features = features_of(one)
    before = score(features, changes, shipped_seed())
    assume(1e-6 < before < 1 - 1e-6)  # nearer, there is nothing left to learn that a float could tell
    learnt = learn(changes, features, shipped_seed(), is_spam=is_spam)
    assert set(learnt) == set(features.slots)
    assert all(abs(change) <= MAX_CHANGE for change in learnt.values())
    at_the_end = all(abs(changes.get(slot, 0.0)) == MAX_CHANGE for slot in learnt)
    after = score(features, {**changes, **learnt}, shipped_seed())
    assert at_the_end or (after > before if is_spam else after < before)


@few
@given(examples, slots, st.booleans())
def test_decision_moves_a_score_by_a_bounded_step(one: Example, changes: dict[int, float], is_spam: bool) -> None:
    features = features_of(one)
    learnt = learn(changes, features, shipped_seed(), is_spam=is_spam)
    moved = log_odds(features, {**changes, **learnt}, shipped_seed()) - log_odds(features, changes, shipped_seed())
    assert abs(moved) <= 1 + 1e-6


def test_decisions_may_overrule_the_seed() -> None:
    features = features_of(Example("Please subscribe to my channel: http://a.example"))
    changes: dict[int, float] = {}
    assert score(features, changes, shipped_seed()) > 0.9
    for _ in range(200):
        changes |= learn(changes, features, shipped_seed(), is_spam=False)
    assert score(features, changes, shipped_seed()) < 0.2
