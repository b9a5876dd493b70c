"""How often the slug rule gives the path that Blogger gave: `python -m bench.slug_rule FILE…` of real exports."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from services.common.html import SafeHtml, text_of
from services.migration.blogger import open_export
from services.migration.records import PostRecord
from services.posts.domain.slugs import FALLBACK, PAGE_FALLBACK, slug

_PATH = re.compile(r"/(?:(?P<year>\d{4})/(?P<month>\d{2})|p)/(?P<slug>.+?)(?:_\d{1,2})?\.html")


def slugs_of(file: Path) -> Iterator[tuple[str, str, PostRecord]]:
    """Blogger's slug without its number, Dateline's, and the post, of each that was published."""
    for post in open_export(file, None).posts():
        found = _PATH.fullmatch(post.path or "")
        if found is not None:
            text = "" if post.title.strip() else text_of(SafeHtml(post.body))
            fallback = PAGE_FALLBACK if post.kind == "page" else FALLBACK
            yield found["slug"], slug(post.title, text, fallback=fallback), post


def main(files: list[str]) -> None:
    print("| file | posts | same slug | with a title of Latin letters | of these the same |")
    print("| --- | --- | --- | --- | --- |")
    totals = [0, 0, 0, 0]
    for name in files:
        rows = list(slugs_of(Path(name)))
        latin = [row for row in rows if row[1] not in {FALLBACK, PAGE_FALLBACK}]
        counts = [len(rows), _same(rows), len(latin), _same(latin)]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        print(f"| {Path(name).name} | {' | '.join(map(str, counts))} |")
        for theirs, ours, post in rows:
            if theirs != ours:
                print(f"  {theirs}  {ours}  {post.title!r}", file=sys.stderr)
    print(f"| all | {' | '.join(map(str, totals))} |")


def _same(rows: list[tuple[str, str, PostRecord]]) -> int:
    return sum(theirs == ours for theirs, ours, _ in rows)


if __name__ == "__main__":
    main(sys.argv[1:])
