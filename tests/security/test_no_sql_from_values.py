"""No statement is built from values: hostile strings in every parameter are data."""

from typing import Final

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.posts.queries.articles import live_article_by_path
from services.posts.tables import posts
from tests.security.bodies import body_of, send, with_body, write_operations
from tests.security.inside import database_of, leaves, replaced
from tests.security.surfaces import JSON, addresses
from tests.security.things import article, new_things
from tests.stack import PUBLIC_URL, Stack

HOSTILE: Final = [
    "'; DROP TABLE posts;--",
    "x' OR '1'='1\" \\",
    "a\0b",
    "%_:name$1?{0}\\'",
]
TOGETHER: Final = ["".join(one for one in HOSTILE if "\0" not in one), "a\0b"]
"""What is taken as text, at once; what no text may have."""
SEARCHES: Final = [
    *"\" ' '' \\ \\' \"\"\" \u201c\u201d a\"b\"c 'a':* a:* a:ABCD || !a !!a (a a) ((((a () a: :a a* ^a - --a".split(),
    *"-OR OR NOT title:a {title}:a {title:a -{title}:a rowid:1 search_index label: label:\" label:' -label:".split(),
    *"label:label:a \u00b7livepost \u00b7draftpost \u00b7l1 \u00b7a1 % _ $1 :match {0} \u202ea \ufffe".split(),
    *"\U0010ffff \u65e5\u672c\u8a9e'\"".split(),
    *(
        "\"a' b\\",
        "a & b",
        "a | b",
        "| | |",
        "! a",
        "a <-> b",
        "a <2> b",
        "* a",
        "OR OR OR",
        "a OR",
        "a NOT b",
        "a AND",
    ),
    *("NEAR(a b, 5)", "AND OR NOT", "{title} : a", "{title tags}:a", "a + b", "\u00b7l1 \u00b7a1", "a\0b", "\0"),
    *("e\u0301" * 50, "a" * 300, "a " * 16, "a " * 17, '"' * 300, "(" * 300, "-" * 300, "\u65e5" * 300),
]
"""Quotes of every kind, and what means something to FTS5 and to tsquery."""


async def test_hostile_strings_in_what_is_read(stack: Stack) -> None:
    """By readers and by editors, in every parameter."""
    things = await new_things(stack)
    post_id = things.ids["post_id"]
    ids = ("comment_id", "article_id", "post_id", "author_id", "author", "label_id", "version")
    names = (
        "cursor comments comments_cursor reply_to path limit order label year month include unused state kind to "
        "length max-results alt author_name comment posted proof token address before after "
        "comments_order show_comment showComment explain"
    ).split()
    values = dict.fromkeys(names, TOGETHER) | {name: [things.ids.get(name, "1"), *TOGETHER] for name in ids}
    values |= {"q": [*HOSTILE, *SEARCHES[:2]], "limit": HOSTILE[:1], "order": HOSTILE[:1], "include": HOSTILE[:1]}
    found = addresses(stack.gateway, values | {"year": ["2022", *HOSTILE[:1]], "month": ["1", *HOSTILE[:1]]})
    assert len(found) > 300

    for client in (stack.reader, stack.operator):
        read = [await client.get(address, headers=JSON) for address in found]
        assert [(str(one.url), one.status_code) for one in read if one.status_code >= 500] == []
    await _assert_whole(stack, post_id)


async def test_every_search_is_words(stack: Stack) -> None:
    """What a search engine would take for its own language finds what it says, no more; the control finds a word."""
    hidden = await stack.post(title="hiddenword", state="draft")
    shown = await stack.post(title="shownword", labels=['it\'s "quoted" \\'])
    for search in SEARCHES:
        for order in ("newest", "best"):
            answer = await stack.reader.get("/api/v1/articles", params={"q": search, "order": order})
            assert answer.status_code in {200, 422}, (search, answer.text)
            found = [one["id"] for one in answer.json().get("items", [])]
            assert hidden["id"] not in found
            narrowed = {"q": f"shownword {search}", "order": order}
            for address in ("/api/v1/articles", "/search" if order == "newest" else "/api/v1/posts"):
                answer = await stack.operator.get(address, params=narrowed)
                assert answer.status_code in {200, 422}, (address, search, answer.text)
    for search in ("shownword", 'label:"it\'s"', "-hiddenword", "-livepost"):
        found = (await stack.reader.get("/api/v1/articles", params={"q": search})).json()["items"]
        assert ([one["id"] for one in found] == [shown["id"]]) is ("label" not in search), search
    for name in ('it\'s "quoted" \\', "x' OR '1'='1"):
        found = (await stack.reader.get("/api/v1/articles", params={"label": name})).json()["items"]
        assert len(found) == (name != "x' OR '1'='1")


async def test_hostile_strings_in_what_is_written(stack: Stack) -> None:
    """Each in every string of every body, one string at a time."""
    failed = []
    for operation in write_operations(stack.gateway):
        things = await new_things(stack, operation)
        right = await send(stack.operator, operation, things, body_of(operation, things))
        assert right.status_code < 400, (operation, right.text, "the control: the body is right")
        if not with_body(operation):
            continue
        things = await new_things(stack, operation)
        body = body_of(operation, things)
        for leaf in leaves(body):
            for value in TOGETHER:
                answer = await send(stack.operator, operation, things, replaced(body, leaf, value))
                if answer.status_code >= 500:
                    failed.append((operation, leaf, value, answer.status_code))
        await _assert_whole(stack, await article(stack))
    for value in HOSTILE:
        key = value.encode("ascii").replace(b"\0", b"")
        answer = await stack.reader.post(
            "/api/v1/keys", json={"scopes": ["posts:write"]}, headers={b"Authorization": b"Bearer " + key}
        )
        assert answer.status_code == 401
    assert failed == []


async def test_hostile_strings_in_headers_that_are_kept_or_compared(stack: Stack) -> None:
    """The control sends what is right."""
    new = {"title": "T", "body_html": "b"}
    post_id = await article(stack)
    for value in (*(one.replace("\0", "") for one in HOSTILE), '"', "W/*", "," * 900, "x" * 256):
        header = {"Idempotency-Key": value}
        assert (await stack.operator.post("/api/v1/posts", json=new, headers=header)).status_code in {201, 422}, value
        tag = {"If-Match": value}
        changed = await stack.operator.patch(f"/api/v1/posts/{post_id}", json={"title": "X"}, headers=tag)
        assert changed.status_code in {412, 422}, value
    assert (await stack.operator.patch(f"/api/v1/posts/{post_id}", json=new, headers={"If-Match": "*"})).is_success
    await _assert_whole(stack, post_id)


async def _assert_whole(stack: Stack, post_id: str) -> None:
    async with database_of(stack, "posts").read() as reads:
        assert (await reads.execute(select(posts.c.id).where(posts.c.id == int(post_id)))).scalar_one() == int(post_id)
    page = await stack.reader.get(f"{PUBLIC_URL}/api/v1/articles/{post_id}")
    assert page.status_code == 200
    assert page.json()["comments"]["status"] == "open"


async def test_control_a_statement_built_from_the_value_means_something_else(stack: Stack) -> None:
    """The same database, the same value: bound it finds nothing, written into the text it changes the question."""
    await stack.post(title="Found")
    value = "x' OR '1'='1"

    async with database_of(stack, "posts").read() as reads:
        assert await live_article_by_path(reads, value) is None
        built = await reads.execute(text(f"SELECT title FROM posts WHERE path = '{value}'"))  # noqa: S608 the control
        assert built.scalars().all() == ["Found"]
    async with database_of(stack, "posts").read() as reads:
        with pytest.raises(DBAPIError):
            await reads.execute(text(f"SELECT title FROM posts WHERE path = '{HOSTILE[0]}"))  # noqa: S608 the same
