"""The cached page against an app that returns the same bytes (python -m bench.cached_page).

In turns in one run, both servers on one core, the one who asks on another. The bytes are the same to the last header,
but for `Date`; a 304 is compared with the whole page. Logs, metrics and access rules are on.
"""

import argparse
import os
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx

from bench.asking import Rate, answer_to, rate_of, request_of
from bench.serving import ASKING_CORE, Server, bare, dateline, operator, scratch

ROUNDS: Final = 7
SECONDS: Final = 1.5
_BROWSER: Final = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "DNT": "1",
    "Connection": "keep-alive",
    "Cookie": "theme=dark; consent=yes",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Sec-Fetch-User": "?1",
    "Priority": "u=0, i",
}


def fill(client: httpx.Client) -> tuple[str, str]:
    """An article with 50 comments; its path and its id."""
    text = "<p>" + "The ferry went out at seven and nobody was at the harbor to see it. " * 6 + "</p>"
    made = client.post("/api/v1/posts", json={"title": "Harbor", "body_html": text * 6, "labels": ["Harbor"]})
    made.raise_for_status()
    for n in range(50):
        said = {"body": f"Comment {n}: I was there, and it was quite cold.", "author_name": "Ann"}
        client.post(f"/api/v1/articles/{made.json()['id']}/comments", json=said).raise_for_status()
    return made.json()["path"], made.json()["id"]


def kinds(path: str, article_id: str, port: int) -> dict[str, tuple[str, dict[str, str]]]:
    _, headers, _ = answer_to(port, request_of(path, f"127.0.0.1:{port}", {}))
    tag = dict(headers)[b"etag"].decode()
    json = f"/api/v1/articles/{article_id}"
    return {
        "HTML, identity": (path, {}),
        "HTML, browser, br": (path, _BROWSER),
        "HTML, 304": (path, {"If-None-Match": tag}),
        "JSON, identity": (json, {}),
        "JSON, browser, br": (json, _BROWSER),
    }


def measure(server: Server, folder: Path) -> None:
    with operator(server, folder) as client:
        path, article_id = fill(client)
    host = f"127.0.0.1:{server.port}"
    for _ in range(3):
        for coding in ({}, _BROWSER):
            for one in (path, f"/api/v1/articles/{article_id}"):
                answer_to(server.port, request_of(one, host, coding))
    asked = kinds(path, article_id, server.port)
    answers: dict[str, Any] = {}
    for n, (name, (one, headers)) in enumerate(asked.items()):
        whole = {} if name.endswith("304") else headers
        status, given, body = answer_to(server.port, request_of(one, host, whole))
        told = [(key.hex(), value.hex()) for key, value in given if key != b"date"]
        answers[f"/{n}"] = (status, told, body.hex())
    answers["/livez"] = (200, [], "")
    with bare(answers, folder) as other:
        print(f"{'':20} {'bytes':>7} {'bare':>9} {'cached':>9} {'ratio':>6} {'CPU µs':>14} {'ratio':>6}")
        for n, (name, (one, headers)) in enumerate(asked.items()):
            requests = (request_of(f"/{n}", host, headers), request_of(one, host, headers))
            rows: list[tuple[Rate, Rate]] = []
            for _ in range(ROUNDS):
                left = rate_of(other.port, other.pid, requests[0], SECONDS)
                rows.append((left, rate_of(server.port, server.pid, requests[1], SECONDS)))
            _print(name, len(answers[f"/{n}"][2]) // 2, rows)


def _print(name: str, size: int, rows: list[tuple[Rate, Rate]]) -> None:
    plain, ours = [median(row[side].per_s for row in rows) for side in (0, 1)]
    plain_us, ours_us = [median(row[side].cpu_us for row in rows) for side in (0, 1)]
    by_rate = median(right.per_s / left.per_s for left, right in rows)
    by_cpu = median(left.cpu_us / right.cpu_us for left, right in rows)
    print(f"{name:20} {size:7} {plain:9.0f} {ours:9.0f} {by_rate:6.2f} {plain_us:6.1f} {ours_us:6.1f} {by_cpu:7.2f}")


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    os.sched_setaffinity(0, {ASKING_CORE})
    with scratch() as folder, dateline(folder) as server:
        measure(server, folder)


if __name__ == "__main__":
    main()
