"""Random histories of a thread beside a model of it: what was said, decided, imported, and done to its post.

`THREAD_EXAMPLES=1000 .venv/bin/pytest tests/comments/test_thread_model.py` looks for more of them.
"""

import os
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Final, TypeVar

import anyio.to_thread
from anyio import from_thread
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from services.comments.commands.follow_posts import take_rules
from services.comments.posts_service import CommentRules
from services.comments.queries.judging import Clues, known_before
from services.comments.tables import threads
from tests.comments.following import eventually
from tests.comments.test_moderation import decided, queue
from tests.comments.thread_model import STATES, Said, ThreadModel
from tests.gateway.inside import database
from tests.gateway.reading import HTML, parts, texts
from tests.posts.listing import edit, put_through
from tests.stack import NOW, Stack

T = TypeVar("T")
EXAMPLES: Final = os.environ.get("THREAD_EXAMPLES")
SETTINGS: Final = settings(
    max_examples=int(EXAMPLES or 8),
    derandomize=EXAMPLES is None,
    stateful_step_count=40,
    deadline=None,
    database=None,
    phases=list(Phase) if EXAMPLES else [Phase.generate],  # to make a failure small takes minutes
    suppress_health_check=list(HealthCheck),
)
_numbers = count()
SOME: Final = st.integers(0, 99)
"""Names one of what there is, going round."""
FEW: Final = st.integers(-3, 2)
"""The first and the last, so that much happens to the same ones."""
DAY: Final = st.integers(0, 30)
Imported = tuple[int | None, str, int]
"""What it answers, its state and its day."""
BATCH: Final = st.lists(st.tuples(st.none() | SOME, st.sampled_from(STATES), DAY), min_size=1, max_size=3)
ACTION: Final = st.sampled_from(("approve", "spam", "remove", "restore", "restore"))
POLICY: Final = st.sampled_from(("open", "open", "closed", "hidden", None))
WRITE: Final = st.tuples(st.just("write"), st.none() | SOME)
DECIDE: Final = st.tuples(st.just("decide"), st.sets(FEW, min_size=1, max_size=3), ACTION)
STEPS: Final = st.one_of(
    *(WRITE, WRITE, WRITE, DECIDE, DECIDE, DECIDE),
    st.tuples(st.just("bring_in"), BATCH),
    st.tuples(st.sampled_from(("edit", "delete")), SOME),
    st.tuples(st.just("change_post"), POLICY),
    st.sampled_from((("hold", True), ("hold", False), ("let_a_month_pass",))),
)
"""One rule with all of them, because of several hypothesis leaves some out of every history."""


class Machine(RuleBasedStateMachine):
    """Runs beside the event loop, in a thread, and asks the stack there."""

    stack: Stack

    def run(self, call: Callable[..., Coroutine[Any, Any, T]], *arguments: Any, **more: Any) -> T:
        return from_thread.run(partial(call, *arguments, **more))

    @initialize()
    def begin(self) -> None:
        self.stack.clock.now = NOW
        self.label = f"label {next(_numbers)}"
        self.post = self.run(self.stack.post, labels=[self.label])
        self.model = ThreadModel()
        self.imported: dict[str, Said] = {}
        self.hold(False)
        self.bring_in([(None, "live", 1), (0, "live", 3), (None, "deleted", 2), (2, "live", 4), (1, "held", 5)])

    @rule(step=STEPS)
    def step(self, step: tuple[Any, ...]) -> None:
        name, *arguments = step
        getattr(self, name)(*arguments)

    def hold(self, on: bool) -> None:
        """As the comments service does when it hears of the blog's policy, which is tested elsewhere."""
        rules = CommentRules("all" if on else "none", 0, "optional", "off", [])
        self.run(database(self.stack, "comments").write, partial(take_rules, rules=rules, now=self.stack.clock()))
        self.model.holds = on

    def write(self, parent: int | None) -> None:
        answered = _one(self.model.said, parent) if parent is not None and self.model.said else None
        body = {"body": "x"} | ({} if answered is None else {"parent_id": answered.id})
        answer = self.run(self.stack.reader.post, f"/api/v1/articles/{self.post['id']}/comments", json=body)
        refusal = self.model.refusal(answered)
        assert answer.status_code == (refusal or (202 if self.model.holds else 201)), answer.text
        if refusal is None:
            state = "held" if self.model.holds else "live"
            said = self._note(answer.json()["id"], answered, answer.json()["published"], state)
            said.token = answer.json()["edit_token"]

    def edit(self, number: int) -> None:
        """Of its author, where the comments service knows what posts says."""
        own = [one for one in self.model.said if one.token]
        if own and self.model.is_live and self.model.policy == "open":
            one = _one(own, number)
            self.run(self._follow)
            answer = self.run(
                self.stack.reader.patch, f"/api/v1/comments/{one.id}", json={"body": "y"}, headers=_token(one)
            )
            assert answer.status_code == (200 if self.model.edit(one, self.stack.clock.now) else 403), answer.text

    def delete(self, number: int) -> None:
        own = [one for one in self.model.said if one.token]
        if own:
            one = _one(own, number)
            answer = self.run(self.stack.reader.delete, f"/api/v1/comments/{one.id}", headers=_token(one))
            assert answer.status_code == (204 if self.model.delete(one, self.stack.clock.now) else 403), answer.text

    def bring_in(self, batch: Sequence[Imported]) -> None:
        """Each of any day; what it answers was brought in before."""
        for parent, state, day in batch:
            answered = _one(list(self.imported), parent) if parent is not None and self.imported else None
            published = (datetime(2026, 2, 1, tzinfo=UTC) + timedelta(days=day)).isoformat()
            source_id = f"{self.post['id']}-{len(self.imported)}"
            one = {"source_id": source_id, "post_id": self.post["id"], "state": state, "published": published}
            (result,) = self.run(self.stack.imported_comments, one | {"parent_source_id": answered})
            assert result["outcome"] == "created"
            self.imported[source_id] = self._note(result["id"], self.imported.get(answered or ""), published, state)

    def decide(self, some: set[int], action: str) -> None:
        chosen = {_one(self.model.said, one) for one in some}
        before = {one: one.state for one in chosen}
        results = self.run(decided, self.stack, action, *(one.id for one in chosen))
        for one in chosen:
            self.model.decide(one, action, self.stack.clock.now)
        assert results == [("unchanged" if before[one] == one.state else "changed", one.state) for one in chosen]

    def change_post(self, policy: str | None) -> None:
        """None: into the trash or out of it."""
        if policy is None:
            self.run(put_through, self.stack, self.post["id"], "trash" if self.model.is_live else "restore")
            self.model.is_live = not self.model.is_live
        elif self.model.is_live:
            self.run(edit, self.stack, self.post["id"], comment_policy=policy)
            self.model.policy = policy

    def let_a_month_pass(self) -> None:
        self.stack.clock.now += timedelta(days=31)

    @invariant()
    def compare_json(self) -> None:
        answer = self.run(self.stack.reader.get, f"/api/v1/articles/{self.post['id']}")
        if not self.model.is_live:
            assert answer.status_code == 404
            return
        comments, is_hidden = answer.json()["comments"], self.model.policy == "hidden"
        assert comments["status"] == self.model.policy
        assert comments["count"] == (None if is_hidden else self.model.count())
        shown = [(item["id"], item["parent_id"], item["deleted"]) for item in comments["items"]]
        assert shown == ([] if is_hidden else self.model.shown())

    def teardown(self) -> None:
        """The other surfaces, after the last step."""
        if hasattr(self, "model"):
            self._compare_page()
            self._compare_list()
            for state in STATES:
                found = self.run(queue, self.stack, state=state, post_id=self.post["id"], limit=100)
                assert [one["id"] for one in found] == self.model.queue(state)
            assert self.run(self._kept) in ((self.model.count(), len(self.model.shown())), None)

    def _compare_page(self) -> None:
        answer = self.run(self.stack.reader.get, self.post["path"], headers=HTML)
        assert answer.status_code == (200 if self.model.is_live else 404)
        shows = self.model.is_live and self.model.policy != "hidden"
        shown, live = self.model.shown() if shows else [], self.model.count()
        assert [node.attributes["id"] for node in parts(answer.text, ".thread li")] == [f"c{one}" for one, *_ in shown]
        assert [not parts(node.html or "", ".said") for node in parts(answer.text, ".thread li")] == [
            is_deleted for *_, is_deleted in shown
        ]
        line = "No comments:" if live == 0 else "1 comment:" if live == 1 else f"{live} comments:"
        assert texts(answer.text, "#comments-heading") == ([line] if shows else [])

    def _compare_list(self) -> None:
        listed = self.run(self.stack.reader.get, "/api/v1/articles", params={"label": self.label})
        counts = [item["comment_count"] for item in listed.json()["items"]]
        live = None if self.model.policy == "hidden" else self.model.count()
        assert counts == ([live] if self.model.is_live else [])

    async def _follow(self) -> None:
        async def is_heard_of() -> bool:
            async with database(self.stack, "comments").read() as reads:
                known = await known_before(reads, int(self.post["id"]), Clues(None, ""), NOW)
                return bool(known["version"] == version)

        version = (await self.stack.operator.get(f"/api/v1/posts/{self.post['id']}")).json()["version"]
        await eventually(is_heard_of, wanted=True)

    async def _kept(self) -> tuple[int, int] | None:
        async with database(self.stack, "comments").read() as reads:
            row = (await reads.execute(select(threads).where(threads.c.post_id == int(self.post["id"])))).one_or_none()
        return None if row is None else (row.live_count, row.shown_count)

    def _note(self, comment_id: str, parent: Said | None, published: str, state: str) -> Said:
        at = datetime.fromisoformat(published)
        self.model.said.append(one := Said(comment_id, parent, at, state, state in {"live", "deleted"}))
        return one


def _token(one: Said) -> dict[str, str]:
    return {"X-Edit-Token": one.token or ""}


def _one(of: Sequence[T], number: int) -> T:
    return of[number % len(of)]


async def test_a_thread_is_as_its_model_says(stack: Stack) -> None:
    machine = type("Machine", (Machine,), {"stack": stack})
    await anyio.to_thread.run_sync(partial(run_state_machine_as_test, machine, settings=SETTINGS))
