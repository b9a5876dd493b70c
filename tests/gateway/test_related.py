"""Related links: the editor's picks in order, then posts that share labels, each once and only live ones."""

from pathlib import Path
from typing import Any

import pytest

from tests.databases import Databases
from tests.gateway.inside import give_former_path
from tests.gateway.reading import HTML, parts, texts
from tests.stack import PUBLIC_URL, Stack, running_stack


async def related(stack: Stack, article_id: str) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = (await stack.reader.get(f"/api/v1/articles/{article_id}")).json()["related"]
    return links


def pick(url: str, headline: str = "Pick") -> dict[str, str]:
    return {"headline": headline, "url": url}


async def neighbourhood(stack: Stack) -> None:
    """Seven posts share the label Common, two of them Rare as well. All say the same."""
    words = {"body": "<p>Some text.</p>"}
    common = [{"source_id": str(n), "title": f"C{n}", "labels": ["Common"]} | words for n in range(101, 106)]
    await stack.imported_posts(
        {"source_id": "99", "title": "Rare", "labels": ["Other", "Rare", "Common"]} | words,
        {"source_id": "100", "title": "Both", "labels": ["Common", "Rare"], "state": "live"} | words,
        *common,
        {"source_id": "110", "title": "Stranger", "labels": ["Other"], "body": "<p>Nothing like it.</p>"},
        {"source_id": "111", "labels": ["Common"], "kind": "page"} | words,
        {"source_id": "112", "labels": ["Common", "Rare"], "state": "draft"} | words,
        {"source_id": "113", "labels": ["Common", "Rare"], "state": "trashed"} | words,
        {"source_id": "114", "labels": ["Common", "Rare"], "published": "2099-01-01T00:00:00Z"} | words,
    )


async def test_picks_come_first_and_shared_labels_fill_up(stack: Stack) -> None:
    await neighbourhood(stack)
    written = await stack.post(
        labels=["Rare", "Common"],
        related_links=[pick("https://elsewhere.example/a?b=c#d", "Out <there>"), pick("/2022/01/c103.html", "My C")],
    )

    await stack.relate()
    links = await related(stack, written["id"])

    assert [link["headline"] for link in links] == ["Out <there>", "My C", "Both", "Rare", "C105"]
    assert [link["kind"] for link in links] == ["picked"] * 2 + ["computed"] * 3
    assert [link["article_id"] for link in links] == [None, "103", "100", "99", "105"]
    assert links[0]["url"] == "https://elsewhere.example/a?b=c#d"
    assert links[1]["url"] == f"{PUBLIC_URL}/2022/01/c103.html"
    reasons = [[reason["text"] for reason in link["reasons"] if reason["kind"] == "label"] for link in links]
    assert reasons == [[], [], ["Rare"], ["Rare"], ["Common"]]
    html = (await stack.reader.get(written["path"], headers=HTML)).text
    assert [node.attributes["href"] for node in parts(html, ".related a")] == [
        "https://elsewhere.example/a?b=c#d",
        "/2022/01/c103.html",
        "/2022/01/both.html",
        "/2022/01/rare.html",
        "/2022/01/c105.html",
    ]
    assert texts(html, ".related a")[0] == "Out <there>"
    assert texts(html, ".reason")[:2] == ["also in Rare", "both on Some, text"]


async def test_without_picks_the_rarest_label_decides(stack: Stack) -> None:
    await neighbourhood(stack)
    by_rare = await stack.post(labels=["Common", "Rare"])
    await stack.relate()
    assert [link["headline"] for link in await related(stack, by_rare["id"])] == [
        "Both",
        "Rare",
        "C105",
        "C104",
        "C103",
    ]
    lonely = await stack.post(title="Elsewhere", body_html="<p>Unheard of.</p>", labels=["Nobody else's"])
    await stack.relate()
    assert await related(stack, lonely["id"]) == []
    assert not parts((await stack.reader.get(lonely["path"], headers=HTML)).text, ".related")


async def test_own_addresses_are_followed_to_the_post(stack: Stack) -> None:
    """However the editor wrote them: absolute, escaped, with a query, by a former path."""
    target = await stack.post(title="Target", path="/2020/größe.html")
    await give_former_path(stack, "/2019/old.html", target["id"])
    for url in (
        f"{PUBLIC_URL}/2020/größe.html",
        f"{PUBLIC_URL}/2020/gr%C3%B6%C3%9Fe.html?m=1#c5",
        "http://BLOG.example/2020/größe.html",
        "/2020/gr%C3%B6%C3%9Fe.html",
        "/2019/old.html",
        f"{PUBLIC_URL}/2019/old.html?m=1",
    ):
        written = await stack.post(related_links=[pick(url)])
        (link,) = await related(stack, written["id"])
        assert (link["article_id"], link["headline"]) == (target["id"], "Pick"), url
        assert link["url"] == f"{PUBLIC_URL}/2020/gr%C3%B6%C3%9Fe.html"
        assert link["published"] == target["published"]
        assert written["related_links"] == [pick("/2020/größe.html") | {"post_id": target["id"]}], "its present path"


async def test_picks_that_are_not_live_vanish_until_they_are(stack: Stack) -> None:
    """To a path that no post has a link stays: it may be a list, a feed or a file."""
    await stack.post(state="draft", path="/draft.html")
    later = await stack.post(title="Later", published="2026-03-15T00:00:00Z")
    urls = ["/draft.html", later["path"], "/self.html", "/nobody.html", "/", "https://elsewhere.example/"]
    written = await stack.post(path="/self.html", related_links=[pick(url) for url in urls])

    links = await related(stack, written["id"])

    assert [link["url"] for link in links] == [
        f"{PUBLIC_URL}/nobody.html",
        f"{PUBLIC_URL}/",
        "https://elsewhere.example/",
    ]
    assert all(link["article_id"] is None and link["comment_count"] is None for link in links)


async def test_what_is_picked_is_not_computed_again(stack: Stack) -> None:
    target, other = await stack.post(title="Target", labels=["L"]), await stack.post(title="Other", labels=["L"])
    written = await stack.post(labels=["L"], related_links=[pick(target["path"])])
    await stack.relate()
    links = await related(stack, written["id"])
    assert [(link["headline"], link["article_id"]) for link in links] == [
        ("Pick", target["id"]),
        ("Other", other["id"]),
    ]


async def test_comments_are_counted_for_own_links_in_the_same_call(stack: Stack) -> None:
    picked, computed = await stack.post(), await stack.post(labels=["L"])
    written = await stack.post(labels=["L"], related_links=[pick(picked["path"]), pick("https://elsewhere.example/")])
    await stack.relate()
    await stack.comment(computed["id"])
    await stack.comment(computed["id"])

    with stack.recorder.recording() as costs:
        links = await related(stack, written["id"])
    assert [link["comment_count"] for link in links] == [0, None, 2]
    assert len(costs.calls) == 2
    stack.take_away("comments")
    assert [link["comment_count"] for link in await related(stack, written["id"])] == [None] * 3


@pytest.mark.parametrize(("shown", "expected"), [(0, 2), (3, 3), (20, 9)])
async def test_related_shown_bounds_what_is_computed_not_what_is_picked(
    databases: Databases, tmp_path: Path, shown: int, expected: int
) -> None:
    async with running_stack(databases, tmp_path, related_shown=shown) as stack:
        await neighbourhood(stack)
        picks = [pick("https://elsewhere.example/1"), pick("https://elsewhere.example/2")]
        written = await stack.post(labels=["Common"], related_links=picks)
        await stack.relate()
        links = await related(stack, written["id"])
        assert len(links) == expected
        assert [link["kind"] for link in links[:2]] == ["picked"] * 2
