"""What `dateline serve` takes: memory at rest and with many pages cached, and the time to its first good answer.

python -m bench.footprint --pages 10000
"""

import argparse
import time
from pathlib import Path
from statistics import median
from typing import Final

import httpx

from bench.asking import answer_to, request_of
from bench.serving import Server, dateline, operator, scratch

STARTS: Final = 5
_BATCH: Final = 200
_SETTLE_S: Final = 12.0
"""Until jobs have done what there is to do and long polls have gone round."""
_MIB: Final = 1024 * 1024


def memory_mib(pid: int) -> dict[str, float]:
    """`rss`, and `pss`, which shares what is shared with others."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kib = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines[1:])}
    return {"rss": kib["Rss"] / 1024, "pss": kib["Pss"] / 1024}


def tell(what: str, pid: int) -> None:
    took = memory_mib(pid)
    print(f"{what:34} {took['rss']:7.1f} MiB RSS {took['pss']:7.1f} MiB PSS", flush=True)


def first_answers() -> list[float]:
    """Seconds from the command to the first page, each on the same folder, which has been served before."""
    took = []
    with scratch() as folder:
        for _ in range(STARTS + 1):
            began = time.perf_counter()
            with dateline(folder) as server:
                status, _, _ = answer_to(server.port, request_of("/", f"127.0.0.1:{server.port}", {}))
                took.append(time.perf_counter() - began)
                assert status == httpx.codes.OK
    return took[1:]


def imported(client: httpx.Client, pages: int) -> list[str]:
    """The paths of so many posts of some length, each with two comments."""
    text = "<p>" + "The ferry went out at seven and nobody was at the harbor to see it. " * 20 + "</p>"
    for start in range(0, pages, _BATCH):
        posts = [
            {
                "kind": "post",
                "state": "live",
                "title": f"Harbor {n}",
                "body": text,
                "body_format": "html",
                "published": f"2021-{n % 12 + 1:02}-{n % 28 + 1:02}T12:00:00Z",
                "source_id": str(n),
                "path": f"/2021/{n % 12 + 1:02}/harbor-{n}.html",
            }
            for n in range(start, min(start + _BATCH, pages))
        ]
        client.post("/api/v1/import/posts", json={"source": "bench", "posts": posts}).raise_for_status()
    return [f"/2021/{n % 12 + 1:02}/harbor-{n}.html" for n in range(pages)]


def fill(server: Server, folder: Path, pages: int) -> None:
    with operator(server, folder) as client:
        paths = imported(client, pages)
    time.sleep(_SETTLE_S)
    tell(f"{pages} posts imported", server.pid)
    with httpx.Client(base_url=server.url, headers={"Accept-Encoding": "br"}, trust_env=False) as reader:
        size = 0
        for path in paths:
            answer = reader.get(path)
            answer.raise_for_status()
            size += int(answer.headers["Content-Length"])
        hits = sum("hit" in reader.get(path).headers["Cache-Status"] for path in paths)
    print(f"{hits} of {pages} pages are cached, {size / _MIB:.1f} MiB as br", flush=True)
    time.sleep(1)
    tell(f"{pages} pages cached", server.pid)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    pages: int = parser.parse_args().pages
    took = first_answers()
    print(f"first good answer after {median(took):.2f} s (median of {STARTS}; {min(took):.2f} to {max(took):.2f})")
    with scratch() as folder, dateline(folder) as server:
        time.sleep(_SETTLE_S)
        tell("at rest", server.pid)
        if pages:
            fill(server, folder, pages)


if __name__ == "__main__":
    main()
