"""Lists for readers: of a label, with bodies, in the sizes that were asked for."""

from tests.gateway.reading import assert_problem
from tests.posts.listing import ARTICLES, POSTS, author, ids, page, set_blog
from tests.stack import Stack


async def test_label_list_has_the_live_posts_of_the_label(stack: Stack) -> None:
    name = "C++ & Ü/日本? 100%"
    blank = {"labels": [name]}
    await stack.imported_posts(
        blank | {"source_id": "1", "published": "2022-01-01T00:00:00Z"},
        blank | {"source_id": "2", "published": "2022-01-03T00:00:00Z", "labels": ["other", name]},
        {"source_id": "3", "labels": ["other"]},
        blank | {"source_id": "4", "kind": "page"},
        blank | {"source_id": "5", "state": "draft"},
        blank | {"source_id": "6", "state": "trashed"},
        blank | {"source_id": "7", "published": "2099-01-01T00:00:00Z"},
    )
    listed = await page(stack, label=name)
    assert ids(listed) == ["2", "1"]
    assert [item["labels"] for item in listed["items"]] == [["other", name], [name]]
    assert set(ids(await page(stack, label="other"))) == {"2", "3"}
    for unknown in ("c++ & ü/日本? 100%", f" {name}", f"{name} ", "C++", "%", "x" * 100):
        assert await page(stack, label=unknown) == {"items": [], "next_cursor": None, "previous_cursor": None}
        assert ids(await page(stack, label=unknown, q="b")) == []


async def test_bodies_come_when_they_are_asked_for(stack: Stack) -> None:
    who = await author(stack, "Ann")
    written = await stack.post(
        body_html="<p>Harbor <b>&amp;</b> tide</p><script>x</script>", labels=["L"], author_id=who
    )
    lists: tuple[tuple[str, dict[str, str]], ...] = (
        (ARTICLES, {}),
        (ARTICLES, {"label": "L"}),
        (ARTICLES, {"author": who}),
        (ARTICLES, {"q": "harbor"}),
        (ARTICLES, {"q": "harbor", "order": "best"}),
        (POSTS, {}),
        (POSTS, {"q": "harbor"}),
    )
    for path, params in lists:
        (with_body,) = (await page(stack, path, include="body", **params))["items"]
        (without,) = (await page(stack, path, **params))["items"]
        assert with_body["body_html"] == written["body_html"] == "<p>Harbor <b>&amp;</b> tide</p>", params
        assert without == with_body | {"body_html": None}
        answer = await stack.operator.get(path, params=params | {"include": "comments"})
        assert_problem(answer, 422, "invalid")


async def test_only_what_is_searched_for_words_has_snippets(stack: Stack) -> None:
    who = await author(stack, "Ann")
    await stack.post(title="Harbor", labels=["L"], author_id=who)
    for without in ({}, {"label": "L"}, {"author": who}, {"q": "label:L"}, {"q": "-tide"}, {"year": "2026"}):
        (item,) = (await page(stack, **without))["items"]
        assert item["snippet"] is None, without
    (item,) = (await page(stack, q="harbor"))["items"]
    assert item["snippet"] == [{"text": "Some text.", "is_match": False}]
    assert item["author"] == {"id": who, "name": "Ann", "url": None}


async def test_a_page_has_as_many_as_the_blog_or_the_caller_says(stack: Stack) -> None:
    await stack.imported_posts(*({"source_id": str(n), "labels": ["L"], "title": "Harbor"} for n in range(1, 26)))
    await set_blog(stack, posts_per_page=3)
    for params in ({}, {"label": "L"}, {"q": "harbor"}, {"q": "harbor", "order": "best"}):
        for limit, expected in ((None, 3), (24, 24), (25, 25)):
            listed = await page(stack, **params, **({} if limit is None else {"limit": str(limit)}))
            assert len(listed["items"]) == expected
            assert (listed["next_cursor"] is None) == (expected == 25)
            assert listed["previous_cursor"] is None
    assert len((await page(stack, POSTS))["items"]) == 20  # editors' lists have a size of their own


async def test_a_list_without_comments_still_comes(stack: Stack) -> None:
    written = await stack.post(title="Harbor", labels=["L"])
    await stack.comment(written["id"])
    for params in ({"label": "L"}, {"q": "harbor"}):
        (before,) = (await page(stack, **params))["items"]
        stack.take_away("comments")
        (after,) = (await page(stack, **params))["items"]
        stack.bring_back("comments")
        assert before == after | {"comment_count": 1}
        assert after["comment_count"] is None
    stack.take_away("posts")
    assert_problem(await stack.reader.get(ARTICLES, params={"q": "harbor"}), 503, "unavailable")
