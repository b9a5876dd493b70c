"""Edits that are refused: each says which member is wrong, and nothing is changed."""

from tests.posts.editing import patched, read, refused, send
from tests.stack import Stack


async def test_refused_edits_name_the_place_and_change_nothing(stack: Stack) -> None:
    post = await stack.post()
    place = f"posts/{post['id']}"
    for given, pointer in (
        ({"nope": 1}, "/nope"),
        ({"title": "T", "a/b~c": 1}, "/a~1b~0c"),
        ({"kind": "page"}, "/kind"),
        ({"title": None}, "/title"),
        ({"title": "x" * 501}, "/title"),
        ({"state": None}, "/state"),
        ({"state": "scheduled"}, "/state"),
        ({"labels": ["ok", " "]}, "/labels/1"),
        ({"labels": None}, "/labels"),
        ({"published": "2024-01-01T00:00:00"}, "/published"),
        ({"published": None}, "/published"),
        ({"author_id": "x"}, "/author_id"),
        ({"path": "/api/x"}, "/path"),
        ({"comment_policy": "maybe"}, "/comment_policy"),
        ({"related_links": [{"headline": "H", "url": "javascript:x"}]}, "/related_links/0/url"),
        ({"related_links": [{"headline": "H"}]}, "/related_links/0"),
        ({"body_html": "x", "body_markdown": "x"}, ""),
        ({"body_html": "<div>" * 300}, "/body_html"),
        ({}, ""),
    ):
        assert refused(await send(stack, "PATCH", place, given), 422, "invalid") == [pointer], given
    assert refused(await send(stack, "PATCH", place, {"path": None}), 422, "invalid")
    assert await read(stack, place) == post
    assert (await patched(stack, post, title="Else"))["title"] == "Else"
    gone = await send(stack, "PATCH", "posts/1", {"title": "T"}, tag="*")
    refused(gone, 404, "not-found")
