"""What authors do to their comments while these are new: change them, delete them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.comments.following import eventually
from tests.comments.test_counts import kept_and_counted
from tests.comments.test_moderation import decided, moderated_by, queue, said, thread
from tests.gateway.inside import database
from tests.gateway.reading import HTML, assert_problem, part, texts
from tests.posts.listing import edit
from tests.stack import PUBLIC_URL, Stack

SPAM = "Check out my channel!!! free gift cards http://win-big.example/xxx subscribe subscribe"


async def changed(stack: Stack, comment: dict[str, Any], **given: Any) -> httpx.Response:
    headers = {"X-Edit-Token": comment["edit_token"]}
    return await stack.reader.patch(f"/api/v1/comments/{comment['id']}", json=given, headers=headers)


async def deleted(stack: Stack, comment: dict[str, Any], token: str | None = None) -> httpx.Response:
    headers = {"X-Edit-Token": token or comment["edit_token"]}
    return await stack.reader.delete(f"/api/v1/comments/{comment['id']}", headers=headers)


async def items(stack: Stack, post_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await stack.reader.get(f"/api/v1/articles/{post_id}/comments")).json()["items"]
    return found


async def test_authors_change_what_they_name(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    comment = await stack.comment(post_id, "Frist", author_name="Ann", author_url="https://ann.example/")
    assert comment["editable_until"] > comment["published"]
    answer = await changed(stack, comment, body="First <b>")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["body_html"], answer.json()["author"]["name"]) == ("<p>First &lt;b&gt;</p>\n", "Ann")
    assert answer.json()["edited"] > comment["published"]
    answer = await changed(stack, comment, author_name=None, author_url=None)
    (shown,) = await items(stack, post_id)
    assert shown == {name: value for name, value in answer.json().items() if name in shown}
    assert shown["author"] == {"name": None, "url": None}
    for wrong, pointer in (({"body": " "}, "/body"), ({"author_url": "javascript:x"}, "/author_url"), ({}, "")):
        refused = await changed(stack, comment, **wrong)
        assert_problem(refused, 422, "invalid")
        assert refused.json()["errors"][0]["pointer"] == pointer


async def test_only_the_author_and_only_for_a_while(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    comment, other = [await stack.comment(post_id) for _ in range(2)]
    (imported,) = await stack.imported_comments({"source_id": "1", "post_id": post_id})
    strangers = [comment | {"edit_token": other["edit_token"]}, {"id": "5", "edit_token": comment["edit_token"]}]
    strangers.append({"id": imported["id"], "edit_token": ""})
    refusals = [
        answer
        for one in strangers
        for answer in (await changed(stack, one, body="Mine"), await deleted(stack, one, "x"))
    ]
    assert {answer.status_code for answer in refusals} == {403}
    assert len({answer.json()["detail"] for answer in refusals}) == 1, (
        "a comment that is not there is told as another's"
    )
    assert (await stack.reader.patch(f"/api/v1/comments/{comment['id']}", json={"body": "x"})).status_code == 422
    stack.clock.now += timedelta(minutes=14)
    assert (await changed(stack, comment, body="Late")).status_code == 200
    stack.clock.now += timedelta(minutes=1)
    assert_problem(await changed(stack, comment, body="Too late"), 403, "forbidden")
    assert_problem(await deleted(stack, comment), 403, "forbidden")
    assert [item["body_html"] for item in await items(stack, post_id)][1] == "<p>Late</p>\n"


async def test_deleted_comments_are_gone_or_keep_an_empty_place(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    alone = await stack.comment(post_id, "Secret alone", author_name="Ann")
    answered = await stack.comment(post_id, "Secret answered", author_name="Ann")
    reply = await stack.comment(post_id, "Reply", parent_id=answered["id"])
    for comment in (alone, answered, answered):
        assert (await deleted(stack, comment)).status_code == 204
    shown = await items(stack, post_id)
    assert [(one["id"], one["deleted"], one["depth"], one["parent_id"]) for one in shown] == [
        (answered["id"], True, 0, None),
        (reply["id"], False, 1, answered["id"]),
    ]
    assert (shown[0]["author"], shown[0]["body_html"]) == ({"name": None, "url": None}, "")
    assert (await thread(stack, post_id))[0] == 1
    kept, counted = await kept_and_counted(stack)
    assert kept == counted
    async with database(stack, "comments").read() as reads:
        stored = (await reads.exec_driver_sql("SELECT * FROM comments")).all()
    assert "Secret" not in str(stored)
    assert "Ann" not in str(stored)
    assert await decided(stack, "approve", alone["id"]) == [("unchanged", "deleted")]
    assert_problem(await changed(stack, answered, body="Back"), 403, "forbidden")
    refused = await said(stack, post_id, parent_id=answered["id"])
    assert refused[0] == 422


async def test_a_change_is_judged_and_shows_nothing_that_was_not(stack: Stack) -> None:
    stack.filters(on=True)
    post_id = (await stack.post())["id"]
    innocent = "I sailed past that harbor last summer, the tide table was right to the minute."
    comment = await stack.comment(post_id, innocent)
    answer = await changed(stack, comment, body=SPAM)
    assert (answer.status_code, answer.json()["held"]) == (200, True)
    assert await thread(stack, post_id) == (0, [])
    assert len(await queue(stack, state="spam")) == 1
    assert (await changed(stack, comment, body=innocent)).json()["held"]
    assert await thread(stack, post_id) == (0, [])
    await decided(stack, "approve", comment["id"])
    assert (await thread(stack, post_id))[0] == 1
    await decided(stack, "remove", comment["id"])
    assert (await changed(stack, comment, body="Hm")).json()["held"]
    assert len(await queue(stack, state="removed")) == 1
    kept, counted = await kept_and_counted(stack)
    assert kept == counted


async def test_what_posts_say_holds_for_changes(stack: Stack) -> None:
    post = await stack.post()
    comment = await stack.comment(post["id"])
    await edit(stack, post["id"], comment_policy="closed")

    async def status() -> int:
        return (await changed(stack, comment, body="Changed")).status_code

    await eventually(status, 409) if await status() == 200 else None
    assert (await deleted(stack, comment)).status_code == 204


async def test_names_may_be_required(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    named = await stack.comment(post_id, author_name="Ann")
    await moderated_by(stack, comment_moderation="none", comment_names="required")

    async def status() -> int:
        return (await said(stack, post_id))[0]

    await eventually(status, 422) if await status() == 201 else None
    assert (await said(stack, post_id))[1]["errors"][0]["pointer"] == "/author_name"
    assert (await said(stack, post_id, author_name="Bo"))[0] == 201
    assert_problem(await changed(stack, named, author_name=None), 422, "invalid")


async def test_browsers_change_by_their_cookie(stack: Stack) -> None:
    post = await stack.post()
    own = {"Origin": PUBLIC_URL} | HTML
    sent = await stack.reader.post(f"/articles/{post['id']}/comments", data={"body": "Frist"})
    (cookie,) = sent.headers.get_list("Set-Cookie")
    comment_id = sent.headers["Location"].partition("#c")[2]
    assert cookie.startswith("dateline-edit=")
    assert cookie.endswith(f"; HttpOnly; Max-Age=900; Path=/comments/{comment_id}; SameSite=strict; Secure")
    own["Cookie"] = cookie.partition(";")[0]
    page = await stack.reader.get(sent.headers["Location"], headers=HTML)
    link = part(page.text, f"#c{comment_id} .notice a").attributes["href"]
    assert link == f"/comments/{comment_id}/edit"
    assert "Change or delete" not in (await stack.reader.get(post["path"], headers=HTML)).text

    editor = await stack.reader.get(link, headers=own)
    assert (editor.status_code, editor.headers["Cache-Control"]) == (200, "no-store")
    assert part(editor.text, "#field-body").text() == "Frist"
    assert (await stack.client({}).get(link, headers=HTML)).status_code == 403
    wrong = await stack.reader.post(link, data={"body": "", "author_name": "Ann"}, headers=own)
    assert wrong.status_code == 422
    assert texts(wrong.text, ".errors a") == ["Comment"]
    assert part(wrong.text, "#field-author_name").attributes["value"] == "Ann"
    assert (await stack.reader.post(link, data={"body": "x"}, headers={"Cookie": own["Cookie"]})).status_code == 403
    saved = await stack.reader.post(link, data={"body": "First", "author_name": "Ann"}, headers=own)
    assert saved.status_code == 303
    shown = (await stack.reader.get(saved.headers["Location"], headers=HTML)).text
    assert texts(shown, f"#c{comment_id} .said p") == ["First"]
    for _ in range(2):
        gone = await stack.reader.post(f"/comments/{comment_id}/delete", data={"subject": ""}, headers=own)
        assert gone.status_code == 303
    assert await thread(stack, post["id"]) == (0, [])


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_repeat_after_the_thread_was_closed_gets_its_answer(stack: Stack) -> None:
    post = await stack.post()
    address, key = f"/api/v1/articles/{post['id']}/comments", {"Idempotency-Key": "k"}
    first = await stack.reader.post(address, json={"body": "Once"}, headers=key)
    await edit(stack, post["id"], comment_policy="closed")
    again = await stack.reader.post(address, json={"body": "Once"}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert_problem(await stack.reader.post(address, json={"body": "Twice"}, headers=key), 422, "invalid")
    assert_problem(await stack.reader.post(address, json={"body": "New"}), 409, "conflict")


async def test_a_repeat_gives_no_challenge_for_what_was_changed_since(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.filters(on=True)
    monkeypatch.setattr("services.comments.domain.judgement.PROOF_UP_TO", 0.97)
    post_id = (await stack.post())["id"]
    address, key = f"/api/v1/articles/{post_id}/comments", {"Idempotency-Key": "k"}
    first = (await stack.reader.post(address, json={"body": "like my photo please"}, headers=key)).json()
    again = (await stack.reader.post(address, json={"body": "like my photo please"}, headers=key)).json()
    assert first["challenge"] is not None
    assert again["challenge"] is not None
    await changed(stack, first, body="like my photo please, and my page")
    again = (await stack.reader.post(address, json={"body": "like my photo please"}, headers=key)).json()
    assert (again["held"], again["challenge"]) == (True, None)
