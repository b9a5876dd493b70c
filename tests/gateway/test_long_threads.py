"""Threads longer than a page: every comment once, in order, and a writer who finds the own comment."""

from pathlib import Path

import pytest

from tests.databases import Databases
from tests.gateway.reading import HTML, assert_problem, part, parts, texts
from tests.stack import Stack, running_stack

TREE = ["1", "11", "111", "12", "2", "21", "3"]
"""Names of comments by their place: 11 answers 1."""


async def plant(stack: Stack, post_id: str, names: list[str], source: str = "test", **states: str) -> None:
    """Imports the tree, children last and the later ones of a level published later."""
    await stack.imported_comments(
        *(
            {
                "source_id": f"9{name}",
                "parent_source_id": f"9{name[:-1]}" if name[:-1] else None,
                "post_id": post_id,
                "body": f"<p>{name}</p>",
                "published": f"2022-02-0{name[-1]}T0{9 - len(name)}:00:00Z",
                "state": states.get(f"c{name}", "live"),
            }
            for name in sorted(names, key=lambda name: (len(name), name))
        ),
        source=source,
    )


async def test_pages_give_every_comment_once_in_order(databases: Databases, tmp_path: Path) -> None:
    async with running_stack(databases, tmp_path, comments_per_page=2) as stack:
        written = await stack.post()
        await plant(stack, written["id"], TREE, c12="deleted", c111="spam")
        expected = [f"9{name}" for name in TREE if name != "111"]
        for by_id in (True, False):
            found: list[str] = []
            cursor: str | None = None
            while True:
                params: dict[str, str] = {} if cursor is None else {"cursor" if by_id else "comments_cursor": cursor}
                path = f"/api/v1/articles/{written['id']}{'/comments' if by_id else ''}"
                answer = (await stack.reader.get(path, params=params)).json()
                thread = answer if by_id else answer["comments"]
                assert thread["count"] == 5
                found += [item["id"] for item in thread["items"]]
                cursor = thread["next_cursor"]
                if cursor is None:
                    break
                assert len(thread["items"]) == 2
            assert found == expected


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_readers_turn_pages_by_links(databases: Databases, tmp_path: Path) -> None:
    async with running_stack(databases, tmp_path, comments_per_page=3) as stack:
        written = await stack.post()
        await plant(stack, written["id"], TREE)
        found: list[str] = []
        address = written["path"]
        for turn in range(3):
            html = (await stack.reader.get(address, headers=HTML)).text
            assert texts(html, "#comments-heading") == ["7 comments:"]
            assert len(parts(html, f"a[href='{written['path']}#comments']")) == (1 if turn else 0)
            found += texts(html, ".said")
            more = parts(html, "#comments a[rel=next]")
            address = more[0].attributes["href"] if more else None
        assert address is None
        assert found == TREE


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_cursors_that_are_none_are_refused(stack: Stack) -> None:
    written = await stack.post()
    for path, parameter in (
        (f"/api/v1/articles/{written['id']}?comments_cursor=*", "comments_cursor"),
        (f"/api/v1/articles/{written['id']}/comments?cursor=*", "cursor"),
        (f"{written['path']}?comments_cursor=*", "comments_cursor"),
    ):
        answer = await stack.reader.get(path)
        assert_problem(answer, 422, "invalid")
        assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


async def test_writer_lands_on_the_page_with_the_comment(databases: Databases, tmp_path: Path) -> None:
    async with running_stack(databases, tmp_path, comments_per_page=2) as stack:
        for live in (0, 1, 2, 5):
            written = await stack.post()
            await plant(stack, written["id"], TREE[:live], source=f"s{live}")
            page = await stack.reader.get(f"/api/v1/articles/{written['id']}")
            first = next((item["id"] for item in page.json()["comments"]["items"]), "")
            for parent_id in ("", first, ""):
                fields = {"body": "Mine", "parent_id": parent_id}
                answer = await stack.reader.post(f"/articles/{written['id']}/comments", data=fields)
                assert answer.status_code == 303
                address, _, anchor = answer.headers["Location"].partition("#")
                html = (await stack.reader.get(address, headers=HTML)).text
                assert part(html, f"#{anchor} .said").text().strip() == "Mine"


async def test_writer_lands_on_the_page_with_the_comment_below_deleted_ones(
    databases: Databases, tmp_path: Path
) -> None:
    """Deleted comments take up room on pages, though they are not counted."""
    async with running_stack(databases, tmp_path, comments_per_page=2) as stack:
        written = await stack.post()
        await plant(stack, written["id"], ["1", "2", "3"], c1="deleted", c2="deleted", c3="deleted")
        answer = await stack.reader.post(f"/articles/{written['id']}/comments", data={"body": "Mine"})
        address, _, anchor = answer.headers["Location"].partition("#")
        html = (await stack.reader.get(address, headers=HTML)).text
        assert part(html, f"#{anchor} .said").text().strip() == "Mine"


async def test_very_deep_threads_can_be_paged(databases: Databases, tmp_path: Path) -> None:
    """Seventy answers to answers: below depth 64 they stand side by side, and their cursors still fit."""
    async with running_stack(databases, tmp_path, comments_per_page=30) as stack:
        written = await stack.post()
        chain = [
            {
                "source_id": str(n + 1),
                "post_id": written["id"],
                "parent_source_id": str(n) if n else None,
                "published": f"2022-02-01T00:{n // 60:02}:{n % 60:02}Z",
            }
            for n in range(70)
        ]
        await stack.imported_comments(*chain)
        items, cursor = [], None
        for _page in range(3):
            params: dict[str, str] = {} if cursor is None else {"cursor": cursor}
            thread = (await stack.reader.get(f"/api/v1/articles/{written['id']}/comments", params=params)).json()
            items += thread["items"]
            cursor = thread["next_cursor"]
        assert cursor is None
        assert [item["id"] for item in items] == [str(n + 1) for n in range(70)]
        assert [item["depth"] for item in items] == [min(n, 64) for n in range(70)]
        assert [item["parent_id"] for item in items] == [str(n) if n else None for n in range(70)]
        assert (await stack.comment(written["id"], "Last", parent_id="70"))["depth"] == 64
