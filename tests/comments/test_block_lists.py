"""What a block list finds in a comment, however it is written."""

from ipaddress import ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.comments.domain.block_values import Kind, block_value
from services.comments.domain.blocks import Block, BlockList, reasons
from services.comments.domain.said import Said

WORDS = st.sampled_from(["ab", "ba", "bab", "abc"])  # single letters in a row are one word, spaced out
LABELS = st.sampled_from(["a", "b", "co", "example"])
HOSTS = st.lists(LABELS, min_size=2, max_size=4).map(".".join).filter(lambda host: len(host) > 3)
STEPS = st.lists(LABELS, max_size=3)


def block_list(*blocked: tuple[Kind, str]) -> BlockList:
    return BlockList(Block(at, kind, block_value(kind, value)) for at, (kind, value) in enumerate(blocked, 1))


def finds(kind: Kind, value: str, text: str, *, name: str | None = None, url: str | None = None) -> bool:
    return bool(block_list((kind, value)).matches(Said(text, name, url)))


@pytest.mark.parametrize(
    ("value", "text", "is_found"),
    [
        ("casino", "My CASINO!", True),
        ("casino", "casinos", False),
        ("Free gift-cards", "get free  Gift\ncards.", True),
        ("free gift", "gift free, free the gift", False),
        ("don't", "I don\u2019t", True),
        ("casino", "c a s i n o", True),
        ("casino", "cas\u200bino \u0441\u0430sino", True),  # hidden, and letters of two scripts
        ("caaaasino", "caasino", True),
        ("\uff46ree", "free", True),
        ("casino", "\u0441asin\u043e", True),  # its ends are Cyrillic
        ("赌博", "在线赌博网站", True),
        ("赌博", "博赌", False),
        ("พนัน", "เว็บพนันออนไลน์", True),
        ("iphone手机", "buy iphone手机!", True),
        ("कॉल", "कॉल", True),
        ("कॉ", "कॉल", False),
    ],
)
def test_words(value: str, text: str, *, is_found: bool) -> None:
    assert finds("word", value, text) is is_found
    assert finds("word", value, "Nothing.", name=text[:100]) is is_found


def test_words_are_not_looked_for_across_text_and_name() -> None:
    assert not finds("word", "free gift", "It is free", name="gift")


@pytest.mark.parametrize(
    ("value", "text", "is_found"),
    [
        ("https://www.Spam.example/", "see http://spam.example/x", True),
        ("spam.example", "WWW.SPAM.EXAMPLE.", True),
        ("spam.example", "https://deep.er.spam.example:8080?x", True),
        ("spam.example", "https://notspam.example", False),
        ("spam.example", "spam.example.org", False),
        ("er.spam.example", "spam.example", False),
        ("spam.example", "[x](http://spam&#46;example)", True),
        ("spam.example", "http://spam%2Eexample", True),
        ("spam.example", "http://spam\\.example", True),
        ("spam.example", "http://good.example@spam.example\\x", True),
        ("spam.example", "http://good.example/?to=http://spam.example", True),
        ("spam.example", "http://spam\u3002exa\u00admple", True),
        ("spam.example", "\uff53pam\uff0eexample", True),
        ("пример.рф", "http://xn--e1afmkfd.xn--p1ai/", True),
        ("xn--e1afmkfd.xn--p1ai", "http://ПРИМЕР.рф/", True),
        ("straße.example", "https://strasse.example", True),
        ("i\u2764.example", "http://i\u2764.example", True),
        ("spam.example", "请看spam.example吧", True),
        ("spam.example", "«spam.example», “spam.example।", True),
        ("spam.example", "\u00fcspam.example", False),
        ("t.me/Spam", "http://t.me/spam", True),
        ("t.me/spam", "https://t.me:443//./x/../spam/2?y), more", True),
        ("t.me/spam", "at t.me/spam.", True),
        ("t.me/spam", "https://t.me" + "/." * 9 + "//spam", True),
        ("t.me/spam", "https://t.me/spammer", False),
        ("t.me/spam", "https://t.me/x/spam", False),
        ("t.me/spam", "t.me", False),
    ],
)
def test_links(value: str, text: str, *, is_found: bool) -> None:
    assert finds("link", value, text) is is_found
    assert finds("link", value, "Nothing.", name=text) is is_found
    if text.startswith("http"):
        assert finds("link", value, "Nothing.", url=text) is is_found


@pytest.mark.parametrize(
    ("value", "address", "is_found"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.9/24", "203.0.113.200", True),
        ("203.0.113.0/24", "::ffff:203.0.113.200", True),
        ("::ffff:203.0.113.0/120", "203.0.113.200", True),
        ("2001:db8::/32", "2001:db8:ffff::1", True),
        ("2001:db8::/32", "2001:db9::1", False),
        ("32.0.0.0/8", "2001:db8::1", False),
    ],
)
def test_addresses(value: str, address: str, *, is_found: bool) -> None:
    found = block_list(("address", value)).matches(Said("x", None, None), ip_address(address))
    assert bool(found) is is_found


def test_hashes_of_addresses() -> None:
    blocked = block_list(("address", "9f2c41d07be853a6"))
    comment = Said("x", None, None)
    assert [one.block_id for one in blocked.matches(comment, None, ["other", "9f2c41d07be853a6"])] == [1]
    assert blocked.matches(comment, None, ["9f2c41d07be853a7"]) == []


def test_what_is_said_is_read_only_as_far_as_it_matters() -> None:
    """In a transaction, where most blogs block nothing."""
    blocked: dict[tuple[tuple[Kind, str], ...], set[str]] = {
        (("address", "203.0.113.7"),): set(),
        (("word", "x"),): {"words", "places"},
        (("link", "a.example"),): {"linked", "hosts"},
    }
    for blocks, read in blocked.items():
        comment = Said("A text", "Ann", None)
        block_list(*blocks).matches(comment, ip_address("203.0.113.7"))
        assert vars(comment).keys() - {"text", "author_name", "author_url"} == read


def test_reasons_tell_words_and_links_and_no_address() -> None:
    blocked = block_list(("word", "free gift"), ("word", "x"), ("link", "a.example"), ("address", "203.0.113.0/24"))
    comment = Said("x: a free gift, x, x at a.example", None, None)
    found = blocked.matches(comment, ip_address("203.0.113.7"))
    assert reasons(found) == (
        "It has the blocked words “free gift”.",
        "It has the blocked word “x”.",
        "It has the blocked link “a.example”.",
    )
    assert reasons(found[3:]) == ("It comes from a blocked address.",)
    assert reasons([]) == ()


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("word", " Free   Gift-Cards ", "free gift cards"),
        ("word", "赌 博", "赌博"),
        ("link", "//www.Пример.рф/", "xn--e1afmkfd.xn--p1ai"),
        ("link", "T.me/Spam//", "t.me/spam"),
        ("address", "203.0.113.9/24", "203.0.113.0/24"),
        ("address", "203.0.113.9/32", "203.0.113.9"),
        ("address", "2001:DB8:0::1", "2001:db8::1"),
    ],
)
def test_values_have_one_form(kind: Kind, value: str, kept: str) -> None:
    assert block_value(kind, value) == kept == block_value(kind, kept)


REFUSED: list[tuple[Kind, str]] = [
    *(("word", value) for value in ("c++", "!!!", "a, b", "\u200b", "ab " * 13, "xy" * 51)),
    *(("link", value) for value in ("spam", "a b.example", "u@spam.example", "spam.example:80", "[::1]", "a..example")),
    *(
        ("link", value)
        for value in ("t.me/a?b", "t.me/a#b", "t.me/" + "a/" * 9, "ftp://spam.example", "x" * 64 + ".example")
    ),
    *(("address", value) for value in ("10.0.0.0/7", "0.0.0.0/0", "2001::/15", "::ffff:0:0/96", "fe80::1%eth0", "a")),
    *(("address", value) for value in ("203.0.113.7.8", "2130706433", "x" * 65, "has spaces in it!")),
]


@pytest.mark.parametrize(("kind", "value"), REFUSED)
def test_what_cannot_be_blocked_is_refused(kind: Kind, value: str) -> None:
    with pytest.raises(ValueError, match=r"^must be "):
        block_value(kind, value)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), max_size=6), st.lists(WORDS, max_size=12))
def test_words_are_found_as_by_going_through_them(blocked: list[list[str]], text: list[str]) -> None:
    values = sorted({" ".join(words) for words in blocked})
    found = block_list(*(("word", value) for value in values)).matches(Said(" ".join(text), None, None))
    assert sorted(block.value for block in found) == [
        value for value in values if f" {value} " in f" {' '.join(text)} "
    ]


@given(st.lists(st.tuples(HOSTS, STEPS), max_size=6), st.lists(st.tuples(HOSTS, STEPS), max_size=4))
def test_links_are_found_as_by_going_through_them(
    blocked: list[tuple[str, list[str]]], links: list[tuple[str, list[str]]]
) -> None:
    """Labels from the end, steps of the path from the start."""
    text = " ".join("https://" + "/".join([host, *steps]) for host, steps in links)
    values = sorted({"/".join([host, *steps]) for host, steps in blocked})
    # what stands in a path is found like any other host, but here it has no dot
    expected = [
        value
        for value in values
        for host, *steps in [value.split("/")]
        if any(f".{linked}".endswith(f".{host}") and path[: len(steps)] == steps for linked, path in links)
    ]
    found = block_list(*(("link", value) for value in values)).matches(Said(text, None, None))
    assert sorted(block.value for block in found) == expected


@given(st.text(max_size=300), st.sampled_from(["word", "link", "address"]))
@example("0.¡", "link")
def test_any_text_is_blocked_in_one_form_or_refused(text: str, kind: Kind) -> None:
    """And may be written by anybody."""
    written = Said(text, text, text)
    try:
        value = block_value(kind, text)
    except ValueError:
        return
    assert block_value(kind, value) == value
    if kind != "address":
        assert BlockList([Block(1, kind, value)]).matches(written)
