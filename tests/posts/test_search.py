"""Searches find posts by what they say and by who and what they are named after, and show why."""

from typing import Any

from tests.gateway.reading import assert_problem
from tests.posts.listing import ARTICLES, author, found, page, titles
from tests.stack import Stack

POSTS = {
    "Harbor lights": ("The old ferry leaves at dawn.", ["Tide", "Two Words"]),
    "Night ferry": ("Lights on the harbor wall.", ["Boats"]),
    "Knots": ("A bowline holds; the harbor, old as it is, does not.", ["Tide"]),
    "Two tides": ("Words about two boats.", []),
}
QUERIES = {
    "harbor": {"Harbor lights", "Night ferry", "Knots"},
    "HARBOR Lights": {"Harbor lights", "Night ferry"},
    '"harbor lights"': {"Harbor lights"},
    '"lights the"': set(),  # no phrase reaches from the title into the body
    '"lights harbor"': set(),
    '"harbor wall"': {"Night ferry"},
    "harbor-wall": {"Night ferry"},
    '"the harbor old"': {"Knots"},
    '"old ferry': {"Harbor lights"},
    'old ferry"': {"Harbor lights"},
    '"" old': {"Harbor lights", "Knots"},
    "harb": set(),
    "harbor -ferry": {"Knots"},
    'harbor -"harbor wall"': {"Harbor lights", "Knots"},
    "-harbor": {"Two tides"},
    "-harbor -boats": set(),
    "-label:Tide": {"Night ferry", "Two tides"},
    "bowline OR dawn": {"Harbor lights", "Knots"},
    "bowline|dawn": {"Harbor lights", "Knots"},
    "bowline or dawn": set(),
    "harbor bowline OR wall": {"Night ferry", "Knots"},
    "OR harbor OR": {"Harbor lights", "Night ferry", "Knots"},
    "tide": {"Harbor lights", "Knots"},  # by a label's name
    "words": {"Harbor lights", "Two tides"},
    '"two words"': {"Harbor lights"},
    "boats": {"Night ferry", "Two tides"},
    "-tide": {"Night ferry", "Two tides"},
    "label:Tide": {"Harbor lights", "Knots"},
    "label:tide": set(),
    'label:"Two Words"': {"Harbor lights"},
    "label:Two": set(),
    "label:Tide|label:Boats": {"Harbor lights", "Night ferry", "Knots"},
    "label:Tide label:Boats": set(),
    "label:Tide -bowline": {"Harbor lights"},
    "label:None OR bowline": {"Knots"},
    "bowline -label:None": {"Knots"},
    "bowline label:None": set(),
    "title:harbor": set(),
    "harbor AND lights": set(),
    "harbor*": {"Harbor lights", "Night ferry", "Knots"},
    "marsh": {"Knots", "Two tides"},  # by an author's name
    '"marsh tobin"': {"Knots", "Two tides"},
    "tobin harbor": {"Knots"},
    "-marsh": {"Harbor lights", "Night ferry"},
}


async def test_queries_find_what_they_mean(stack: Stack) -> None:
    tobin = await author(stack, "Tobin Marsh")
    for number, (title, (body, labels)) in enumerate(POSTS.items()):
        by = tobin if title in QUERIES["marsh"] else None
        at = f"2024-01-0{number + 1}T00:00:00Z"
        await stack.post(title=title, body_html=f"<p>{body}</p>", labels=labels, author_id=by, published=at)
    for number, (query, expected) in enumerate(QUERIES.items()):
        newest = await titles(stack, query)
        assert newest == [title for title in reversed(POSTS) if title in expected], query
        if number % 3 == 0:
            assert set(await titles(stack, query, order="best")) == expected, query


async def test_best_puts_first_what_has_all_of_it_in_title_and_names(stack: Stack) -> None:
    made = {
        "Harbor": ([], "sea"),
        "By label": (["Harbor"], "sea"),
        "Text": ([], "harbor harbor sea"),
        "Harbor wind": ([], "harbor"),
        "Not at all": ([], "wind"),
        "Late": ([], "sea " * 100 + "harbor"),
        "Sea harbor": ([], "harbor sea"),
    }
    for day, (title, (labels, body)) in enumerate(made.items(), 1):
        at = f"2024-01-0{day}T00:00:00Z"
        await stack.post(title=title, labels=labels, body_html=f"<p>{body}</p>", published=at)
    for query, best in (
        ("harbor", ["Sea harbor", "Harbor wind", "By label", "Harbor", "Late", "Text"]),
        ("harbor sea", ["Sea harbor", "Late", "Text", "By label", "Harbor"]),
        ("harbor OR wind", ["Sea harbor", "Harbor wind", "By label", "Harbor", "Late", "Not at all", "Text"]),
        ('"harbor sea"', ["Sea harbor", "Text"]),
        ('"sea harbor"', ["Sea harbor", "Late"]),
        ("harbor -sea", ["Harbor wind"]),
        ("-harbor", ["Not at all"]),
    ):
        assert await titles(stack, query, order="best") == best, query
        assert await titles(stack, query) == [title for title in reversed(made) if title in best]
    assert await titles(stack, "", order="best") == await titles(stack, "")  # nothing to rank by


async def snippet_of(stack: Stack, body_html: str, query: str) -> list[dict[str, Any]]:
    await stack.post(title="Snippet", body_html=body_html)
    fragments: list[dict[str, Any]] = (await page(stack, q=query))["items"][0]["snippet"]
    return fragments


async def test_snippets_mark_what_was_found_and_are_text(stack: Stack) -> None:
    body = "<h2>Dock</h2><p>An <em>old</em> harbor &lt;b&gt;&amp;lt;i&gt; café</p><img src='/y' alt='dock'>"
    text = "Dock An old harbor <b>&lt;i> café"
    for query, marked in (
        ("harbor", ["harbor"]),
        ('"OLD harbor" OR missing', ["old harbor"]),
        ("cafe -missing dock", ["Dock", "café"]),
        ("snippet", []),
        ("label:None OR old", ["old"]),
    ):
        fragments = await snippet_of(stack, body, query)
        assert "".join(one["text"] for one in fragments) == text, query
        assert [one["text"] for one in fragments if one["is_match"]] == marked
    assert (await page(stack, q="-missing"))["items"][0]["snippet"] is None


async def test_snippets_of_long_texts_are_cut_at_words_around_the_match(stack: Stack) -> None:
    words = "<p>" + "lantern " * 100 + "the <b>keel</b> of it" + " lantern" * 100 + "</p>"
    fragments = await snippet_of(stack, words, "keel")
    text = "".join(one["text"] for one in fragments)
    assert (text[0], text[-1], [one["text"] for one in fragments if one["is_match"]]) == ("…", "…", ["keel"])
    assert len(text) <= 200
    assert set(text.strip("…").split()) == {"lantern", "the", "keel", "of", "it"}
    link = '<p><a href="https://x.example/' + "y" * 80 + '">buoy</a></p>'
    late = await snippet_of(stack, link * 100 + "<p>oar</p>", "oar")  # far behind what snippets are taken from
    assert [one["is_match"] for one in late] == [False]
    assert set("".join(one["text"] for one in late).strip("…").split()) == {"buoy"}


async def test_too_much_and_nothing_to_look_for_are_refused_with_a_reason(stack: Stack) -> None:
    await stack.post(title="word " * 16)
    assert len(await found(stack, "word " * 16)) == len(await found(stack, " " * 150 + "word" + " " * 146)) == 1
    for query, reason in (
        ("word " * 17, "A search has at most 16 words or phrases."),
        ("-word " * 17, "A search has at most 16 words or phrases."),
        (" " * 150 + "word" + " " * 147, "A search has at most 300 characters."),
        ("!?", "There is no word in it to look for."),
        ('-"" OR | "', "There is no word in it to look for."),
    ):
        answer = await stack.reader.get(ARTICLES, params={"q": query})
        assert_problem(answer, 422, "invalid")
        assert answer.json()["errors"] == [{"parameter": "q", "detail": reason}]
