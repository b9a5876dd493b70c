"""How good computed related posts are: `python -m bench.related_quality DOCS.jsonl QRELS.jsonl > RUN.jsonl`.

Starts a posts service on a fresh database, sends it the documents as an import over HTTP, waits until all lists are
made, reads the lists of the queries and writes them a line each: {"query": id, "ranked": [ids]}, best first.
"""

import asyncio
import html
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
import typer

from services.cli.started import started
from services.common.callers import Principal, caller_headers, principal_headers
from services.common.in_process import InProcessTransport
from services.common.logs import set_up_logs
from services.common.open_database import sqlite_url
from services.common.secret_files import load_or_create_secret
from services.posts.app import create_app
from services.posts.settings import PostsSettings

_BATCH: Final = 100
_LIST: Final = 20
_IMPORTER: Final = Principal("operator", frozenset({"import:run"}))
_SOURCE: Final = "bench"


def main(
    docs: Annotated[Path, typer.Argument(help="Documents: id, title, body, labels, published, perhaps lang.")],
    qrels: Annotated[Path, typer.Argument(help="Judgements; only the queries are read.")],
    run: Annotated[Path | None, typer.Option(help="Where the run goes instead of the standard output.")] = None,
    database: Annotated[str | None, typer.Option(help="The URL of an empty database instead of a file.")] = None,
) -> None:
    ranked = asyncio.run(_measure(docs, [line["query"] for line in _lines(qrels)], database))
    rows = (json.dumps(row, ensure_ascii=False) + "\n" for row in ranked)
    if run is None:
        sys.stdout.writelines(rows)
    else:
        run.write_text("".join(rows), encoding="utf-8")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


async def _measure(docs: Path, queries: list[str], database: str | None) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        url = database or sqlite_url(Path(folder) / "posts.db")
        secrets = Path(folder) / "secrets"
        settings = PostsSettings.load(posts_database_url=url, secrets=secrets, log_level="error")
        secret = load_or_create_secret(secrets, "gateway")
        headers = caller_headers("gateway", secret) | principal_headers(_IMPORTER)
        set_up_logs("auto", "error")
        async with started(create_app(settings)) as app:
            transport = InProcessTransport(app.app, app.state)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://posts", headers=headers, timeout=300
            ) as client:
                begun = time.monotonic()
                ids = await _import(client, _lines(docs))
                sent = time.monotonic()
                await _wait(client)
                print(f"{len(ids)} imported in {sent - begun:.1f} s, ", file=sys.stderr, end="")
                print(f"lists made {time.monotonic() - sent:.1f} s later", file=sys.stderr)
                names = {post_id: source_id for source_id, post_id in ids.items()}
                return [await _ranked(client, ids, names, query) for query in queries]


async def _import(client: httpx.AsyncClient, docs: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The posts' ids by those of the documents."""
    ids, batch = dict[str, str](), list[dict[str, Any]]()
    for doc in docs:
        batch.append(_post(doc))
        if len(batch) == _BATCH:
            ids |= await _send(client, batch)
            batch = []
    return ids | await _send(client, batch)


async def _send(client: httpx.AsyncClient, batch: list[dict[str, Any]]) -> dict[str, str]:
    answer = await client.post("/import/posts", json={"source": _SOURCE, "posts": batch})
    answer.raise_for_status()
    for result in answer.json()["results"]:
        if result["id"] is None:
            print(f"{result['source_id']}: {result['notes']}", file=sys.stderr)
    return {result["source_id"]: result["id"] for result in answer.json()["results"] if result["id"] is not None}


def _post(doc: dict[str, Any]) -> dict[str, Any]:
    """The body is text: each paragraph becomes one of HTML."""
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in doc["body"].split("\n\n") if part.strip())
    return {
        "source_id": doc["id"],
        "kind": "post",
        "state": "live",
        "title": doc["title"],
        "body": paragraphs,
        "body_format": "html",
        "labels": doc.get("labels") or [],
        "published": _instant(doc.get("published")),
    }


def _instant(published: str | None) -> str:
    """Of a date, or a time with or without a zone."""
    if not published:
        return "2020-01-01T00:00:00Z"
    if "T" not in published:
        published = published.replace(" ", "T") if " " in published else f"{published}T00:00:00"
    has_zone = published.endswith("Z") or "+" in published or "-" in published.split("T")[1]
    return published if has_zone else f"{published}Z"


async def _wait(client: httpx.AsyncClient) -> None:
    while True:
        progress = (await client.get("/related/progress")).raise_for_status().json()
        if not (progress["unread"] or progress["unweighed"] or progress["unlisted"]):
            return
        await asyncio.sleep(0.2)


async def _ranked(client: httpx.AsyncClient, ids: dict[str, str], names: dict[str, str], query: str) -> dict[str, Any]:
    if query not in ids:
        return {"query": query, "ranked": []}
    answer = (await client.get(f"/articles/{ids[query]}/related", params={"limit": _LIST})).raise_for_status()
    related = [one["target"]["id"] for one in answer.json()["related"]]
    return {"query": query, "ranked": [names[post_id] for post_id in related]}


if __name__ == "__main__":
    typer.run(main)
