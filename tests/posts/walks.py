"""Random histories of a blog: written, changed, published, trashed, deleted, imported, labels and zone changed."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.gateway.inside import publish_what_is_due
from tests.posts.editing import read, send
from tests.stack import Stack

NAMES: Final = ("A", "B", "C", "D")
ZONES: Final = ("UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati")


class Walk:
    """One step after the other, each of some kind and to some post."""

    def __init__(self, stack: Stack, seed: int, expected: frozenset[int] = frozenset({200, 204, 409})) -> None:
        self.expected = expected
        self.stack, self.chance = stack, random.Random(seed)  # noqa: S311 nothing secret
        self.ids: list[str] = []
        self.people: list[str | None] = [None]
        self.steps: tuple[Callable[[], Awaitable[object]], ...] = (
            *(self.write, self.change, self.change, self.date, self.bring_in, self.delete, self.wait, self.zone),
            *(self.publish, self.revert, self.trash, self.restore),
            *(self.rename, self.merge, self.drop),
        )

    async def step(self) -> str:
        step = self.chance.choice(self.steps if self.ids else (self.write,))
        await step()
        return step.__name__

    def when(self) -> str:
        """Near the ends of months, where zones tell them apart; some in the future."""
        at = datetime(2026, self.chance.randint(1, 6), 1, tzinfo=UTC) + timedelta(hours=self.chance.randint(-14, 14))
        return at.isoformat()

    def words(self) -> dict[str, Any]:
        return {
            "labels": self.chance.sample(NAMES, self.chance.randint(0, 3)),
            "author_id": self.chance.choice(self.people),
        }

    async def to_one(self, method: str, more: str, body: Any = None) -> int:
        """The status: 409 for what its state does not allow."""
        post_id = self.chance.choice(self.ids)
        answer = await send(self.stack, method, f"posts/{post_id}{more}", body)
        assert answer.status_code in self.expected, answer.text
        if answer.status_code == 204 and post_id in self.ids:
            self.ids.remove(post_id)
        return answer.status_code

    async def write(self) -> None:
        kind = self.chance.choice(("post", "post", "page"))
        when = {"published": self.when(), "state": self.chance.choice(("live", "draft")), "kind": kind}
        self.ids.append((await self.stack.post(**self.words(), **when))["id"])

    async def bring_in(self) -> None:
        states = self.chance.choices(("live", "draft", "scheduled", "trashed"), k=3)
        author = {"source_id": "bo", "name": "Bo"}
        results = await self.stack.imported_posts(
            *(
                {"source_id": f"{self.chance.random()}", "state": state, "published": self.when(), "author": author}
                | {"labels": self.words()["labels"]}
                for state in states
            )
        )
        self.ids += [result["id"] for result in results if result["id"]]

    async def change(self) -> None:
        await self.to_one("PATCH", "", self.words())

    async def date(self) -> None:
        await self.to_one("PATCH", "", {"published": self.when()})

    async def publish(self) -> None:
        await self.to_one("POST", "/publish", self.chance.choice(({}, {"published": self.when()})))

    async def revert(self) -> None:
        await self.to_one("POST", "/revert")

    async def trash(self) -> None:
        await self.to_one("POST", "/trash")

    async def restore(self) -> None:
        await self.to_one("POST", "/restore")

    async def delete(self) -> None:
        await self.to_one("DELETE", "")

    async def wait(self) -> None:
        self.stack.clock.now += timedelta(days=self.chance.randint(1, 12))
        await publish_what_is_due(self.stack)

    async def zone(self) -> None:
        answer = await send(self.stack, "PATCH", "blog", {"time_zone": self.chance.choice(ZONES)})
        assert answer.status_code in self.expected

    async def rename(self) -> None:
        await self.to_labels("PATCH", "", lambda _: {"name": self.chance.choice(NAMES)})

    async def merge(self) -> None:
        await self.to_labels("POST", "/merge", lambda ids: {"into": self.chance.choice(ids)})

    async def drop(self) -> None:
        await self.to_labels("DELETE", "", lambda _: None)

    async def to_labels(self, method: str, more: str, body: Callable[[list[str]], Any]) -> None:
        ids = [one["id"] for one in (await read(self.stack, "labels", unused=True))["items"]]
        if ids:
            place = f"labels/{self.chance.choice(ids)}{more}"
            answer = await send(self.stack, method, place, body(ids), tag=None)
            assert answer.status_code in self.expected, answer.text
