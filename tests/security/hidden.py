"""A blog with something hidden in every place that can hide something."""

from dataclasses import dataclass, field
from typing import Any, Final

from tests.comments.following import eventually
from tests.stack import PUBLIC_URL, Stack

SECRET: Final = "qzsecretqz"
PUBLIC: Final = "qzpublicqz"
MISSING_ID: Final = "4611686018427387904"
SILENT_PATH: Final = "/2022/02/silent.html"
HIDDEN_PATHS: Final = [f"/2022/02/{SECRET}-{state}.html" for state in ("draft", "scheduled", "trashed")]


UNKNOWN: Final = "qzunusedqz"
"""As long as the secret, and nowhere."""
SECRET_LABEL: Final = f"{SECRET} label"
QUERIES: Final = [
    SECRET,
    f'"{SECRET} title"',
    f"-{SECRET}",
    f"-{PUBLIC}",
    f"{PUBLIC} OR {SECRET}",
    f"{PUBLIC} -{SECRET}",
    f'label:"{SECRET_LABEL}"',
    f'-label:"{SECRET_LABEL}"',
    "label:Shared",
    SECRET[:-1],
    "draftpost",
]
"""What would find what is hidden, or would leave it out of what is found."""


@dataclass
class World:
    """Ids and paths; the thread of the article `silent_id` has seven comments and is hidden."""

    hidden_ids: list[str] = field(default_factory=list)
    hidden_author_id: str = ""
    unshown_comment_ids: list[str] = field(default_factory=list)
    live: dict[str, Any] = field(default_factory=dict)
    silent_id: str = ""
    next_cursor: str = ""

    def values(self) -> dict[str, list[str]]:
        ids = [*self.hidden_ids, self.live["id"], self.silent_id, MISSING_ID]
        author_ids = [self.hidden_author_id, self.live["author"]["id"], MISSING_ID]
        return {
            "article_id": ids,
            "path": [*HIDDEN_PATHS, self.live["path"], SILENT_PATH],
            "cursor": [self.next_cursor],
            "comments": ["", "AAAA"],
            "comments_cursor": [""],
            "comments_order": ["newest"],
            "show_comment": self.unshown_comment_ids[:1],
            "showComment": self.unshown_comment_ids[:1],
            "reply_to": self.unshown_comment_ids[:1],
            "comment": ["held"],
            "posted": self.unshown_comment_ids[:1],
            "proof": [""],
            "limit": ["1", "100"],
            "q": QUERIES,
            "order": ["newest", "best"],
            "label": ["Shared", SECRET_LABEL, "Missing"],
            "author": author_ids,
            "author_id": author_ids,
            "year": ["2022", "2032"],
            "month": ["1", "2", "02"],
            "include": ["body"],
            "unused": ["true", "false"],
            "explain": ["true", "false"],
            **self._of_editors(ids),
            "length": ["default", "summary"],
            "max-results": ["1", "500"],
            "token": ["1." + "0" * 64],
            "alt": ["atom", "rss", "json"],
        }

    def _of_editors(self, ids: list[str]) -> dict[str, list[str]]:
        """Readers are told the same for each of these: to show a key."""
        ways = {"post_id": ids, "version": ["1", "9"], "to": ["1"], "label_id": [MISSING_ID]}
        ways |= {"comment_id": self.unshown_comment_ids[:1], "author_name": [f"{SECRET} name"]}
        ways |= {"address": [SECRET], "before": ["2032-01-08T12:00:00Z"], "after": ["2022-01-08T12:00:00Z"]}
        return ways | {"state": ["draft", "scheduled", "trashed", "held"], "kind": ["post", "page"]}


async def hidden_world(stack: Stack) -> World:
    world = World()
    hidden = {
        "title": f"{SECRET} title",
        "body": f"<p>{SECRET} body</p>",
        "labels": ["Shared", SECRET_LABEL],
        "author": {"source_id": SECRET, "name": f"{SECRET} author", "url": f"https://{SECRET}.example/"},
        "related_links": [{"headline": f"{SECRET} headline", "url": "https://elsewhere.example/"}],
    }
    dates = {"draft": "2022-02-01T00:00:00Z", "scheduled": "2032-02-01T00:00:00Z", "trashed": "2022-02-03T00:00:00Z"}
    silent_post = {"source_id": "s-silent", "title": "Silent", "path": SILENT_PATH, "labels": ["Shared"]}
    imported = await stack.imported_posts(
        *(
            hidden | {"source_id": f"s-{state}", "state": state, "path": path, "published": dates[state]}
            for state, path in zip(dates, HIDDEN_PATHS, strict=True)
        ),
        silent_post | {"comment_policy": "hidden", "published": "2022-02-02T00:00:00Z"},
    )
    *hidden_posts, silent = imported
    public_author = await stack.operator.post("/api/v1/authors", json={"name": f"{PUBLIC} author"})
    author_id = public_author.json()["id"]
    drafted = await stack.post(
        title=f"{SECRET} drafted", body_html=SECRET, labels=["Shared"], state="draft", author_id=author_id
    )
    world.hidden_ids = [*(one["id"] for one in hidden_posts), drafted["id"]]
    world.silent_id = silent["id"]
    world.live = await stack.post(
        title=f"{PUBLIC} title",
        body_html=f"<p>{PUBLIC}</p>",
        labels=["Shared"],
        published="2022-02-02T12:00:00Z",
        author_id=author_id,
        related_links=[{"headline": f"{SECRET} picked", "url": url} for url in _ways_to_link()],
    )
    await stack.post(title="Other", labels=["Shared"], published="2022-02-02T18:00:00Z")
    under_hidden = [*world.hidden_ids, silent["id"]]
    states = ["held", "spam", "removed", "deleted"]
    results = await stack.imported_comments(
        *(_comment(f"h{at}", post_id, "live") for at, post_id in enumerate(under_hidden)),
        *(_comment(f"silent{at}", silent["id"], "live") for at in range(6)),
        *(_comment(f"u{state}", world.live["id"], state) for state in states),
    )
    assert all(one["outcome"] == "created" for one in [*imported, *results])
    world.unshown_comment_ids = [one["id"] for one in results[-4:]]
    await stack.comment(world.live["id"], f"{PUBLIC} comment")
    await counted(stack, {world.live["id"]: 1}, *under_hidden)
    authors = (await stack.operator.get("/api/v1/authors", params={"unused": True})).json()["items"]
    world.hidden_author_id = next(one["id"] for one in authors if SECRET in one["name"])
    world.next_cursor = (await stack.reader.get("/api/v1/articles", params={"limit": 1})).json()["next_cursor"]
    return world


async def counted(stack: Stack, expected: dict[str, int], *others: str) -> None:
    """Waits until the comments service knows which of these posts are live and show their threads."""
    params = {"article_id": [*expected, *others]}

    async def counts() -> Any:
        return (await stack.reader.get("/api/v1/comments/counts", params=params)).json()["counts"]

    await eventually(counts, expected)


async def publish_hidden(stack: Stack, world: World) -> None:
    """As an editor does it: all of it is public then."""
    for post_id in world.hidden_ids:
        address, always = f"/api/v1/posts/{post_id}", {"If-Match": "*"}
        if (await stack.operator.get(address)).json()["state"] == "trashed":
            assert (await stack.operator.post(f"{address}/restore", headers=always)).status_code == 200
        past = {"published": "2022-02-04T00:00:00Z"}
        published = await stack.operator.post(f"{address}/publish", json=past, headers=always)
        assert published.json()["state"] == "live", published.text
    await counted(stack, {world.live["id"]: 1} | dict.fromkeys(world.hidden_ids, 1), world.silent_id)


def _ways_to_link() -> list[str]:
    """Each hidden path as a path, as an address with more behind it, and escaped."""
    return [
        url
        for path in HIDDEN_PATHS
        for url in (path, f"{PUBLIC_URL}{path}?m=1#c1", f"http://blog.example{path.replace('-', '%2D')}")
    ]


def _comment(source_id: str, post_id: str, state: str) -> dict[str, Any]:
    said = {"body": f"{SECRET} comment", "author_name": f"{SECRET} name", "author_url": f"https://{SECRET}.example/"}
    return {"source_id": f"c-{source_id}", "post_id": post_id, "state": state} | said
