"""Eight writers at a server that is killed again and again, and what must be there in the end."""

import asyncio
import signal
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from services.gateway.operator_key import operator_key
from tests.e2e.processes import Running, begun, free_port, running

WRITERS: Final = 8
POSTS: Final = 3
PHASES: Final = ("starting", "writing", "stopping")
CHANGES: Final = ("edited", "deleted", "moderated")
EDITED: Final = "Said again"
_MOST: Final = 40
"""Answers that a round waits for at most before its kill."""
_START_S: Final = 1.5
_PAUSE_S: Final = 0.03
_DEADLINE_S: Final = 60


@dataclass(frozen=True)
class Step:
    """One write. Sent again after a kill it is the same one: by its key, or because it says what is to be.

    `about` is the post that a comment is written to, or the comment that is changed.
    """

    method: str
    address: str
    about: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass
class History:
    """What was asked for and what was answered. `stored` is comment id by key; what is done to those of `alone`, by id
    with their tokens, is in `changed`, by kind of change; nobody answers these.
    """

    chance: Random
    posts: list[dict[str, Any]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    unanswered: list[Step] = field(default_factory=list)
    stored: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    answerable: list[tuple[str, str]] = field(default_factory=list)
    alone: list[tuple[str, str]] = field(default_factory=list)
    going: set[str] = field(default_factory=set)
    changed: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    answers: int = 0

    def next_step(self) -> Step:
        """What has no answer yet comes first, and once in a while what has one comes again."""
        if self.unanswered:
            self.repeated += 1
            return self.unanswered.pop()
        kind = self.chance.random()
        if kind < 0.05 and self.steps:
            return self.chance.choice(self.steps)
        if kind < 0.2 and self.alone:
            return self._change(*self.alone.pop(self.chance.randrange(len(self.alone))))
        return self._comment(is_reply=kind < 0.5)

    def _change(self, comment_id: str, token: str) -> Step:
        kind, address, own = self.chance.choice(CHANGES), f"/api/v1/comments/{comment_id}", {"X-Edit-Token": token}
        if kind == "edited":
            return Step("PATCH", address, comment_id, {"body": EDITED}, own)
        self.going.add(comment_id)
        if kind == "deleted":
            return Step("DELETE", address, comment_id, headers=own)
        decision = {"ids": [comment_id], "action": "remove"}
        return Step("POST", "/api/v1/comments/decisions", comment_id, decision)

    def _comment(self, *, is_reply: bool) -> Step:
        key = f"key-{len(self.parents)}"
        post_id, parent_id = self.chance.choice(self.posts)["id"], None
        body = {"body": key}
        if is_reply and self.answerable:
            post_id, parent_id = self.chance.choice(self.answerable)
            body["parent_id"] = parent_id
        self.parents[key] = parent_id
        return Step("POST", f"/api/v1/articles/{post_id}/comments", post_id, body, {"Idempotency-Key": key}, key)

    def note(self, step: Step, answer: httpx.Response) -> None:
        self.answers += 1
        if not step.key:
            assert answer.is_success, answer.text
            self.changed[step.about] = {"PATCH": "edited", "DELETE": "deleted", "POST": "moderated"}[step.method]
            return
        comment_id = answer.json()["id"]
        assert answer.status_code == 201 or (answer.status_code == 202 and comment_id in self.going), answer.text
        if step.key in self.stored:
            assert self.stored[step.key] == comment_id, "a repeat made another comment"
            return
        self.stored[step.key] = comment_id
        self.steps.append(step)
        if self.chance.random() < 0.2:
            self.alone.append((comment_id, answer.json()["edit_token"]))
        else:
            self.answerable.append((step.about, comment_id))


@dataclass
class Rounds:
    """`dateline serve` on a folder, killed in each of some rounds."""

    folder: Path
    env: Mapping[str, str]
    history: History

    async def kill(self, phase: str) -> None:
        self.history.kills[phase] += 1
        if phase == "starting":
            await self._kill_at_start()
            return
        with self.serving() as server:
            async with self.client(server) as client:
                await self._make_posts(client)
                enough = asyncio.Event()
                at = self.history.answers + self.history.chance.randint(1, _MOST)
                writers = [asyncio.create_task(self._write(client, enough, at)) for _ in range(WRITERS)]
                async with asyncio.timeout(_DEADLINE_S):
                    await enough.wait()
                    await asyncio.sleep(self.history.chance.uniform(0, _PAUSE_S))
                    if phase == "stopping":
                        server.process.send_signal(signal.SIGTERM)
                        await asyncio.sleep(self.history.chance.uniform(0, _PAUSE_S))
                    server.kill()
                    await asyncio.gather(*writers)

    def serving(self) -> AbstractContextManager[Running]:
        return running("serve", "--data", self.folder, env=self.env)

    def client(self, server: Running) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {operator_key(self.folder / 'secrets')}"}
        return httpx.AsyncClient(base_url=server.url, headers=headers, timeout=20)

    async def finish(self, client: httpx.AsyncClient) -> None:
        """Repeats what has had no answer so far."""
        while self.history.unanswered:
            assert await self._send(client, self.history.next_step())

    async def _make_posts(self, client: httpx.AsyncClient) -> None:
        while len(self.history.posts) < POSTS:
            answer = await client.post("/api/v1/posts", json={"title": "T", "body_html": "x"})
            self.history.posts.append(answer.json())

    async def _kill_at_start(self) -> None:
        process = begun("serve", "--data", self.folder, port=free_port(), env=self.env)
        await asyncio.sleep(self.history.chance.uniform(0, _START_S))
        process.kill()
        process.communicate()

    async def _write(self, client: httpx.AsyncClient, enough: asyncio.Event, at: int) -> None:
        while await self._send(client, self.history.next_step()):
            if self.history.answers >= at:
                enough.set()

    async def _send(self, client: httpx.AsyncClient, step: Step) -> bool:
        """Whether there was an answer; one that says to try again is none."""
        answer = None
        with suppress(httpx.TransportError):
            answer = await client.request(step.method, step.address, json=step.body, headers=dict(step.headers))
        if answer is None or answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            self.history.unanswered.append(step)
            return False
        self.history.note(step, answer)
        return True
