"""Earlier wordings: kept of every change of words, listed, compared, brought back."""

from tests.posts.editing import acted, cost, done, patched, read, refused, send
from tests.stack import Stack


async def test_every_change_of_words_keeps_the_ones_before(stack: Stack) -> None:
    operator_wrote = await stack.post(title="One", body_html="<p>one</p>", labels=["A"])
    place = f"posts/{operator_wrote['id']}"
    keyed = await stack.key("posts:write", "posts:publish")
    answer = await send(stack, "PATCH", place, {"title": "Two"}, by=keyed)
    by_key = answer.json()
    links = [{"headline": "H", "url": "https://elsewhere.example/"}]
    for given in ({"body_markdown": "two"}, {"labels": ["B"]}, {"related_links": links}):
        last = await patched(stack, operator_wrote, **given)
    listed = (await read(stack, f"{place}/revisions"))["items"]
    assert [(one["version"], one["title"]) for one in listed] == [(4, "Two"), (3, "Two"), (2, "Two"), (1, "One")]
    authors = [one["written_by"] for one in listed]
    assert authors == ["operator", "operator", authors[2], "operator"]
    assert authors[2].startswith("key:")
    assert (listed[3]["written"], listed[2]["written"]) == (operator_wrote["updated"], by_key["updated"])
    assert last["version"] == 5

    for given in ({"comment_policy": "closed"}, {"published": "2024-01-01T00:00:00Z"}, {"path": "/else.html"}):
        await patched(stack, operator_wrote, **given)
    for action in ("revert", "publish", "trash", "restore"):
        await acted(stack, operator_wrote, action)
    assert (await read(stack, f"{place}/revisions"))["items"] == listed
    await patched(stack, operator_wrote, title="Three")
    newest = (await read(stack, f"{place}/revisions"))["items"][0]
    assert (newest["version"], newest["title"], newest["written"]) == (12, "Two", last["updated"])


async def test_revisions_come_in_pages(stack: Stack) -> None:
    post = await stack.post(title="0")
    place = f"posts/{post['id']}/revisions"
    for number in range(1, 6):
        await patched(stack, post, title=str(number))
    pages, cursor = list[list[int]](), None
    while True:
        page = await read(stack, place, limit=2, **({} if cursor is None else {"cursor": cursor}))
        pages.append([one["version"] for one in page["items"]])
        if (cursor := page["next_cursor"]) is None:
            break
    assert pages == [[5, 4], [3, 2], [1]]
    refused(await stack.operator.get(f"/api/v1/{place}?cursor=x"), 422, "invalid")
    refused(await stack.operator.get(f"/api/v1/{place}?limit=101"), 422, "invalid")


async def test_a_revision_is_read_whole_and_compared(stack: Stack) -> None:
    target = await stack.post(title="Target")
    links = [{"post_id": target["id"]}, {"headline": "H", "url": "https://elsewhere.example/"}]
    post = await stack.post(title="Old", body_markdown="a\n\nb", body_html=None, labels=["A"], related_links=links)
    place = f"posts/{post['id']}/revisions"
    await patched(stack, post, title="New", body_html="<p>a</p>", labels=["A", "B"], related_links=[])
    old, new = await read(stack, f"{place}/1"), await read(stack, f"{place}/2")
    assert (old["title"], old["body_source"], old["body_format"], old["labels"]) == ("Old", "a\n\nb", "markdown", ["A"])
    assert [one["post_id"] for one in old["related_links"]] == [target["id"], None]
    assert (new["title"], new["version"], new["related_links"]) == ("New", 2, [])
    diff = await read(stack, f"{place}/1/diff")
    assert (diff["from_version"], diff["to_version"]) == (1, 2)
    assert diff["diff"].splitlines()[:2] == ["--- version 1", "+++ version 2"]
    for line in ("-Title: Old", "+Title: New", "-Labels: A", "+Labels: A, B", "-b", "+<p>a</p>", "-Body (markdown):"):
        assert line in diff["diff"].splitlines()
    assert "-Related: H <https://elsewhere.example/>" in diff["diff"].splitlines()
    assert await read(stack, f"{place}/1/diff", to=2) == diff
    back = await read(stack, f"{place}/2/diff", to=1)
    assert "+Title: Old" in back["diff"].splitlines()
    assert await read(stack, f"{place}/1/diff", to=1) == {"from_version": 1, "to_version": 1, "diff": ""}


async def test_a_revision_that_is_brought_back_makes_one_of_the_present_words(stack: Stack) -> None:
    target = await stack.post(title="Target")
    given = {"labels": ["A"], "related_links": [{"post_id": target["id"]}]}
    post = await stack.post(title="Old", body_html="<p>old</p>", **given)
    place = f"posts/{post['id']}"
    await patched(stack, post, title="New", body_markdown="new", labels=["B"], related_links=[])
    await patched(stack, post, comment_policy="closed", path="/kept.html")
    answer = await send(stack, "POST", f"{place}/revisions/1/restore")
    assert answer.status_code == 200
    restored, words = answer.json(), ("title", "body_html", "body_source", "body_format", "labels", "excerpt")
    assert [restored[name] for name in words] == [post[name] for name in words]
    assert restored["related_links"] == post["related_links"]
    assert (restored["version"], restored["path"], restored["comment_policy"]) == (4, "/kept.html", "closed")
    assert answer.headers["ETag"] == (await stack.operator.get(f"/api/v1/{place}")).headers["ETag"]
    kept = [(one["version"], one["title"]) for one in (await read(stack, f"{place}/revisions"))["items"]]
    assert kept == [(3, "New"), (1, "Old")]
    assert await done(stack, "POST", f"{place}/revisions/1/restore") == restored
    assert (await done(stack, "POST", f"{place}/revisions/3/restore"))["title"] == "New"


async def test_what_is_not_there_or_not_for_everybody(stack: Stack) -> None:
    post = await stack.post()
    place = f"/api/v1/posts/{post['id']}/revisions"
    await patched(stack, post, title="Else")
    assert (await stack.operator.get(f"{place}/1")).status_code == 200
    for missing in (f"{place}/3", f"{place}/3/diff", f"{place}/1/diff?to=3", "/api/v1/posts/1/revisions"):
        refused(await stack.operator.get(missing), 404, "not-found")
    refused(await send(stack, "POST", f"posts/{post['id']}/revisions/3/restore"), 404, "not-found")
    for wrong in ("0", "x", str(2**63)):
        refused(await stack.operator.get(f"{place}/{wrong}"), 422, "invalid")
    writer = await stack.key("posts:write", "posts:publish")
    for path in (place, f"{place}/1", f"{place}/1/diff"):
        refused(await stack.reader.get(path), 401, "unauthorized")
        refused(await writer.get(path), 403, "forbidden")


async def test_what_revisions_cost(stack: Stack) -> None:
    post = await stack.post()
    place = f"posts/{post['id']}/revisions"
    costs = []
    for number in range(2):
        await patched(stack, post, title=str(number))
        costs.append([(await cost(stack, "GET", f"{place}{more}"))[1] for more in ("", "/1", "/1/diff")])
    assert costs == [[2, 4, 7]] * 2
    assert await cost(stack, "POST", f"{place}/1/restore") == ([f"posts POST /{place}/1/restore"], 18)
