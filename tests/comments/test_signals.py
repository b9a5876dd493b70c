"""What speaks for spam besides words: forms, repetition, names like those of the staff, blocks; and proofs of work."""

import base64
import re
import time
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner

from services.comments.domain import signals
from services.comments.domain.look_alikes import skeleton
from services.comments.domain.proofs import Proofs
from services.comments.domain.signals import text_hash
from services.common.secret_files import load_or_create_secret
from services.gateway.pages.form_stamps import FormStamps
from tests.apps import apps
from tests.comments.following import eventually
from tests.comments.proving import easy_proof, solved
from tests.comments.test_counts import kept_and_counted
from tests.comments.test_moderation import queue, said, thread
from tests.comments.test_own_comments import changed
from tests.gateway.inside import database
from tests.gateway.reading import HTML, assert_problem, part
from tests.stack import NOW, PUBLIC_URL, Stack

INNOCENT = "I sailed past that harbor last summer, the tide table was right to the minute."
DOUBTFUL = "like my photo please"
TWO_MINDS = "Comment 1"


def stamp(article_id: str, age_s: int) -> str:
    stamps = FormStamps(load_or_create_secret(apps(PUBLIC_URL).secrets, "comment-forms"))
    with patch.object(TimestampSigner, "get_timestamp", lambda _: int(time.time()) - age_s):
        return stamps.stamp(article_id)


async def submitted(stack: Stack, post_id: str, **fields: str) -> bool:
    """Whether the comment is shown."""
    form = {"body": INNOCENT, "stamp": stamp(post_id, 60)} | fields
    answer = await stack.client({}).post(f"/articles/{post_id}/comments", data=form)
    assert answer.status_code == 303, answer.text
    return "#comment-held" not in answer.headers["Location"]


async def test_forms_tell_programs_from_people(stack: Stack) -> None:
    """What is in two minds about its words is held for its form; what is innocent passes, but for the trap."""
    stack.filters(on=True)
    post_id, other = [(await stack.post())["id"] for _ in range(2)]

    async def shown(**fields: str) -> bool:
        return await submitted(stack, post_id, **{"body": TWO_MINDS} | fields)

    assert await shown()
    assert await shown(stamp=stamp(post_id, 30 * 3600))
    for wrong in (stamp(post_id, 0), "", stamp(other, 60), stamp(post_id, 60) + "x"):
        assert not await shown(stamp=wrong)
        assert await shown(stamp=wrong, body="Well said.")
    assert not await shown(subject="Great offer", body="Well said.")
    assert [one["state"] for one in await queue(stack, state="spam")] == ["spam"]
    held = await queue(stack)
    assert "faster than anybody types" in str(held[-1]["reasons"])
    page = (await stack.reader.get((await stack.reader.get(f"/api/v1/articles/{post_id}")).json()["path"])).text
    fresh = part(page, "input[name=stamp]").attributes["value"]
    assert fresh
    assert not await shown(stamp=fresh), "at once"


async def test_what_is_said_again_is_suspect(stack: Stack) -> None:
    stack.filters(on=True)
    post_ids = [(await stack.post())["id"] for _ in range(6)]
    bodies = [INNOCENT, INNOCENT.upper()] * 3
    answers = [await said(stack, post_id, body=body) for post_id, body in zip(post_ids, bodies, strict=True)]
    assert [status for status, _ in answers] == [201, 201, 202, 202, 202, 202]
    states = [len(await queue(stack, state=state)) for state in ("live", "held", "spam")]
    assert states == [2, 2, 2]
    assert [(await said(stack, post_id, body="Well said."))[0] for post_id in post_ids] == [201] * 6, "short ones are"
    stack.clock.now += timedelta(days=8)
    assert (await said(stack, post_ids[0], body=INNOCENT))[0] == 201


async def test_names_like_those_of_the_staff_wait(stack: Stack) -> None:
    stack.filters(on=True)
    post_id = (await stack.post())["id"]
    await stack.operator.post("/api/v1/authors", json={"name": "Olivia Lund"})

    async def followed() -> int:
        async with database(stack, "comments").read() as reads:
            return len((await reads.exec_driver_sql("SELECT * FROM staff_names")).all())

    await eventually(followed, 1)
    names = ("0livia Lund", "olivia_lund", "\u041eliviaLund", "\u00d3livi\u0430 Lund", "Olivia Lundberg", "Ann")
    answers = [(await said(stack, post_id, body=f"{INNOCENT} {name}", author_name=name))[0] for name in names]
    assert answers == [202, 202, 202, 202, 201, 201]
    assert "looks like that of Olivia Lund" in str((await queue(stack))[0]["reasons"])
    mine = {"body": "Mine", "author_name": "Olivia Lund"}
    assert (await stack.operator.post(f"/api/v1/articles/{post_id}/comments", json=mine)).status_code == 201


async def test_what_is_blocked_is_spam_and_counted_also_after_a_change(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    for kind, value in (("word", "snake oil"), ("link", "spam.example"), ("address", "127.0.0.0/8")):
        added = await stack.operator.post("/api/v1/comments/blocks", json={"kind": kind, "value": value})
        assert added.status_code == 201, added.text
    address_block = added.json()["id"]
    assert (await said(stack, post_id))[0] == 202
    assert (await stack.operator.delete(f"/api/v1/comments/blocks/{address_block}")).status_code == 204
    assert (await said(stack, post_id))[0] == 201
    assert (await said(stack, post_id, body="Best Snake Oil!"))[0] == 202
    comment = await stack.comment(post_id)
    assert (await changed(stack, comment, body="See http://www.spam.example/x")).json()["held"]
    assert (await thread(stack, post_id))[0] == 1
    blocks = (await stack.operator.get("/api/v1/comments/blocks")).json()["items"]
    assert {block["value"]: block["hits"] for block in blocks} == {"snake oil": 1, "spam.example": 1}
    spam = await queue(stack, state="spam")
    assert len(spam) == 3
    assert "snake oil" in str(spam[1]["reasons"])
    assert (await stack.operator.post(f"/api/v1/articles/{post_id}/comments", json={"body": "snake oil"})).is_success


async def doubtful(stack: Stack, post_id: str) -> dict[str, Any]:
    status, comment = await said(stack, post_id, body=DOUBTFUL)
    assert (status, comment["held"]) == (202, True)
    return comment


async def proven(stack: Stack, comment: dict[str, Any], proof: str) -> httpx.Response:
    return await stack.reader.post(f"/api/v1/comments/{comment['id']}/proof", json={"altcha": proof})


async def test_a_proof_of_work_shows_what_is_in_doubt(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.filters(on=True)
    monkeypatch.setattr("services.comments.domain.judgement.PROOF_UP_TO", 0.97)
    monkeypatch.setattr("services.comments.domain.proofs.MAX_NUMBER", 500)
    post_id = (await stack.post())["id"]
    comment = await doubtful(stack, post_id)
    assert set(comment["challenge"]) == {"algorithm", "challenge", "maxNumber", "salt", "signature"}
    other = await doubtful(stack, post_id)
    proof = solved(comment["challenge"])
    surrogates = base64.b64encode(
        b'{"algorithm":"SHA-256","challenge":"\\ud800","salt":"x","signature":"x","number":1}'
    ).decode()
    for wrong in ("", "e30=", "W10=", surrogates, proof[:-4], easy_proof(comment["id"], 2, NOW + timedelta(hours=1))):
        assert_problem(await proven(stack, comment, wrong), 422, "invalid")
    assert_problem(await proven(stack, other, proof), 422, "invalid")
    for _ in range(2):
        answer = await proven(stack, comment, proof)
        assert (answer.status_code, answer.json()["held"]) == (200, False)
    assert await thread(stack, post_id) == (1, [comment["id"]])
    kept, counted = await kept_and_counted(stack)
    assert kept == counted
    await stack.operator.post("/api/v1/comments/decisions", json={"ids": [other["id"]], "action": "spam"})
    assert_problem(await proven(stack, other, solved(other["challenge"])), 422, "invalid")
    late = await doubtful(stack, post_id)
    stack.clock.now += timedelta(minutes=61)
    assert_problem(await proven(stack, late, solved(late["challenge"])), 422, "invalid")
    assert (await said(stack, post_id, body=INNOCENT))[1]["challenge"] is None


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_pages_give_browsers_the_challenge(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.filters(on=True)
    monkeypatch.setattr("services.comments.domain.judgement.PROOF_UP_TO", 0.97)
    post_id = (await stack.post())["id"]
    form = {"body": DOUBTFUL, "stamp": stamp(post_id, 60)}
    sent = await stack.client({}).post(f"/articles/{post_id}/comments", data=form)
    page = (await stack.reader.get(sent.headers["Location"], headers=HTML)).text
    notice = part(page, "#comment-held").attributes
    assert str(notice["data-comment"]) in sent.headers["Location"]
    assert '"maxNumber":' in str(notice["data-challenge"])
    assert "/static/proof.js" in page
    bare = re.sub(r"proof=[^#]+", "proof=%7B%7D", sent.headers["Location"])
    assert "/static/proof.js" not in (await stack.reader.get(bare, headers=HTML)).text


def test_proofs_are_of_one_version_of_one_comment() -> None:
    challenge = Proofs("secret").challenge(7, 3, NOW)
    told = {"challenge": challenge.challenge, "salt": challenge.salt, "maxNumber": 100_000}
    proof = solved(told | {"algorithm": "SHA-256", "signature": challenge.signature})
    assert Proofs("secret").proven(proof, NOW) == (7, 3)
    assert Proofs("other").proven(proof, NOW) is None
    assert Proofs("secret").proven(proof, NOW + timedelta(minutes=61)) is None


def test_look_alikes() -> None:
    assert (
        len({skeleton(name) for name in ("Bill", "bi11", "B|LL", "b.i.l.l", "\uff22\uff29\uff2c\uff2c", "B\u00edll")})
        == 1
    )
    assert skeleton("Bill") != skeleton("Will")
    assert skeleton("!?") == ""


def test_texts_are_the_same_by_their_letters() -> None:
    long = "The quick brown fox jumps over the lazy dog again"
    assert text_hash(long) == text_hash(f"  {long.upper()}!! 123 ") is not None
    assert text_hash(long) != text_hash(long.replace("dog", "cat"))
    assert text_hash("Thanks!") is None


@given(st.text(st.characters(codec="ascii")))
def test_letters_of_ascii_are_found_as_others_are(text: str) -> None:
    assert signals._letters_of(text) == signals._letters_of(text + "\u2014")
