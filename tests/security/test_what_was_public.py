"""What was public and is no more: reverted, put into the trash or deleted, a post leaves nothing behind for readers."""

from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from tests.comments.following import eventually
from tests.security.hidden import MISSING_ID, SECRET, SECRET_LABEL
from tests.security.surfaces import JSON, addresses, everything_said, read_each
from tests.stack import Stack

ALWAYS: Final = {"If-Match": "*"}
PATH: Final = f"/2022/02/{SECRET}.html"
FORMER_PATH: Final = f"/2022/02/{SECRET}-former.html"
Said = dict[tuple[str, str], tuple[int, str]]


@dataclass(frozen=True)
class Canary:
    """A post, its author, and the posts around it: before, after, and one that links to it in every way."""

    stack: Stack
    post_id: str
    author_id: str
    others: tuple[dict[str, Any], ...]

    async def does(self, action: str, **given: Any) -> dict[str, Any]:
        address = f"/api/v1/posts/{self.post_id}/{action}"
        answer = await self.stack.operator.post(address, json=given or None, headers=ALWAYS)
        assert answer.status_code == 200, answer.text
        post: dict[str, Any] = answer.json()
        await self.followed()
        return post

    async def followed(self) -> None:
        """Waits until the comments service knows whether it is live."""
        is_live = (await self.stack.reader.get(f"/api/v1/articles/{self.post_id}")).status_code == 200

        async def is_counted() -> bool:
            counts = await self.stack.reader.get("/api/v1/comments/counts", params={"article_id": self.post_id})
            return self.post_id in counts.json()["counts"]

        await eventually(is_counted, is_live)

    async def walk(self) -> Said:
        """Everything that a reader can be told, by address and representation."""
        found = addresses(self.stack.gateway, self._values())
        read = await read_each(self.stack, [*found, *self._second_pages(), "/static/icon.svg"])
        assert max(answer.status_code for answer in read.values()) < 500
        return {place: (answer.status_code, everything_said(answer)) for place, answer in read.items()}

    def _values(self) -> dict[str, list[str]]:
        ids = [self.post_id, *(one["id"] for one in self.others), MISSING_ID]
        paths = [PATH, FORMER_PATH, *(one["path"] for one in self.others)]
        never = (
            "comments",
            "comments_cursor",
            "comments_order",
            "show_comment",
            "showComment",
            "cursor",
            "reply_to",
            "unused",
            "alt",
            "comment",
            "posted",
            "proof",
            "author_name",
            "comment_id",
            "token",
            "address",
            "before",
            "after",
        )
        return {
            **{name: [] for name in never},
            "article_id": ids,
            "path": paths,
            "limit": ["1", "2"],
            "q": [SECRET, f"label:{SECRET}", f'label:"{SECRET_LABEL}"', "label:Shared", f"-{SECRET}"],
            "order": ["newest", "best"],
            "label": ["Shared", SECRET_LABEL],
            "author": [self.author_id],
            "author_id": [self.author_id],
            "year": ["2022"],
            "month": ["2"],
            "include": ["body"],
            "explain": ["false"],
            "length": ["default", "summary"],
            "max-results": ["2"],
            "post_id": [self.post_id, MISSING_ID],
            **{name: ["1"] for name in ("version", "to", "label_id")},
            "state": ["live"],
            "kind": ["post"],
        }

    def _second_pages(self) -> list[str]:
        return [
            f"/api/v1/articles?label=Shared&limit=1&year=2022&month=2&order={order}" for order in ("newest", "best")
        ]


async def _canary(stack: Stack) -> Canary:
    """A draft that was live for a moment, so that it has a former path."""
    author = {"name": f"{SECRET} author", "about": SECRET, "url": f"https://{SECRET}.example/"}
    author_id = (await stack.operator.post("/api/v1/authors", json=author)).json()["id"]
    post = await stack.post(
        title=f"{SECRET} title",
        body_html=f"<p>{SECRET} body</p>",
        labels=["Shared", SECRET_LABEL],
        author_id=author_id,
        published="2022-02-02T12:00:00Z",
        path=FORMER_PATH,
    )
    moved = await stack.operator.patch(f"/api/v1/posts/{post['id']}", json={"path": PATH}, headers=ALWAYS)
    assert moved.json()["path"] == PATH
    assert (await stack.operator.post(f"/api/v1/posts/{post['id']}/revert", headers=ALWAYS)).status_code == 200
    links = [
        {"post_id": post["id"]},
        {"headline": f"{SECRET} by id", "post_id": post["id"]},
        {"headline": f"{SECRET} by path", "url": PATH},
        {"headline": f"{SECRET} by former path", "url": FORMER_PATH},
    ]
    others = (
        await stack.post(title="Before", labels=["Shared"], published="2022-02-01T12:00:00Z"),
        await stack.post(title="After", labels=["Shared"], published="2022-02-03T12:00:00Z"),
        await stack.post(title="Linking", related_links=links, published="2022-01-01T12:00:00Z"),
    )
    return Canary(stack, post["id"], author_id, others)


def _tells(said: Said) -> set[str]:
    """Addresses of pages and JSON that say the secret without having been asked for it."""
    return {address for (address, _), (_, text) in said.items() if SECRET in text.lower() and SECRET not in address}


def _changed(now: Said, before: Said) -> list[tuple[str, str]]:
    return [place for place in before if now.get(place) != before[place]]


def _shown_at(canary: Canary) -> set[str]:
    """Where a reader meets it while it is live."""
    before, after, linking = (one["path"] for one in canary.others)
    return {
        *("/", "/2022/", "/2022/2/", "/search", "/search/label/Shared", "/search?q=label%3AShared"),
        *("/api/v1/articles", "/api/v1/articles?label=Shared", "/api/v1/articles?year=2022&month=2"),
        *("/api/v1/labels", "/api/v1/authors", f"/api/v1/articles?author={canary.author_id}"),
        *(before, after, linking, f"/api/v1/authors/{canary.author_id}", f"/api/v1/articles/{canary.post_id}"),
        *("/feeds/comments/default", f"/feeds/{canary.post_id}/comments/default", "/api/v1/comments/newest"),
        *("/feeds/posts/default", "/feeds/posts/summary", "/feeds/posts/default/-/Shared"),
    }


async def _assert_shown(canary: Canary, before: Said) -> None:
    """The control: it is met everywhere, found, counted and linked."""
    now = await canary.walk()
    assert _shown_at(canary) <= _tells(now)
    searched = f"/api/v1/articles?q={SECRET}"
    assert len(_changed(now, before)) > 50
    for place in (searched, "/api/v1/archive", PATH, FORMER_PATH, f"/search?q={SECRET}"):
        assert (place, JSON["Accept"]) in _changed(now, before), place
    assert now[searched, JSON["Accept"]][1].count('"comment_count":1') == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_what_was_public_leaves_nothing_behind(stack: Stack) -> None:
    """Every answer is, to the byte, what it was before the post was first published."""
    canary = await _canary(stack)
    before = await canary.walk()
    assert _tells(before) == set()

    await canary.does("publish")
    await stack.comment(canary.post_id, f"{SECRET} comment", author_name=f"{SECRET} reader")
    await _assert_shown(canary, before)
    await canary.does("revert")
    assert _changed(await canary.walk(), before) == []

    await canary.does("publish")
    await _assert_shown(canary, before)
    await canary.does("trash")
    assert _changed(await canary.walk(), before) == []

    assert (await canary.does("restore"))["state"] == "live"
    await _assert_shown(canary, before)
    deleted = await stack.operator.delete(f"/api/v1/posts/{canary.post_id}", headers=ALWAYS)
    assert deleted.status_code == 204
    await canary.followed()
    assert _changed(await canary.walk(), before) == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_what_is_restored_from_a_draft_stays_one(stack: Stack) -> None:
    """The trash does not publish; nor do an editor's changes meanwhile show. The control publishes."""
    canary = await _canary(stack)
    before = await canary.walk()
    await canary.does("trash")
    assert _changed(await canary.walk(), before) == []
    assert (await canary.does("restore"))["state"] == "draft"
    changed = {"title": f"{SECRET} changed", "labels": ["Shared", SECRET_LABEL, f"{SECRET} more"]}
    address = f"/api/v1/posts/{canary.post_id}"
    assert (await stack.operator.patch(address, json=changed, headers=ALWAYS)).status_code == 200
    [earlier] = (await stack.operator.get(f"{address}/revisions")).json()["items"]
    restored = await stack.operator.post(f"{address}/revisions/{earlier['version']}/restore", headers=ALWAYS)
    assert restored.json()["title"] == f"{SECRET} title"
    assert _changed(await canary.walk(), before) == []
    await canary.does("publish", published="2032-02-02T12:00:00Z")
    assert _changed(await canary.walk(), before) == []
    await canary.does("publish", published="2022-02-02T12:00:00Z")
    assert SECRET in (await stack.reader.get("/")).text


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_comments_under_what_was_public_are_gone_with_it(stack: Stack) -> None:
    """Nobody reads or answers them; they are back when it is."""
    canary = await _canary(stack)
    address = f"/api/v1/articles/{canary.post_id}/comments"
    await canary.does("publish")
    said = await stack.comment(canary.post_id, f"{SECRET} comment")

    async def answered(client: httpx.AsyncClient) -> list[int]:
        sent = await client.post(address, json={"body": "x", "parent_id": said["id"]})
        return [(await client.get(address)).status_code, sent.status_code]

    await canary.does("revert")
    assert await answered(stack.reader) == [404, 404]
    assert await answered(stack.operator) == [404, 404]
    await canary.does("publish")
    assert await answered(stack.reader) == [200, 201]
    assert (await stack.reader.get(address)).json()["count"] == 2
