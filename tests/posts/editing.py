"""Edits as editors do: what they read, with the tag of the version they have read, and what that costs."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.gateway.reading import assert_problem
from tests.recorder import Costs
from tests.stack import Stack

PRESENT = "present"
"""Stands for the tag of the version that is there."""
_OF_JOBS = re.compile(
    r"SELECT posts\.id, posts\.kind, posts\.version, posts\.title, posts\.path, posts\.author_id,"
    r" posts\.published_at\s+FROM posts"
    r"|SELECT posts\.id, posts\.version, posts\.body_html\s+FROM posts JOIN search_owed"
    r"|DELETE FROM idempotency WHERE idempotency\.key_hash IN"
)


async def tag_of(stack: Stack, place: str) -> str:
    """The ETag of `posts/ID`, `authors/ID` or `blog`, or of what lies inside of them."""
    answer = await stack.operator.get("/api/v1/" + "/".join(place.split("/")[:2]))
    assert answer.status_code == 200, answer.text
    tag: str = answer.headers["ETag"]
    return tag


async def send(
    stack: Stack,
    method: str,
    place: str,
    body: Any = None,
    *,
    tag: str | None = PRESENT,
    by: httpx.AsyncClient | None = None,
) -> httpx.Response:
    """`place` is the path behind /api/v1/; `tag` None sends no If-Match."""
    shown = await tag_of(stack, place) if tag == PRESENT else tag
    headers = {} if shown is None else {b"If-Match": shown.encode()}
    return await (by or stack.operator).request(method, f"/api/v1/{place}", json=body, headers=headers)


async def done(stack: Stack, method: str, place: str, body: Any = None) -> dict[str, Any]:
    answer = await send(stack, method, place, body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def patched(stack: Stack, post: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return await done(stack, "PATCH", f"posts/{post['id']}", changes)


async def acted(stack: Stack, post: dict[str, Any], action: str, body: Any = None) -> dict[str, Any]:
    """The post after `publish`, `revert`, `trash` or `restore`."""
    return await done(stack, "POST", f"posts/{post['id']}/{action}", body)


async def deleted(stack: Stack, place: str) -> None:
    answer = await send(stack, "DELETE", place)
    assert (answer.status_code, answer.content) == (204, b""), answer.text


async def read(stack: Stack, place: str, **params: Any) -> Any:
    """What the operator is answered."""
    answer = await stack.operator.get(f"/api/v1/{place}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def article(stack: Stack, post: dict[str, Any]) -> dict[str, Any]:
    """The article as readers get it."""
    answer = await stack.reader.get(f"/api/v1/articles/{post['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed_ids(stack: Stack, **params: Any) -> list[str]:
    """The ids of a readers' list."""
    answer = await stack.reader.get("/api/v1/articles", params=params)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def is_shown(stack: Stack, post: dict[str, Any]) -> bool:
    status = (await stack.reader.get(f"/api/v1/articles/{post['id']}")).status_code
    assert status in {200, 404}
    return status == 200


def refused(answer: httpx.Response, status: int, slug: str) -> list[str]:
    """The pointers of a problem."""
    assert_problem(answer, status, slug)
    members = answer.json()
    return [one["pointer"] for one in members.get("errors", [members]) if "pointer" in one]


@contextmanager
def recording(stack: Stack) -> Iterator[Costs]:
    """Costs without what jobs ask beside."""
    with stack.recorder.recording() as costs:
        yield costs
    costs.queries["posts"] = [one for one in costs.queries["posts"] if not _OF_JOBS.match(one)]


async def cost(stack: Stack, method: str, place: str, body: Any = None, status: int = 200) -> tuple[list[str], int]:
    """The calls to services and the number of queries of one request with the present tag."""
    tag = None if method == "GET" or place in {"posts", "authors"} or "labels/" in place else PRESENT
    shown = await tag_of(stack, place) if tag else None
    with recording(stack) as costs:
        answer = await send(stack, method, place, body, tag=shown)
    assert answer.status_code == status, answer.text
    assert costs.counts()["comments"] == 0
    return costs.calls, costs.counts()["posts"]


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    """Returns when a job has brought it about; TimeoutError when none does."""
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 a job tells nobody
            await asyncio.sleep(0.02)
