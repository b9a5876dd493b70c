"""Calls Dateline's import routes, and says in a sentence why one was not answered."""

from typing import Any

import httpx
from msgspec import to_builtins

from services.common.mendable import MendableError
from services.migration.records import CommentRecord, PostRecord


class ImportFailed(MendableError, RuntimeError):  # noqa: N818 it is said to people
    """Dateline did not take a batch. What was sent before is stored; the same import again goes on from there."""


async def call(client: httpx.AsyncClient, what: str, body: dict[str, Any]) -> Any:
    """What the route answered: of a blog its notes, else the results. Raises ImportFailed."""
    try:
        answer = await client.post(f"/api/v1/import/{what}", json=body)
    except httpx.HTTPError as exc:
        raise ImportFailed(f"Dateline does not answer at {client.base_url} ({type(exc).__name__})") from exc
    if not answer.is_success:
        raise ImportFailed(f"Dateline refused to import {what}: {reason_of(answer)}")
    try:
        taken = answer.json()
        return taken if what == "blog" and "notes" in taken else taken["results"]
    except (ValueError, KeyError, TypeError) as exc:
        raise ImportFailed(f"{client.base_url} is not a Dateline") from exc


def wire(record: PostRecord | CommentRecord, **but: None) -> dict[str, Any]:
    """A record as JSON can carry it, without the members named in `but`."""
    return {name: value for name, value in to_builtins(record).items() if name not in but}


def reason_of(answer: httpx.Response) -> str:
    """Why an answer is no success, in its own words."""
    try:
        problem = answer.json()
        return f"{problem['title']}. {problem.get('detail', '')} {problem.get('errors', '')}".strip()
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
