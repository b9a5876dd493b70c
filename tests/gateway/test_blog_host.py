"""A public URL in the blog's settings: links are built from it, and its host is served."""

from tests.stack import Stack


async def move(stack: Stack, url: str | None) -> None:
    blog = await stack.reader.get("/api/v1/blog")
    answer = await stack.operator.patch(
        "/api/v1/blog", json={"public_url": url}, headers={"If-Match": blog.headers["ETag"]}
    )
    assert answer.status_code == 200, answer.text


async def test_links_are_built_from_the_blogs_own_address(stack: Stack) -> None:
    written = await stack.post(labels=["L"])
    await stack.post(labels=["L"])
    await stack.relate()
    await move(stack, "https://moved.example:443/")
    page = (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()
    assert page["url"] == f"https://moved.example{written['path']}"
    assert page["related"][0]["url"].startswith("https://moved.example/")
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert all(one["url"].startswith("https://moved.example/") for one in listed)
    assert (await stack.operator.get(f"/api/v1/posts/{written['id']}")).json()["url"] == page["url"]
    html = (await stack.reader.get(written["path"], headers={"Accept": "text/html"})).text
    assert f'<link rel="canonical" href="{page["url"]}">' in html
    assert f'href="{listed[0]["path"]}"' in html
    await move(stack, None)
    assert (await stack.reader.get(f"/api/v1/articles/{written['id']}")).json()["url"] == written["url"]


async def test_its_host_is_served_and_others_are_not(stack: Stack) -> None:
    await stack.post()
    there = {"Host": "moved.example"}
    assert (await stack.reader.get("/", headers=there)).status_code == 421
    await move(stack, "https://moved.example")
    with stack.recorder.recording() as costs:
        answers = [await stack.reader.get("/livez", headers={"Host": f"made-up-{n}.example"}) for n in range(20)]
    assert {answer.status_code for answer in answers} == {421}
    assert len(costs.calls) <= 1, "made-up names are not asked about each"


async def test_new_host_is_found_without_a_restart(stack: Stack) -> None:
    await stack.post()
    await move(stack, "https://moved.example")
    assert (await stack.reader.get("/", headers={"Host": "moved.example"})).status_code == 200
    assert (await stack.reader.get("/", headers={"Host": "MOVED.example:8443"})).status_code == 200
    stack.take_away("posts")
    assert (await stack.reader.get("/livez", headers={"Host": "other.example"})).status_code == 421
    assert (await stack.reader.get("/livez", headers={"Host": "moved.example"})).status_code == 200
