"""The article page without the page cache against an app that returns the same bytes (python -m bench.cold_page).

In turns in one run, the servers on one core, the one who asks on another. What counts is the processor time of all
processes for a page: with everything in one process, and with a process each.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import httpx

from bench.asking import answer_to, cpu_s, rate_of, request_of
from bench.serving import ASKING_CORE, Server, bare, dateline, operator, scratch, three_services

ROUNDS: Final = 20
SECONDS: Final = 0.5
"""Short, because shared machines change their speed within seconds: each is compared with the one beside it."""
COMMENTS: Final = 50
BESIDE: Final = 6
"""Articles before and after."""
_NO_CACHE: Final = {"DATELINE_CACHE_MB": "0"}
Servers = dict[str, Server]


def fill(client: httpx.Client) -> str:
    """An article with comments, picked and related links, and neighbours; its path."""
    older = [_publish(client, n, []) for n in range(BESIDE)]
    asked = _publish(client, BESIDE, [one["id"] for one in older[:2]])
    for n in range(BESIDE):
        _publish(client, BESIDE + n + 1, [])
    for n in range(COMMENTS):
        said = {"body": f"Comment {n}: I was there, and it was quite cold.", "author_name": "Ann"}
        client.post(f"/api/v1/articles/{asked['id']}/comments", json=said).raise_for_status()
    return asked["path"]


def _publish(client: httpx.Client, number: int, picked: list[str]) -> dict[str, str]:
    text = "<p>" + "The ferry went out at seven and nobody was at the harbor to see it. " * 6 + "</p>"
    links = [{"post_id": one} for one in picked]
    post = {"title": f"Harbor {number}", "body_html": text * 6, "labels": ["Harbor", "Boats"], "related_links": links}
    made: dict[str, str] = client.post("/api/v1/posts", json=post).raise_for_status().json()
    return made


@contextmanager
def _one_process(folder: Path) -> Iterator[Servers]:
    with dateline(folder, _NO_CACHE) as server:
        yield {"all": server}


@contextmanager
def _three_processes(folder: Path) -> Iterator[Servers]:
    with three_services(folder, _NO_CACHE) as servers:
        yield servers


def measure(servers: Servers, folder: Path) -> None:
    entry = next(reversed(servers.values()))
    with operator(entry, folder) as client:
        path = fill(client)
    host = f"127.0.0.1:{entry.port}"
    request = request_of(path, host, {})
    for _ in range(50):
        status, headers, body = answer_to(entry.port, request)
    in_hex = [(name.hex(), value.hex()) for name, value in headers if name != b"date"]
    with bare({"/livez": (200, [], ""), "/page": (status, in_hex, body.hex())}, folder) as other:
        plain_us, ours_us = list[float](), {name: list[float]() for name in servers}
        rates = list[float]()
        for _ in range(ROUNDS):
            plain_us.append(rate_of(other.port, other.pid, request_of("/page", host, {}), SECONDS).cpu_us)
            before = {name: cpu_s(one.pid) for name, one in servers.items()}
            rate = rate_of(entry.port, entry.pid, request, SECONDS)
            count = rate.per_s * SECONDS
            rates.append(rate.per_s)
            for name, one in servers.items():
                ours_us[name].append((cpu_s(one.pid) - before[name]) / count * 1e6)
    told = ", ".join(f"{name} {median(took):.0f} µs" for name, took in ours_us.items())
    times = median(sum(each) / plain for plain, *each in zip(plain_us, *ours_us.values(), strict=True))
    print(
        f"{len(body)} bytes, bare {median(plain_us):.0f} µs; {told}; {times:.1f} times bare, "
        f"{median(rates):.0f} pages a second"
    )


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    os.sched_setaffinity(0, {ASKING_CORE})
    for name, running in (("embedded", _one_process), ("three processes", _three_processes)):
        with ExitStack() as opened:
            folder = opened.enter_context(scratch())
            print(name, end=": ", flush=True)
            measure(opened.enter_context(running(folder)), folder)


if __name__ == "__main__":
    main()
