"""Related links by themselves: kinds in their order, editors' rules, explanations, and which pages they take out."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.databases import Databases
from tests.gateway.caching import caching_stack, settled, status_of
from tests.gateway.reading import HTML, texts
from tests.gateway.test_related import related
from tests.stack import Stack

BOAT = "<p>The varnish on a wooden dinghy wants sanding each spring, and oars want leather.</p>"
SOUP = "<p>Lentil soup with cumin, lemon and a spoon of yogurt keeps until Thursday.</p>"


async def listed(stack: Stack, post_id: str, client: httpx.AsyncClient | None = None, **params: Any) -> list[Any]:
    answer = await (client or stack.reader).get(f"/api/v1/articles/{post_id}/related", params=params)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def rule(stack: Stack, post: dict[str, Any], **rules: Any) -> httpx.Response:
    place = f"/api/v1/posts/{post['id']}/related-rules"
    etag = (await stack.operator.get(place)).headers["ETag"]
    answer = await stack.operator.put(place, json=rules, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    return answer


async def boats(stack: Stack, count: int) -> list[dict[str, Any]]:
    return [await stack.post(title=f"Boat {number}", body_html=BOAT) for number in range(count)]


def kinds(items: list[Any]) -> list[tuple[str, str]]:
    return [(one["kind"], one["headline"]) for one in items]


async def test_picked_then_linked_then_computed_each_once(stack: Stack) -> None:
    one, two, three, four = await boats(stack, 4)
    far = await stack.post(title="Soup", body_html=SOUP)
    body = f'{BOAT}<p><a href="{far["path"]}">Soup</a> <a href="{two["path"]}">Two</a></p>'
    links = [{"post_id": two["id"]}]
    mine = await stack.post(title="Mine", body_html=body, related_links=links)
    await stack.post(title="Citing", body_html=f'{SOUP}<a href="{mine["path"]}">it</a>')
    await stack.post(title="Draft", body_html=f'{BOAT}<a href="{mine["path"]}">it</a>', state="draft")
    await stack.relate()

    items = await listed(stack, mine["id"], limit=10)

    assert kinds(items)[:3] == [("picked", "Boat 1"), ("linked", "Soup"), ("linked", "Citing")]
    assert sorted(kinds(items)[3:]) == [("computed", f"Boat {number}") for number in (0, 2, 3)]
    assert {one["id"], three["id"], four["id"]} == {each["article_id"] for each in items[3:]}
    assert all(each["reasons"] for each in items[3:])
    assert all(each["explanation"] is None and each["comment_count"] == 0 for each in items)
    assert await listed(stack, mine["id"]) == [
        each | {"explanation": None} for each in await related(stack, mine["id"])
    ]
    assert kinds(await listed(stack, mine["id"], limit=1)) == [("picked", "Boat 1")]
    assert kinds(await listed(stack, far["id"]))[0] == ("linked", "Mine"), "both ways"
    stack.take_away("comments")
    assert {each["comment_count"] for each in await listed(stack, mine["id"])} == {None}
    for refused in ("0", "61", "x"):
        answer = await stack.reader.get(f"/api/v1/articles/{mine['id']}/related", params={"limit": refused})
        assert answer.status_code == 422


async def test_what_a_list_costs(stack: Stack) -> None:
    posts = await boats(stack, 8)
    await stack.relate()
    with stack.recorder.recording() as costs:
        assert len(await listed(stack, posts[0]["id"], limit=7)) == 7
    assert costs.calls == [f"posts GET /articles/{posts[0]['id']}/related", "comments GET /counts"]
    assert costs.counts()["posts"] <= 5
    with stack.recorder.recording() as page:
        await related(stack, posts[0]["id"])
    assert len(page.calls) == 2


async def test_an_editor_pins_forbids_limits_and_switches_off(stack: Stack) -> None:
    one, two, three, four = await boats(stack, 4)
    far = await stack.post(title="Soup", body_html=SOUP)
    await stack.relate()
    assert len(await related(stack, one["id"])) == 3, "the control"

    await rule(stack, one, pinned=[far["id"]], forbidden=[two["id"]])
    assert (await related(stack, one["id"]))[0]["article_id"] == far["id"]
    assert two["id"] not in {each["article_id"] for each in await related(stack, one["id"])}
    assert one["id"] in {each["article_id"] for each in await related(stack, two["id"])}, "it holds for one page"
    await rule(stack, one, shown=1)
    assert len(await related(stack, one["id"])) == 1
    assert len(await listed(stack, one["id"], limit=3)) == 3
    answer = await rule(stack, one, computed="off", pinned=[three["id"]])
    assert answer.json() == {"pinned": [three["id"]], "forbidden": [], "computed": "off", "shown": None}
    assert kinds(await related(stack, one["id"])) == [("pinned", "Boat 2")]
    assert (await rule(stack, one, computed="off", pinned=[three["id"]])).headers["ETag"] == answer.headers["ETag"]

    blog = {"If-Match": "*"}
    assert (await stack.operator.patch("/api/v1/blog", json={"related_computed": "off"}, headers=blog)).is_success
    assert await related(stack, four["id"]) == []
    await rule(stack, four, computed="on")
    assert len(await related(stack, four["id"])) == 3
    turned = {"related_computed": "on", "related_shown": 2}
    assert (await stack.operator.patch("/api/v1/blog", json=turned, headers=blog)).json()["related_shown"] == 2
    assert len(await related(stack, two["id"])) == 2
    assert len(await related(stack, one["id"])) == 1


async def test_rules_are_refused_where_they_cannot_hold(stack: Stack) -> None:
    one, two = await boats(stack, 2)
    place = f"/api/v1/posts/{one['id']}/related-rules"
    for given, pointer in (
        ({"pinned": [one["id"]]}, "/pinned/0"),
        ({"forbidden": [two["id"], "4611686018427387904"]}, "/forbidden/1"),
        ({"pinned": [two["id"]], "forbidden": [two["id"]]}, ""),
        ({"shown": 21}, "/shown"),
        ({"pinned": [str(number) for number in range(1, 22)]}, "/pinned"),
    ):
        answer = await stack.operator.put(place, json=given, headers={"If-Match": "*"})
        assert answer.status_code == 422, given
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert (await stack.operator.put(place, json={})).status_code == 428
    assert (await stack.operator.put(place, json={}, headers={"If-Match": '"0"'})).status_code == 412
    assert (await stack.operator.get(place)).json() == {"pinned": [], "forbidden": [], "computed": None, "shown": None}


async def test_a_score_is_explained_to_editors_alone(stack: Stack) -> None:
    one = await stack.post(title="Oars", body_html=BOAT, labels=["Boats", "Spring"])
    await stack.post(title="Dinghy", body_html=BOAT, labels=["Boats"], published="2025-03-14T00:00:00Z")
    await stack.post(title="Soup", body_html=SOUP, labels=["Spring"])
    await stack.post(title="Hidden", body_html=f"{BOAT} qzhidden", labels=["Qzlabel"], state="draft")
    await stack.relate()
    place = f"/api/v1/articles/{one['id']}/related"

    assert (await stack.reader.get(place, params={"explain": "true"})).status_code == 401
    writer = await stack.key("posts:write")
    assert (await writer.get(place, params={"explain": "true"})).status_code == 403
    reader = await stack.key("posts:read-drafts")
    items = await listed(stack, one["id"], reader, explain=True)

    why = next(each["explanation"] for each in items if each["headline"] == "Dinghy")
    assert (
        why["score"] == why["listed_score"] == pytest.approx(why["words"] * (1 + why["labels"] + why["date"]), abs=2e-6)
    )
    assert why["words"] == pytest.approx(sum(each["product"] for each in why["terms"]) + why["other_terms"])
    assert all(each["product"] == pytest.approx(each["weight"] * each["other_weight"]) for each in why["terms"])
    (label,) = why["shared_labels"]
    assert (label["text"], why["labels"]) == ("Boats", pytest.approx(0.3 * label["product"]))
    assert 364 <= why["days_apart"] <= 366
    assert "qz" not in str(items).lower()
    plain = await listed(stack, one["id"])
    assert [each | {"explanation": None} for each in items] == plain


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_pages_whose_first_five_changed_go_and_no_others(databases: Databases, tmp_path: Path) -> None:
    async with caching_stack(databases, tmp_path) as stack:
        one, two = await boats(stack, 2)
        soups = [await stack.post(title=f"Soup {number}", body_html=SOUP) for number in range(2)]
        # neighbours by date are other posts
        await stack.post(title="Between", body_html="<p>Nothing of the kind.</p>")
        await stack.relate()
        pages = {post["title"]: post["path"] for post in (one, two, *soups)}

        async def hits() -> set[str]:
            await settled(stack)
            return {name for name, path in pages.items() if status_of(await stack.reader.get(path)) == "hit"}

        await hits()
        assert await hits() == set(pages)
        new = await stack.post(title="New boat", body_html=BOAT, published="2020-01-01T00:00:00Z")
        assert await hits() >= {"Boat 1", "Soup 0", "Soup 1"}, "nothing is related in the request"
        await stack.relate()
        assert await hits() == {"Soup 0", "Soup 1"}
        assert "New boat" in texts((await stack.reader.get(one["path"], headers=HTML)).text, ".related a")

        assert await hits() == set(pages)
        await stack.operator.post(f"/api/v1/posts/{new['id']}/trash", headers={"If-Match": "*"})
        assert "Boat 0" not in await hits()
        assert "New boat" not in (await stack.reader.get(one["path"])).text
        await hits()
        await stack.operator.post(f"/api/v1/posts/{new['id']}/restore", headers={"If-Match": "*"})
        assert "New boat" in (await stack.reader.get(one["path"])).text, "before anything is related anew"

        await hits()
        await stack.comment(new["id"])
        assert await hits() == {"Soup 0", "Soup 1"}, "its comments are counted there"
        await rule(stack, one, forbidden=[two["id"]])
        assert await hits() == set(pages) - {"Boat 0"}
        explained = await stack.reader.get(f"/api/v1/articles/{one['id']}/related?explain=true")
        assert (explained.status_code, status_of(await stack.reader.get(f"/api/v1/articles/{one['id']}/related"))) == (
            401,
            "fwd=miss; stored",
        )
