"""What a write operation is tried on: a post with an earlier wording, labels, an author, all new for each trial."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, Final, Literal

from sqlalchemy import select

from services.comments.domain.subscription_tokens import token_of
from services.comments.tables import subscriptions
from tests.comments.proving import easy_proof
from tests.comments.voting import take_votes
from tests.security.bodies import OF_MAILS, WRITES
from tests.security.inside import database_of
from tests.stack import Stack

PostState = Literal["draft", "scheduled", "live", "trashed draft", "trashed scheduled", "trashed live"]
PAST: Final = "2022-01-08T12:00:00Z"
FUTURE: Final = "2032-01-08T12:00:00Z"
_ALL: Final = {"version", "other_id", "author_id", "comment_id", "token", "block_id", "label_id", "other_label_id"}
_numbers = count(1)


@dataclass(frozen=True)
class Things:
    """`ids` are what addresses and bodies name in braces; `fresh` among them is a word that no other trial has."""

    ids: Mapping[str, str]

    def fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.fill(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.fill(one) for one in value]
        if isinstance(value, str) and "{" in value:
            for name, found in self.ids.items():
                value = value.replace(f"{{{name}}}", found)
        return value

    def conditions(self, address: str) -> dict[str, str]:
        """The header that what the address changes wants with it; others need none."""
        parts = address.split("/")
        if parts[3:4] == ["comments"] and "edit_token" in self.ids:
            return {"X-Edit-Token": self.ids["edit_token"]}
        if address == "/api/v1/blog" or (len(parts) > 4 and parts[3] in {"posts", "authors"}):
            return {"If-Match": "*"}
        return {}


async def new_things(stack: Stack, operation: str = "", state: PostState | None = None) -> Things:
    """`state` of the post; without it one that the operation changes. Beside the post only what the operation names in
    its address or its body is made; everything, for no operation.
    """
    named = _names(operation) if operation else _ALL
    fit: Mapping[str, PostState] = {"publish": "draft", "restore": "trashed live"}
    state = state or fit.get(operation.partition("{post_id}/")[2], "live")
    fresh = f"qz{next(_numbers)}qz"
    labels = [f"{fresh} label", f"{fresh} other"]
    post = await _post(stack, state, labels[:1], is_changed="version" in named)
    ids = {"fresh": fresh, "post_id": post["id"], "article_id": post["id"], "version": "1"}
    if named & {"other_id", "other_label_id", "comment_id", "token"}:
        other = await stack.post(title=f"{fresh} linked", labels=labels[1:], published=PAST)
        ids["other_id"] = other["id"]
    if "author_id" in named:
        author = await stack.operator.post("/api/v1/authors", json={"name": f"{fresh} author"})
        ids["author_id"] = author.json()["id"]
    if operation.endswith("/vote"):
        await take_votes(stack)
    if "comment_id" in named:
        comment = await stack.comment(ids["other_id"])
        proof = easy_proof(comment["id"], 1, stack.clock() + timedelta(hours=1))
        ids |= {"comment_id": comment["id"], "edit_token": comment["edit_token"], "proof": proof}
    if "token" in named:
        ids["token"] = await mail_token(stack, ids["other_id"], f"{fresh}@readers.example")
    if "block_id" in named:
        block = await stack.operator.post("/api/v1/comments/blocks", json={"kind": "word", "value": f"{fresh} block"})
        ids["block_id"] = block.json()["id"]
    if named & {"label_id", "other_label_id"}:
        listed = await stack.operator.get("/api/v1/labels", params={"limit": 1000, "unused": True})
        label_ids = {one["name"]: one["id"] for one in listed.json()["items"]}
        numbered = {"label_id": labels[0], "other_label_id": labels[1]}
        ids |= {name: label_ids[label] for name, label in numbered.items() if name in named}
    return Things(ids)


def _names(operation: str) -> set[str]:
    found = set(re.findall(r"{(\w+)}", f"{operation} {WRITES.get(operation)}"))
    return found | ({"token"} if operation in OF_MAILS else set())


async def mail_token(stack: Stack, post_id: str, email: str) -> str:
    """Of the links in mails about replies to a comment that is made for it."""
    notified = stack.comments_state["notifies"]
    stack.comments_state["notifies"] = True
    comment_id = (await stack.comment(post_id, email=email, notify=True))["id"]
    stack.comments_state["notifies"] = notified
    async with database_of(stack, "comments").read() as reads:
        mine = select(subscriptions.c.id).where(subscriptions.c.comment_id == int(comment_id))
        return token_of((await reads.execute(mine)).scalar_one(), stack.comments_state["token_secret"])


async def _post(stack: Stack, state: PostState, labels: list[str], *, is_changed: bool) -> dict[str, Any]:
    """`is_changed`: its first version is an earlier wording."""
    is_draft, is_scheduled = state.endswith("draft"), state.endswith("scheduled")
    post = await stack.post(
        title="First",
        labels=labels,
        published=FUTURE if is_scheduled else PAST,
        state="draft" if is_draft else "live",
    )
    address = f"/api/v1/posts/{post['id']}"
    always = {"If-Match": "*"}
    if is_changed:
        changed = await stack.operator.patch(address, json={"title": "Second"}, headers=always)
        assert changed.status_code == 200, changed.text
    if state.startswith("trashed"):
        trashed = await stack.operator.post(f"{address}/trash", headers=always)
        assert trashed.json()["state"] == "trashed", trashed.text
    written: dict[str, Any] = post
    return written


async def article(stack: Stack) -> str:
    """The id of a live article to write under."""
    written: str = (await stack.post())["id"]
    return written
