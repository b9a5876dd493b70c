"""A small blog that shows everything there is to show, and every surface that shows something of it."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.gateway.caching import comparable, past_the_cache, settled, status_of
from tests.posts.listing import edit, set_blog
from tests.stack import Stack

PLANNED = "/2026/02/planned.html"


@dataclass(frozen=True)
class Seen:
    """Of one walk over all surfaces: which were answered out of the store, and which of them are not what would be
    composed now. What was not in the store was composed now.
    """

    kept: set[str]
    wrong: set[str]


@dataclass
class Shown:
    """`ids` of posts and comments by their names, `paths` of the pages that are asked for."""

    stack: Stack
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    async def post(self, name: str, **given: Any) -> None:
        written = await self.stack.post(title=name.title(), **given)
        self.ids[name] = written["id"]
        if written["path"]:
            self.paths[name] = written["path"]

    async def comment(self, name: str, under: str, body: str, **given: Any) -> None:
        path = f"/api/v1/articles/{self.ids[under]}/comments"
        answer = await self.stack.reader.post(path, json={"body": body} | given)
        assert answer.status_code in {201, 202}, answer.text
        self.ids[name], self.tokens[name] = answer.json()["id"], answer.json()["edit_token"]

    async def act(self, method: str, place: str, body: Any = None, *, token: str | None = None) -> httpx.Response:
        """By the operator, or by who shows the token of a comment."""
        headers = {"If-Match": "*"} if token is None else {"X-Edit-Token": self.tokens[token]}
        client = self.stack.operator if token is None else self.stack.reader
        answer = await client.request(method, f"/api/v1/{place}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer

    async def edit(self, name: str, **given: Any) -> None:
        await edit(self.stack, self.ids[name], **given)

    async def step(self, name: str, step: str, body: Any = None) -> None:
        await self.act("POST", f"posts/{self.ids[name]}/{step}", body)

    async def decide(self, action: str, name: str) -> None:
        await self.act("POST", "comments/decisions", {"ids": [self.ids[name]], "action": action})

    async def blog(self, **given: Any) -> None:
        await set_blog(self.stack, **given)

    async def id_of(self, kind: str, name: str) -> str:
        items = (await self.stack.operator.get(f"/api/v1/{kind}?limit=100")).json()["items"]
        return str(next(one["id"] for one in items if one["name"] == name))

    async def seen(self) -> Seen:
        """Once everybody has heard of everything."""
        await settled(self.stack)
        fresh, seen = past_the_cache(self.stack), Seen(set(), set())
        for name, path in self.paths.items():
            answer = await self.stack.reader.get(path)
            if status_of(answer) == "hit":
                seen.kept.add(name)
                if comparable(answer) != comparable(await fresh.get(path)):
                    seen.wrong.add(name)
        return seen

    async def kept(self) -> set[str]:
        """The surfaces that are answered out of the store, once everybody has heard of everything."""
        await settled(self.stack)
        return {name for name, path in self.paths.items() if status_of(await self.stack.reader.get(path)) == "hit"}

    async def steady(self) -> set[str]:
        """The same when two walks agree: a follower evicts once more what was evicted before the writer's answer."""
        kept = await self.kept()
        while (again := await self.kept()) != kept:
            kept = again
        return kept


async def small_blog(stack: Stack) -> Shown:
    """Six posts: three of long ago, three of now; and a static page."""
    blog = Shown(stack)
    for month in (1, 2, 3):
        await blog.post(f"far{month}", labels=["Far"], published=f"2022-0{month}-08T12:00:00Z")
    ann = (await blog.act("POST", "authors", {"name": "Ann"})).json()["id"]
    await blog.post("one", labels=["Harbor"], author_id=ann, published="2026-01-05T12:00:00Z")
    links: list[dict[str, Any]] = [
        {"post_id": blog.ids["one"]},
        {"headline": "Planned", "url": PLANNED},
        {"headline": "Elsewhere", "url": "https://elsewhere.example/"},
    ]
    await blog.post("two", labels=["Harbor", "Tide"], related_links=links, published="2026-02-05T12:00:00Z")
    await blog.post("three", labels=["Tide"], published="2026-03-05T12:00:00Z")
    await blog.post("about", kind="page")
    await blog.post("draft", state="draft", labels=["Tide"])
    await blog.comment("first", "one", "First")
    await blog.comment("far comment", "far2", "Long ago")
    one, two, far = blog.ids["one"], blog.ids["two"], blog.ids["far2"]
    blog.paths |= {
        "home": "/",
        "browse": "/search",
        "label harbor": "/search/label/Harbor",
        "label far": "/search/label/Far",
        "label tide": "/search/label/Tide",
        "year": "/2026/",
        "month": "/2026/03/",
        "json one": f"/api/v1/articles/{one}",
        "json two": f"/api/v1/articles/by-path?path={blog.paths['two']}",
        "json far": f"/api/v1/articles/{far}",
        "thread one": f"/api/v1/articles/{one}/comments",
        "list": "/api/v1/articles",
        "list harbor": "/api/v1/articles?label=Harbor",
        "list far": "/api/v1/articles?label=Far&include=body",
        "list ann": f"/api/v1/articles?author={ann}",
        "list 2022": "/api/v1/articles?year=2022&limit=2",
        "feed": "/feeds/posts/default",
        "feed summary": "/feeds/posts/summary?max-results=2",
        "feed tide": "/feeds/posts/default/-/Tide",
        "feed far": "/feeds/posts/default/-/Far",
        "comments feed": "/feeds/comments/default",
        "comments feed one": f"/feeds/{one}/comments/default",
        "comments feed far": f"/feeds/{far}/comments/default",
        "newest": "/api/v1/comments/newest",
        "newest two": f"/api/v1/comments/newest?article_id={two}",
        "counts": f"/api/v1/comments/counts?article_id={one}&article_id={two}",
        "labels": "/api/v1/labels",
        "authors": "/api/v1/authors",
        "archive": "/api/v1/archive",
        "robots": "/robots.txt",
        "planned": PLANNED,
    }
    return blog
