"""The shipped filter tells plain spam from plain ham, and what hides from it from what does not."""

import pytest

from services.comments.domain.filter.example import Example
from services.comments.domain.filter.scoring import HOLD_ABOVE, SPAM_ABOVE, features_of, score, verdict
from services.comments.domain.filter.seed import shipped_seed

SPAM = [
    "Hey guys, please check out my channel and subscribe, I make funny videos!",
    "Make money from home, I earned $3,000 last month, visit http://cash.example/start",
    "Hi, I really like your weblog, the theme is great and loads fast. Which web host are you using?",
    "https://short.example/x9f2",
]
HAM = [
    "I remember this song from when I was little, it still makes me cry.",
    "The second chapter is the best one, she describes the village so well.",
    "I don't think that is right, the bridge was built before the war.",
    "lol the dog at the end",
]


def probability(text: str, name: str | None = None, url: str | None = None) -> float:
    return score(features_of(Example(text, name, url)), {}, shipped_seed())


@pytest.mark.parametrize("text", SPAM)
def test_spam_is_held(text: str) -> None:
    assert verdict(probability(text)) != "live"


@pytest.mark.parametrize("text", HAM)
def test_ham_is_live(text: str) -> None:
    assert verdict(probability(text)) == "live"


@pytest.mark.parametrize(
    "hidden",
    [
        "Please s u b s c r i b e to my channel and check out my videos",
        "Please sub\u200bscr\u200bibe to my chan\u200bnel and check out my videos",
        "Please subs\u0441rib\u0435 to my \u0441hann\u0435l and check out my videos",
        "Please subs\u0336\u0353cri\u0336\u0353be to my channel and check out my videos",
        "Please \uff53\uff55\uff42\uff53\uff43\uff52\uff49\uff42\uff45 to my channel and check out my videos",
        "Please subscribeeeeeee to my channellllllll and check out my videos",
    ],
)
def test_spam_that_hides_its_words_is_held_too(hidden: str) -> None:
    assert verdict(probability(hidden)) != "live"


def test_other_scripts_are_no_trick_by_themselves() -> None:
    assert verdict(probability("Очень красивая песня, слушаю каждый день")) == "live"
    assert verdict(probability("यह गाना बहुत सुंदर है")) == "live"
    assert verdict(probability("👨‍👩‍👧‍👦 ❤️❤️❤️")) == "live"


def test_what_the_author_says_of_themselves_counts() -> None:
    text = "I agree with the last one, thanks for the article."
    assert probability(text, "Cheap Loans", "http://loans.example/now") > 5 * probability(text, "Martha")


def test_verdicts_follow_the_two_thresholds() -> None:
    assert [verdict(value) for value in (0.0, HOLD_ABOVE, SPAM_ABOVE, 1.0)] == ["live", "live", "held", "spam"]
    assert HOLD_ABOVE < SPAM_ABOVE
