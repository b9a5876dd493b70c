"""E-mail addresses of commenters leave the comments service in mails to themselves only, nor does any hash of them."""

import hashlib
from collections import defaultdict
from typing import Final

import pytest

from tests.comments.following import service
from tests.security.inside import everything_stored
from tests.security.surfaces import addresses, everything_said, read_each
from tests.security.things import mail_token
from tests.stack import Stack

LOCAL: Final = "qzcommenterqz"
EMAIL: Final = f"{LOCAL}@readers.example"
HASHES: Final = [hashlib.new(name, EMAIL.encode()).hexdigest() for name in ("md5", "sha1", "sha256")]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_addresses_are_in_no_answer(stack: Stack) -> None:
    """To readers, to the operator, to the services that follow; the control finds it in the table."""
    post = await stack.post()
    token = await mail_token(stack, post["id"], EMAIL)
    stack.comments_state["notifies"] = True
    held = {"body": "Held", "email": EMAIL, "notify": True, "author_name": "Ann"}
    written = await stack.reader.post(f"/api/v1/articles/{post['id']}/comments", json=held)
    comment_id = written.json()["id"]
    values = defaultdict(list[str], token=[token], article_id=[post["id"]], post_id=[post["id"]], path=[post["path"]])
    values |= {"comment_id": [comment_id], "state": ["live", "held"], "q": [LOCAL]}
    found = addresses(stack.gateway, values)
    answers = [written, *(await read_each(stack, found)).values()]
    answers += [await stack.operator.get(address) for address in found]
    answers += [
        await stack.operator.post("/api/v1/comments/decisions", json={"ids": [comment_id], "action": action})
        for action in ("remove", "restore")
    ]
    async with service(stack, "comments") as comments:
        answers += [await comments.get(path) for path in ("/changes", f"/threads/{post['id']}", "/comments")]
    asked_for = f"q={LOCAL}"
    said = [everything_said(answer) for answer in answers if asked_for not in str(answer.url)]
    assert len(said) > 50
    assert not [text for text in said if any(word in text for word in (LOCAL, *HASHES))]
    assert any("Held" in text for text in said)

    stored = await everything_stored(stack, "comments")
    assert [table for table, rows in stored.items() if LOCAL in str(rows)] == ["subscriptions"]
