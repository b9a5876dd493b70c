"""How readers see a thread: in which order, how far replies are set in, and on which page a comment stands."""

from pathlib import Path

import pytest

from tests.databases import Databases
from tests.gateway.inside import give_former_path
from tests.gateway.reading import HTML, assert_problem, parts, texts
from tests.gateway.test_long_threads import TREE, plant
from tests.stack import Stack, running_stack

NEWEST = ["3", "2", "21", "1", "11", "111", "12"]
SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


async def said(stack: Stack, address: str) -> list[str]:
    answer = await stack.reader.get(address, headers=HTML)
    assert answer.status_code == 200, answer.text
    return texts(answer.text, ".said")


async def test_order_is_the_blogs_own_unless_one_is_asked_for(databases: Databases, tmp_path: Path) -> None:
    async with running_stack(databases, tmp_path, comments_order="newest") as stack:
        written = await stack.post()
        await plant(stack, written["id"], TREE)
        article = f"/api/v1/articles/{written['id']}"
        for asked, expected in (("", NEWEST), ("newest", NEWEST), ("oldest", TREE)):
            given, own = ({"comments_order": asked}, {"order": asked}) if asked else ({}, {})
            expected_ids = [f"9{name}" for name in expected]
            for answer in (
                (await stack.reader.get(article, params=given)).json()["comments"],
                (await stack.reader.get("/api/v1/articles/by-path", params={"path": written["path"]} | given)).json()[
                    "comments"
                ],
                (await stack.reader.get(f"{article}/comments", params=own)).json(),
            ):
                assert [item["id"] for item in answer["items"]] == expected_ids
            assert await said(stack, f"{written['path']}?comments_order={asked}" if asked else written["path"]) == [
                *expected
            ]
        for address in (f"{article}?comments_order=best", f"{article}/comments?order=best"):
            assert_problem(await stack.reader.get(address), 422, "invalid")


@SQLITE_ONLY
async def test_links_keep_the_order_that_was_asked_for(databases: Databases, tmp_path: Path) -> None:
    async with running_stack(databases, tmp_path, comments_per_page=3) as stack:
        written = await stack.post()
        await plant(stack, written["id"], TREE)
        for order, expected in (("newest", NEWEST), ("oldest", TREE)):
            query = f"?comments_order={order}"
            address, found = f"{written['path']}{query}", list[str]()
            for turn in range(3):
                html = (await stack.reader.get(address, headers=HTML)).text
                found += texts(html, ".said")
                first = parts(html, f"a[href='{written['path']}{query}#comments']")
                assert len(first) == (1 if turn else 0)
                reply = (parts(html, ".reply a")[0].attributes["href"] or "").partition("#")[0]
                assert f"comments_order={order}" in reply
                assert await said(stack, reply) == texts(html, ".said"), "it leads to the same page"
                more = parts(html, "#comments a[rel=next]")
                address = more[0].attributes["href"] or "" if more else ""
            assert (address, found) == ("", expected)


@SQLITE_ONLY
async def test_replies_are_set_in_as_far_as_the_setting_says(databases: Databases, tmp_path: Path) -> None:
    """The stored depth stays what it is."""
    for depth, expected in ((0, [0, 0, 0, 0, 0]), (2, [0, 1, 2, 2, 2]), (12, [0, 1, 2, 3, 4])):
        async with running_stack(databases, tmp_path, comments_depth=depth) as stack:
            written = await stack.post()
            await plant(stack, written["id"], ["1", "11", "111", "1111", "11111"])
            html = (await stack.reader.get(written["path"], headers=HTML)).text
            classes = [node.attributes["class"] for node in parts(html, ".thread > li")]
            assert classes == [f"depth-{one}" for one in expected]
            thread = (await stack.reader.get(f"/api/v1/articles/{written['id']}/comments")).json()
            assert [item["depth"] for item in thread["items"]] == [0, 1, 2, 3, 4]
            sheet = (await stack.reader.get("/static/dateline.css")).text
            assert all(f".depth-{one} " in sheet for one in range(1, 13))


async def test_show_comment_is_the_page_on_which_it_stands(databases: Databases, tmp_path: Path) -> None:
    """At no more calls than without it. What is not shown here is as if it was not asked for, to the byte."""
    async with running_stack(databases, tmp_path, comments_per_page=3) as stack:
        written, other = await stack.post(), await stack.post()
        await plant(stack, written["id"], TREE, c12="held", c3="spam")
        await plant(stack, other["id"], ["4"], source="elsewhere")
        path, article = written["path"], f"/api/v1/articles/{written['id']}"
        for order, first, pages in (
            ("oldest", ["1", "11", "111"], {"111": ["1", "11", "111"], "21": ["2", "21"]}),
            ("newest", ["2", "21", "1"], {"21": ["2", "21", "1"], "111": ["1", "11", "111"]}),
        ):
            query = f"?comments_order={order}"
            bare = await stack.reader.get(path + query, headers=HTML)
            assert texts(bare.text, ".said") == first
            for name, expected in pages.items():
                with stack.recorder.recording() as costs:
                    assert await said(stack, f"{path}{query}&showComment=9{name}") == expected
                assert costs.calls == ["posts GET /articles/by-path", f"comments GET /threads/{written['id']}"]
                assert costs.counts()["comments"] <= 4
                found = (await stack.reader.get(f"{article}{query}&show_comment=9{name}")).json()
                assert [item["id"] for item in found["comments"]["items"]] == [f"9{one}" for one in expected]
            for unknown in ("912", "93", "94", "5", "9223372036854775807", "x", "1700000000000"):
                shown = await stack.reader.get(f"{path}{query}&showComment={unknown}", headers=HTML)
                assert _without_keys(shown.text) == _without_keys(bare.text), unknown
        assert (await stack.reader.get(f"{article}?show_comment=x")).status_code == 422
        await give_former_path(stack, "/former.html", written["id"])
        moved = await stack.reader.get("/former.html?showComment=921")
        assert moved.headers["Location"] == f"{path}?showComment=921"
        query = "comments_order=newest&show_comment=921"
        moved = await stack.reader.get(f"/api/v1/articles/by-path?path=/former.html&{query}")
        assert moved.headers["Location"].endswith(f"&{query}")


def _without_keys(html: str) -> list[str]:
    """A page but for the key of its form."""
    return [line for line in html.splitlines() if not {'name="once"', 'name="stamp"'} & {*line.split()}]
