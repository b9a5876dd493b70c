"""An import finds posts by paths that they have or had, in any state, many at once."""

from tests.gateway.reading import assert_problem
from tests.stack import Stack

ADDRESS = "/api/v1/import/find-posts"


async def found(stack: Stack, *paths: str, ids: tuple[str, ...] = ()) -> list[tuple[str | None, str]]:
    answer = await stack.operator.post(ADDRESS, json={"paths": list(paths), "ids": list(ids)})
    assert answer.status_code == 200, answer.text
    return sorted(((one["path"], one["id"]) for one in answer.json()["results"]), key=str)


async def test_present_and_former_paths_are_found(stack: Stack) -> None:
    post = await stack.post(path="/old.html")
    answer = await stack.operator.patch(
        f"/api/v1/posts/{post['id']}", json={"path": "/new.html"}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    assert await found(stack, "/old.html", "/new.html", "/none.html", "/OLD.html") == [
        ("/new.html", post["id"]),
        ("/old.html", post["id"]),
    ]


async def test_posts_that_nobody_can_read_yet_are_found(stack: Stack) -> None:
    draft = await stack.post(path="/draft.html", state="draft")
    trashed = await stack.post(path="/trashed.html")
    await stack.operator.post(f"/api/v1/posts/{trashed['id']}/trash", headers={"If-Match": "*"})
    assert [path for path, _ in await found(stack, "/draft.html", "/trashed.html")] == ["/draft.html", "/trashed.html"]
    ids = (draft["id"], trashed["id"], "7")
    assert await found(stack, ids=ids) == sorted([(None, draft["id"]), (None, trashed["id"])])


async def test_paths_that_no_post_can_have_are_not_found(stack: Stack) -> None:
    assert await found(stack, "", "x" * 5000, "/a\u0000b", "/ü/" * 400, "/'; DROP TABLE paths") == []
    assert await found(stack) == []


async def test_five_hundred_paths_are_one_call_and_two_queries(stack: Stack) -> None:
    with stack.recorder.recording() as costs:
        assert await found(stack, *(f"/{number}" for number in range(500))) == []
    assert costs.calls == ["posts POST /import/find-posts"]
    assert costs.counts() == {"posts": 2, "comments": 0}
    wrongs: tuple[dict[str, list[str]], ...] = (
        {"paths": ["/x"] * 501},
        {"ids": ["1"] * 501},
        {"ids": ["x"]},
        {"more": []},
    )
    for wrong in wrongs:
        assert_problem(await stack.operator.post(ADDRESS, json=wrong), 422, "invalid")


async def test_only_an_import_may_ask(stack: Stack) -> None:
    assert_problem(await (await stack.key("posts:write")).post(ADDRESS, json={"paths": ["/x"]}), 403, "forbidden")
    assert (await (await stack.key("import:run")).post(ADDRESS, json={"paths": ["/x"]})).status_code == 200
