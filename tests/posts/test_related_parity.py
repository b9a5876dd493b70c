"""The same lists on SQLite and on PostgreSQL."""

from pathlib import Path
from random import Random

from tests.databases import Databases
from tests.stack import running_stack

SUBJECTS = {
    "boats": "dinghy varnish oar rowlock mooring harbor keel tide sail anchor rope bilge tiller".split(),
    "bread": "flour yeast oven crust dough sourdough salt proof knead loaf rye starter crumb".split(),
    "birds": "tern gull heron nest feather migration count wing perch hatch plumage shore marsh".split(),
    "bicycles": "chain spoke tyre pedal brake saddle gear bearing wheel puncture pump frame lamp".split(),
}
COMMON = "morning street people week small old water house town again never later found".split()


def sample() -> list[dict[str, object]]:
    made = Random(7)  # noqa: S311 only makes words
    posts: list[dict[str, object]] = []
    for number in range(60):
        subject = list(SUBJECTS)[number % len(SUBJECTS)]
        words = [made.choice(SUBJECTS[subject] if made.random() < 0.5 else COMMON) for _ in range(60)]
        labels = [subject] if made.random() < 0.4 else []
        title = f"{words[0].title()} and {words[1]}"
        published = f"20{10 + number % 15}-0{1 + number % 9}-08T12:00:00Z"
        body = f"<p>{' '.join(words)}.</p>"
        posts.append(
            {"source_id": str(number + 1), "title": title, "body": body, "labels": labels, "published": published}
        )
    return posts


async def fives(databases: Databases, folder: Path) -> dict[str, list[str]]:
    async with running_stack(databases, folder) as stack:
        await stack.imported_posts(*sample())
        await stack.relate()
        found = {}
        for number in range(1, 61):
            items = (await stack.reader.get(f"/api/v1/articles/{number}/related")).json()["items"]
            found[str(number)] = [one["article_id"] for one in items]
        return found


async def test_at_least_19_of_20_fives_are_the_same(
    sqlite_files: Databases, postgres_server: Databases, tmp_path: Path
) -> None:
    on_sqlite, on_postgresql = await fives(sqlite_files, tmp_path), await fives(postgres_server, tmp_path)
    for made in (sqlite_files, postgres_server):
        made.take_back()
    same = [number for number, five in on_sqlite.items() if five == on_postgresql[number]]
    assert len(same) >= 0.95 * len(on_sqlite)
    assert sum(len(five) for five in on_sqlite.values()) > 4 * len(on_sqlite), "there is something to compare"
