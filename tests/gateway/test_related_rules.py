"""Editors' rules for related links, and what the API explains of scores."""

from typing import Any, Final

import pytest

from tests.gateway.reading import assert_problem
from tests.posts.editing import acted, deleted, done, patched, refused, send
from tests.stack import Stack

LOAF: Final = "<p>Flour, yeast and a hot oven make a loaf with a crust.</p>"
NONE: Final[dict[str, Any]] = {"pinned": [], "forbidden": [], "computed": None, "shown": None}


async def loaves(stack: Stack, count: int = 4) -> list[dict[str, Any]]:
    """All alike: for each the newest of the others are best."""
    dated = {"body_html": LOAF, "published": "2026-03-01T12:00:00Z"}
    posts = [await stack.post(title=f"Loaf {letter}", **dated) for letter in "ABCDEFGH"[:count]]
    await stack.relate()
    return posts


async def listed(stack: Stack, post: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    answer = await stack.reader.get(f"/api/v1/articles/{post['id']}/related", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def names(stack: Stack, post: dict[str, Any], **params: Any) -> str:
    return "".join(link["headline"][-1] for link in await listed(stack, post, **params))


async def test_rules_hold_from_the_next_read_on(stack: Stack) -> None:
    a, b, c, d, e = await loaves(stack, 5)
    place = f"posts/{a['id']}/related-rules"
    assert await names(stack, a) == "EDCB"
    before = await stack.operator.get(f"/api/v1/{place}")
    assert before.json() == NONE
    assert before.headers["ETag"] == (await stack.operator.get(f"/api/v1/posts/{a['id']}")).headers["ETag"]

    given = {"pinned": [b["id"], c["id"]], "forbidden": [e["id"]], "shown": 3}
    ruled = await send(stack, "PUT", place, given)
    assert ruled.json() == NONE | given
    assert (ruled.status_code, ruled.headers["ETag"] != before.headers["ETag"]) == (200, True)
    links = await listed(stack, a)
    assert [(link["headline"][-1], link["kind"]) for link in links] == [
        ("B", "pinned"),
        ("C", "pinned"),
        ("D", "computed"),
    ]
    page = (await stack.reader.get(f"/api/v1/articles/{a['id']}")).json()
    assert [{**link, "explanation": None} for link in page["related"]] == links
    assert "A" in await names(stack, e), "what is forbidden here is not forbidden there"
    assert await names(stack, a, limit=50) == "BCD"

    await done(stack, "PUT", place, {"computed": "off"})
    assert await names(stack, a) == ""
    await done(stack, "PUT", place, {"computed": "off", "pinned": [d["id"]]})
    assert await names(stack, a) == "D"
    await done(stack, "PUT", place, {})
    assert await names(stack, a) == "EDCB"


async def test_what_is_pinned_shows_while_it_is_live(stack: Stack) -> None:
    a, b = await loaves(stack, 2)
    draft = await stack.post(title="Draft D", state="draft")
    place = f"posts/{a['id']}/related-rules"
    await done(stack, "PUT", place, {"pinned": [draft["id"]], "forbidden": [b["id"]]})
    assert await names(stack, a) == ""
    draft = await acted(stack, draft, "publish")
    assert await names(stack, a) == "D"
    draft = await acted(stack, draft, "trash")
    assert await names(stack, a) == ""
    await deleted(stack, f"posts/{draft['id']}")
    assert (await stack.operator.get(f"/api/v1/{place}")).json() == NONE | {"forbidden": [b["id"]]}


async def test_rules_are_refused_that_cannot_hold(stack: Stack) -> None:
    a, b = await loaves(stack, 2)
    place = f"posts/{a['id']}/related-rules"
    for given, pointers in (
        ({"pinned": [a["id"]]}, ["/pinned/0"]),
        ({"forbidden": [b["id"], "77"]}, ["/forbidden/1"]),
        ({"pinned": [b["id"]], "forbidden": [b["id"]]}, [""]),
        ({"pinned": [b["id"], b["id"]]}, [""]),
        ({"pinned": [str(number) for number in range(1, 22)]}, ["/pinned"]),
        ({"forbidden": [str(number) for number in range(1, 102)]}, ["/forbidden"]),
        ({"shown": 21}, ["/shown"]),
        ({"computed": "maybe"}, ["/computed"]),
        ({"pined": []}, ["/pined"]),
    ):
        assert refused(await send(stack, "PUT", place, given), 422, "invalid") == pointers, given
    assert_problem(await send(stack, "PUT", place, {}, tag=None), 428, "precondition-required")
    old = (await stack.operator.get(f"/api/v1/{place}")).headers["ETag"]
    await patched(stack, a, title="Other")
    assert_problem(await send(stack, "PUT", place, {}, tag=old), 412, "precondition-failed")
    await acted(stack, a, "trash")
    assert_problem(await send(stack, "PUT", place, {}), 409, "conflict")
    assert (await stack.operator.get(f"/api/v1/{place}")).json() == NONE
    assert_problem(await stack.operator.get("/api/v1/posts/77/related-rules"), 404, "not-found")


async def test_links_of_the_text_stand_between_picked_and_computed(stack: Stack) -> None:
    """In the order of the text, then those that link to it; each once, without itself, drafts, pages and strangers."""
    _, b, c = await loaves(stack, 3)
    page = await stack.post(title="Page P", kind="page")
    draft = await stack.post(title="Draft D", state="draft", path="/draft.html")
    far = await stack.post(title="Far F", body_html="<p>Quite another thing.</p>")
    hrefs = ["/self.html", page["path"], draft["path"], "https://elsewhere.example/", f"{far['path']}?m=1#c", b["path"]]
    text = LOAF + "".join(f'<p><a href="{href}">x</a></p>' for href in [*hrefs, far["path"]])
    picked = [{"post_id": c["id"]}]
    written = await stack.post(title="Loaf S", path="/self.html", body_html=text, related_links=picked)
    await stack.relate()

    def kinds(links: list[dict[str, Any]]) -> list[tuple[str, str]]:
        return [(link["headline"][-1], link["kind"]) for link in links]

    expected = [("C", "picked"), ("F", "linked"), ("B", "linked"), ("A", "computed")]
    assert kinds(await listed(stack, written)) == expected
    assert kinds(await listed(stack, far)) == [("S", "linked")]
    await acted(stack, draft, "publish")
    assert kinds(await listed(stack, written))[1:4] == [("D", "linked"), ("F", "linked"), ("B", "linked")]
    await patched(stack, written, body_html=LOAF)
    await stack.relate()
    assert kinds(await listed(stack, far)) == []
    assert [kind for _, kind in kinds(await listed(stack, written))] == ["picked", "computed", "computed"]


async def test_a_score_is_explained_factor_by_factor(stack: Stack) -> None:
    rye = {"title": "Rye", "body_html": "<p>A rye loaf with a crust.</p>", "labels": ["Kitchen", "Rye only"]}
    loaf = {"title": "Loaf", "body_html": LOAF, "labels": ["Kitchen"], "published": "2026-01-01T12:00:00Z"}
    written, other = await stack.post(**rye), await stack.post(**loaf)
    await stack.post(title="Stranger", body_html="<p>Gulls in a marsh.</p>", labels=["Birds"])
    await stack.post(title="Drafted", body_html=f"{LOAF}<p>secret</p>", labels=["Secret"], state="draft")
    await stack.relate()
    address = f"/api/v1/articles/{written['id']}/related"

    editor = await stack.key("posts:read-drafts")
    answer = await editor.get(address, params={"explain": True})
    (link,) = answer.json()["items"]
    told = link["explanation"]
    assert link["article_id"] == other["id"]
    assert told["score"] == pytest.approx(told["words"] * (1 + told["labels"] + told["date"]), abs=1e-6)
    assert told["words"] == pytest.approx(sum(term["product"] for term in told["terms"]), abs=1e-6)
    assert {term["text"] for term in told["terms"]} >= {"loaf", "crust"}
    assert told["terms"][0]["text"].lower() == link["reasons"][1]["text"].lower()
    (label,) = told["shared_labels"]
    assert (label["text"], told["labels"]) == ("Kitchen", pytest.approx(0.3 * label["product"], abs=1e-6))
    assert told["days"] == 72
    assert "secret" not in answer.text.lower()

    assert_problem(await stack.reader.get(address, params={"explain": True}), 401, "unauthorized")
    writer = await stack.key("posts:write")
    assert_problem(await writer.get(address, params={"explain": True}), 403, "forbidden")
    assert [one["explanation"] for one in await listed(stack, written)] == [None]
    for limit, status in ((0, 422), (1, 200), (50, 200), (51, 422)):
        assert (await stack.reader.get(address, params={"limit": limit})).status_code == status
    assert_problem(await stack.reader.get("/api/v1/articles/77/related"), 404, "not-found")


async def test_a_list_takes_two_calls_and_does_without_comments(stack: Stack) -> None:
    a, b = await loaves(stack, 2)
    await stack.comment(b["id"])
    with stack.recorder.recording() as costs:
        assert [link["comment_count"] for link in await listed(stack, a)] == [1]
    assert costs.calls == [f"posts GET /articles/{a['id']}/related", "comments GET /counts"]
    assert costs.counts()["posts"] <= 6
    stack.take_away("comments")
    assert [link["comment_count"] for link in await listed(stack, a)] == [None]
    stack.take_away("posts")
    gone = await stack.reader.get(f"/api/v1/articles/{a['id']}/related")
    assert_problem(gone, 503, "unavailable")
