"""Computed lists follow what happens to posts; what is owed is done once, also after a restart."""

from typing import Any

import pytest
from sqlalchemy import func, select

from services.posts.commands.relate_posts import Relating
from services.posts.related_tables import related_docs, related_owed
from tests.gateway.inside import database
from tests.gateway.test_related import related
from tests.stack import PUBLIC_URL, Stack

BOAT = "<p>The varnish on a wooden dinghy wants sanding each spring, and oars want leather.</p>"
SOUP = "<p>Lentil soup with cumin, lemon and a spoon of yogurt keeps until Thursday.</p>"


async def headlines(stack: Stack, post: dict[str, Any]) -> list[str]:
    return [one["headline"] for one in await related(stack, post["id"])]


async def act(stack: Stack, post: dict[str, Any], step: str) -> None:
    answer = await stack.operator.post(f"/api/v1/posts/{post['id']}/{step}", headers={"If-Match": "*"})
    assert answer.is_success, answer.text


async def test_lists_follow_posts(stack: Stack) -> None:
    one = await stack.post(title="One", body_html=BOAT, labels=["Water"])
    two = await stack.post(title="Two", body_html=BOAT)
    other = await stack.post(title="Other", body_html=SOUP)
    draft = await stack.post(title="Draft", body_html=BOAT, state="draft")
    await stack.relate()
    assert await headlines(stack, one) == ["Two"]

    await act(stack, draft, "publish")
    await stack.relate()
    assert sorted(await headlines(stack, one)) == ["Draft", "Two"]
    always = {"If-Match": "*"}
    await stack.operator.patch(f"/api/v1/posts/{two['id']}", json={"body_html": SOUP}, headers=always)
    await stack.relate()
    assert (await headlines(stack, one), await headlines(stack, other)) == (["Draft"], ["Two"])
    await stack.operator.patch(f"/api/v1/posts/{draft['id']}", json={"labels": ["Water"]}, headers=always)
    await stack.relate()
    reasons = (await related(stack, one["id"]))[0]["reasons"]
    assert reasons[0] == {"kind": "label", "text": "Water"}
    for step, expected in (("trash", []), ("restore", ["Draft"]), ("revert", []), ("publish", ["Draft"])):
        await act(stack, draft, step)
        assert await headlines(stack, one) in ([], expected), "not before it is live"
        await stack.relate()
        assert await headlines(stack, one) == expected, step
    assert (await stack.operator.delete(f"/api/v1/posts/{draft['id']}", headers=always)).status_code == 204
    assert await headlines(stack, one) == []
    await stack.relate()
    async with database(stack, "posts").read() as reads:
        known = (await reads.execute(select(func.count()).select_from(related_docs))).scalar_one()
    assert known == 3, "nothing is left of it"


async def test_what_was_owed_is_done_after_a_restart_and_once(stack: Stack) -> None:
    posts = [await stack.post(title=f"Boat {number}", body_html=BOAT) for number in range(3)]
    held = database(stack, "posts")
    # another process stops after each unit: nothing is kept in its memory
    units = 0
    while await Relating(held, stack.clock, PUBLIC_URL)():
        units += 1
    assert 3 <= units < 12
    assert [len(await headlines(stack, post)) for post in posts] == [2, 2, 2]
    async with held.read() as reads:
        assert (await reads.execute(select(func.count()).select_from(related_owed))).scalar_one() == 0
    assert await Relating(held, stack.clock, PUBLIC_URL)() == 0, "once"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_many_posts_are_related_in_one_pass(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """All are read before any is weighed, and none is listed before all are weighed."""
    monkeypatch.setattr("services.posts.commands.relate_posts.MANY", 2)
    monkeypatch.setattr("services.posts.commands.relate_posts._QUIET_S", 0.0)
    await stack.imported_posts(*({"source_id": f"i{n}", "title": f"Boat {n}", "body": BOAT} for n in range(60)))
    relating = Relating(stack.posts_state["database"], stack.clock, PUBLIC_URL)
    seen = []
    while True:
        progress = (await stack.operator.get("/api/v1/related/progress")).json()
        seen.append(tuple(bool(progress[part]) for part in ("unread", "unweighed", "unlisted")))
        if not await relating():
            break
    parts = list(dict.fromkeys(seen))
    assert parts.index((False, True, False)) < parts.index((False, False, True)) < parts.index((False, False, False))
    assert not any(unread and unlisted for unread, _, unlisted in seen), "no list while posts wait to be read"


async def test_all_lists_are_made_anew_on_request(stack: Stack) -> None:
    posts = [await stack.post(title=f"Boat {number}", body_html=BOAT) for number in range(3)]
    await stack.relate()
    before = [await headlines(stack, post) for post in posts]
    done = await stack.operator.post("/api/v1/related/rebuild", json={})
    assert done.json() == {"done": 3, "next_cursor": None}
    progress = (await stack.operator.get("/api/v1/related/progress")).json()
    assert progress == {"unread": 3, "unweighed": 3, "unlisted": 0, "known": 3}
    assert [await headlines(stack, post) for post in posts] == before, "meanwhile"
    await stack.relate()
    assert (await stack.operator.get("/api/v1/related/progress")).json()["unweighed"] == 0
    assert [await headlines(stack, post) for post in posts] == before
    wrong = await stack.operator.post("/api/v1/related/rebuild", json={"cursor": "x"})
    assert wrong.status_code == 422


TEXTS = {
    "en": ("The ferry crosses the quiet harbor at dawn", "At dawn the harbor ferry is quiet and grey"),
    "de": ("Die Fähre fährt morgens über den stillen Hafen", "Im stillen Hafen liegt morgens die Fähre"),
    "ru": ("Паром утром идёт через тихую гавань", "Старый паром утром стоит в тихой гавани"),
    "ja": ("渡し船は夜明けに静かな港を渡る", "静かな港に夜明けの渡し船がいる"),
    "ar": ("تعبر العبّارة في الفجر الميناء الهادئ", "العبّارة في الميناء الهادئ عند الفجر"),
    "hi": ("नाव भोर में शांत बंदरगाह पार करती है", "शांत बंदरगाह में भोर की नाव खड़ी है"),
}


async def test_each_language_is_related_within_itself(stack: Stack) -> None:
    for lang, sentences in TEXTS.items():
        for number, sentence in enumerate(sentences):
            body = f"<p>{'. '.join([sentence] * 3)}.</p>"
            await stack.imported_posts(
                {
                    "source_id": f"{lang}{number}",
                    "title": f"{lang} {number}",
                    "body": body,
                    "path": f"/{lang}{number}.html",
                }
            )
    await stack.relate()
    for lang in TEXTS:
        page = (await stack.reader.get("/api/v1/articles/by-path", params={"path": f"/{lang}0.html"})).json()
        assert [one["headline"] for one in page["related"]] == [f"{lang} 1"], lang
