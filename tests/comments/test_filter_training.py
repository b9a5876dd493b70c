"""What the filter is trained and judged by: the fit, the rates, and what counts as the same text."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bench.filter.examples import Labelled, labelled, own, with_disguised, without_copies
from bench.filter.fitting import calibrate, fit_weights
from bench.filter.folds import folds
from bench.filter.rates import Scores, above, area, threshold
from services.comments.domain.filter.example import Example

numbers = st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=20)


@given(numbers, numbers)
def test_area_is_the_share_of_pairs_in_the_right_order(ham: list[float], spam: list[float]) -> None:
    right = sum((low < high) + (low == high) / 2 for low in ham for high in spam)
    assert abs(area(Scores(ham, spam)) - right / len(ham) / len(spam)) < 1e-9


@given(numbers, st.floats(0, 0.99))
def test_threshold_holds_no_more_than_the_share_and_no_lower_one_does(ham: list[float], share: float) -> None:
    limit = threshold(Scores(ham, []), share)
    assert above(ham, limit) <= share
    lower = [one for one in ham if one < limit]
    assert not lower or above(ham, max(lower)) > share


def test_calibration_keeps_what_is_right_and_draws_in_what_is_too_sure() -> None:
    sure = Scores([-8.0] * 9 + [8.0], [8.0] * 9 + [-8.0])
    assert 0.2 < calibrate(sure).slope < 0.3
    assert abs(calibrate(sure).start) < 1e-9


def rows() -> list[Labelled]:
    spam = ["check my channel", "Check my channel!!", "subscribe to my page", "visit my page now"]
    ham = ["what a lovely song", "I love the drums", "my brother sings this"]
    texts = [(text, True) for text in spam] + [(text, False) for text in ham]
    return [Labelled(Example(text), is_spam, "AB"[nth % 2]) for nth, (text, is_spam) in enumerate(texts)]


def test_copies_count_once_and_disguises_are_added() -> None:
    assert [one.example.text for one in without_copies(rows())][:2] == ["check my channel", "subscribe to my page"]
    assert len(with_disguised(rows())) == len(rows()) + 1
    assert with_disguised(rows())[-1].example.text != rows()[0].example.text


def test_fit_is_the_same_each_time() -> None:
    assert fit_weights(rows()) == fit_weights(rows())


def test_left_out_sets_are_judged_by_weights_that_never_saw_them() -> None:
    first, second = folds(rows())
    assert (first.name, second.name) == ("A", "B")
    assert first.weights == fit_weights([one for one in rows() if one.group == "B"])
    assert len(first.comments.spam) == 2
    assert len(first.fresh.spam) == 1


def test_files_are_read_as_they_are(tmp_path: Path) -> None:
    comment = {"set": "A", "label": "ham", "text": "one\u2028line", "html": "-", "date": "-"}
    template = {"template": 7, "label": "spam", "text": "two"}
    (tmp_path / "comments.jsonl").write_text(json.dumps(comment, ensure_ascii=False) + "\n", encoding="utf-8")
    (tmp_path / "blog_templates.jsonl").write_text(json.dumps(template) + "\n", encoding="utf-8")
    assert labelled(tmp_path) == [
        Labelled(Example("one\u2028line"), is_spam=False, group="A"),
        Labelled(Example("two"), is_spam=True, group="templates", template=7),
    ]


def test_our_own_samples_are_of_both_kinds_and_all_different() -> None:
    assert {one.is_spam for one in own()} == {True, False}
    assert without_copies(own()) == own()
