"""A blog with something hidden in every place that can hide something."""

from dataclasses import dataclass, field
from typing import Any, Final

from tests.stack import PUBLIC_URL, Stack

SECRET: Final = "qzsecretqz"
PUBLIC: Final = "qzpublicqz"
MISSING_ID: Final = "4611686018427387904"
SILENT_PATH: Final = "/2022/02/silent.html"
HIDDEN_PATHS: Final = [f"/2022/02/{SECRET}-{state}.html" for state in ("draft", "scheduled", "trashed")]


@dataclass
class World:
    """Ids and paths; the thread of the article `silent_id` has seven comments and is hidden."""

    hidden_ids: list[str] = field(default_factory=list)
    unshown_comment_ids: list[str] = field(default_factory=list)
    live: dict[str, Any] = field(default_factory=dict)
    silent_id: str = ""
    next_cursor: str = ""

    def values(self) -> dict[str, list[str]]:
        ids = [*self.hidden_ids, self.live["id"], self.silent_id, MISSING_ID]
        return {
            "article_id": ids,
            "path": [*HIDDEN_PATHS, self.live["path"], SILENT_PATH],
            "cursor": [self.next_cursor],
            "comments": ["", "AAAA"],
            "comments_cursor": [""],
            "reply_to": self.unshown_comment_ids[:1],
            "limit": ["1", "100"],
        }


async def hidden_world(stack: Stack) -> World:
    world = World()
    hidden = {
        "title": f"{SECRET} title",
        "body": f"<p>{SECRET} body</p>",
        "labels": ["Shared", f"{SECRET} label"],
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
    drafted = await stack.post(title=f"{SECRET} drafted", body_html=SECRET, labels=["Shared"], state="draft")
    world.hidden_ids = [*(one["id"] for one in hidden_posts), drafted["id"]]
    world.silent_id = silent["id"]
    world.live = await stack.post(
        title=f"{PUBLIC} title",
        body_html=f"<p>{PUBLIC}</p>",
        labels=["Shared"],
        published="2022-02-02T12:00:00Z",
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
    world.next_cursor = (await stack.reader.get("/api/v1/articles", params={"limit": 1})).json()["next_cursor"]
    return world


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
