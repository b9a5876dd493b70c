"""What a moderator reads beside a score."""

from services.comments.domain.filter.example import Example
from services.comments.domain.filter.explanation import Explanation, explain
from services.comments.domain.filter.learning import learn
from services.comments.domain.filter.scoring import features_of
from services.comments.domain.filter.seed import shipped_seed

NOTHING_LEARNT: dict[int, float] = {}


def explained(one: Example, changes: dict[int, float] = NOTHING_LEARNT, most: int = 8) -> Explanation:
    return explain(features_of(one), changes, shipped_seed(), most=most)


def test_reasons_are_words_with_the_strongest_first() -> None:
    told = explained(Example("Please subscribe to my channel http://a.example/x"), most=100)
    pushes = [abs(reason.push) for reason in told.reasons]
    assert pushes == sorted(pushes, reverse=True)
    says = {reason.says: reason.push for reason in told.reasons}
    assert says["a link"] > 0
    assert says["a call to act"] > 0
    assert "the word “channel”" in says
    assert "the words “[me and mine] [a place of one's own]”" in says
    assert "me and mine, then a place of one's own" in says


def test_tricks_are_named() -> None:
    told = explained(Example("sub\u200bscribe and \u0441hannel and c\u0336\u0353lick"), most=100)
    says = {reason.says for reason in told.reasons}
    assert {"invisible characters inside words", "letters of two scripts in one word", "stacked marks"} <= says


def test_what_was_learnt_is_told() -> None:
    one = Example("zymurgy", "Quentin", "https://brew.example/")
    before = {reason.says: reason.push for reason in explained(one, most=100).reasons}
    changes = learn({}, features_of(one), shipped_seed(), is_spam=True)
    after = {reason.says: reason.push for reason in explained(one, changes, most=100).reasons}
    for says in ("the word “zymurgy”", "“quentin” in the name", "a link to brew.example"):
        assert after[says] > before.get(says, 0.0)


def test_only_so_many_reasons_are_told() -> None:
    assert len(explained(Example("Please subscribe to my channel"), most=3).reasons) == 3
    assert explained(Example("Please subscribe to my channel"), most=0).reasons == ()
