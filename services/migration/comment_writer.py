"""Writes all comments of a Dateline into a file, a JSON object a line, as docs/comments.md describes it."""

import gzip
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

import httpx

from services.common.mendable import MendableError
from services.migration.calls import reason_of
from services.migration.progress import Progress

_FIRST: Final = "/api/v1/export/comments"
_NDJSON: Final = "application/x-ndjson"


class ExportFailed(MendableError, RuntimeError):  # noqa: N818 it is said to people
    """Not everything is written. A file that was there under the name is as it was."""


async def write_comments(client: httpx.AsyncClient, progress: Progress, file: Path) -> int:
    """How many there are; packed by gzip where the name ends in `.gz`. Raises ExportFailed."""
    progress.start("comments", None)
    count = 0
    try:
        with _whole_or_nothing(file) as stream:
            async for page in _pages(client):
                stream.write(page)
                lines = page.count(b"\n")
                progress.advance(lines)
                count += lines
    except OSError as exc:
        raise ExportFailed(f"{file} cannot be written: {exc.strerror}.") from exc
    return count


async def _pages(client: httpx.AsyncClient) -> AsyncIterator[bytes]:
    address: httpx.URL | str | None = _FIRST
    while address is not None:
        answer = await _page(client, address)
        yield answer.content
        link = answer.links.get("next", {}).get("url")
        address = None if link is None else answer.url.join(link)


async def _page(client: httpx.AsyncClient, address: httpx.URL | str) -> httpx.Response:
    try:
        answer = await client.get(address)
    except httpx.HTTPError as exc:
        raise ExportFailed(f"Dateline does not answer at {client.base_url} ({type(exc).__name__})") from exc
    if not answer.is_success:
        raise ExportFailed(f"Dateline refused to export comments: {reason_of(answer)}")
    if answer.headers.get("Content-Type", "").partition(";")[0] != _NDJSON:
        raise ExportFailed(f"{client.base_url} is not a Dateline")
    return answer


@contextmanager
def _whole_or_nothing(file: Path) -> Iterator[BinaryIO]:
    """What is written is under another name until all of it is on the disk."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as raw:
            # without name and time, so that the same comments make the same file
            stream = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if file.suffix == ".gz" else raw
            yield cast("BinaryIO", stream)
            if stream is not raw:
                stream.close()
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
