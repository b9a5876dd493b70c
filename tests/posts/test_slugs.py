"""Slugs follow the rule that Blogger's own permalinks follow."""

import re
from datetime import date
from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.posts.domain.slugs import page_paths, post_paths, slug

FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Four Knots Worth Knowing by Heart", "four-knots-worth-knowing-by-heart"),
        ("copier/coller", "copiercoller"),
        ("Version 2.3: LOAD_FILE", "version-23-loadfile"),
        ("Streckfuß ªnd \u0131lgaz", "streckfu-nd-lgaz"),
        ("Données numériques à l'été", "donnees-numeriques-lete"),
        ("It's “smart” — isn\u2019t it?", "its-smart-isnt-it"),
        ("C++ & C#", "c-c"),
        ("The end of the road, a story of an end", "the-end-of-road-story-of-end"),
        ("A day", "a-day"),
        ("well-known   -- spaces\t\n tabs", "well-known-spaces-tabs"),
        ("-leading and trailing-", "leading-and-trailing"),
        ("30", "30"),
        ("Привет, мир", "blog-post"),
        ("안녕하세요", "blog-post"),
        ("!!!", "blog-post"),
        ("Ångström Żółć Ελλάδα 5", "angstrom-zoc-5"),
    ],
)
def test_titles_become_slugs(title: str, expected: str) -> None:
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (39, "x" * 30 + "-" + "y" * 8),
        (40, "x" * 30 + "-" + "y" * 9),
        (41, "x" * 30),
        (60, "x" * 30),
    ],
)
def test_long_titles_are_cut_at_a_word(length: int, expected: str) -> None:
    assert slug("x" * 30 + " " + "y" * (length - 31)) == expected


def test_one_long_word_is_cut_hard() -> None:
    assert slug("z" * 90) == "z" * 40


def test_without_a_title_the_body_begins_the_slug() -> None:
    assert slug("  ", "The first words, of a body that goes on and on") == "the-first-words-of-body-that-goes"
    assert slug("", "") == slug("", "Привет") == "blog-post"
    assert slug("Привет", "English body") == "blog-post"


@given(st.text(max_size=120), st.text(max_size=40))
@example("İstanbul'da", "")
def test_slugs_are_short_plain_and_stable(title: str, body: str) -> None:
    made = slug(title, body)
    assert FORM.fullmatch(made)
    assert len(made) <= 40
    assert slug(made) == made
    assert slug(title.lower(), body) == made


@given(st.lists(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), min_size=1, max_size=8))
def test_short_words_are_all_kept_but_articles(words: list[str]) -> None:
    kept = "-".join(word for at, word in enumerate(words) if at == 0 or word not in {"a", "an", "the"})
    made = slug(" ".join(words))
    assert kept.startswith(made)
    assert made == kept or len(kept) > 40


def test_paths_to_try_begin_plainly_and_never_end() -> None:
    tried = list(islice(post_paths("x", date(2024, 2, 9)), 12))
    assert tried[:4] == ["/2024/02/x.html", "/2024/02/x_9.html", "/2024/02/x_1.html", "/2024/02/x_2.html"]
    assert len(set(tried)) == 12
    assert list(islice(page_paths("x"), 3)) == ["/p/x.html", "/p/x_1.html", "/p/x_2.html"]
