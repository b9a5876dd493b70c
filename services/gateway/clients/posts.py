"""The posts service as the gateway uses it."""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from services.common.callers import ANONYMOUS, Principal
from services.common.sender import Answer
from services.gateway.clients.models import (
    Article,
    ArticleList,
    CheckedKey,
    Commenting,
    LivePosts,
    Moved,
    OwnAddress,
    Paths,
    RelatedList,
)
from services.gateway.clients.service import Service, json_of


class PostsClient:
    def __init__(self, service: Service) -> None:
        self.service = service

    async def article_by_path(self, path: str, related: int) -> Article | Moved:
        """With as many related posts, unless the blog or the article says otherwise."""
        return await self.service.get("/articles/by-path", _article_or_moved, {"path": path, "related": related})

    async def article_by_id(self, article_id: str, related: int) -> Article:
        return await self.service.get(f"/articles/{article_id}", json_of(Article), {"related": related})

    async def related(self, article_id: str, limit: int) -> RelatedList:
        """`limit` of what posts relates, beside all that was picked."""
        return await self.service.get(f"/articles/{article_id}/related", json_of(RelatedList), {"limit": limit})

    async def explained_related(
        self, article_id: str, limit: int, principal: Principal, timeout_s: float
    ) -> RelatedList:
        """The same with what scores are made of, for those who may know."""
        params, path = {"limit": limit, "explain": True}, f"/articles/{article_id}/related"
        answer = await self.service.send("GET", path, principal, params=params, timeout_s=timeout_s)
        return self.service.decode(answer, RelatedList)

    async def articles(self, params: Mapping[str, Any]) -> ArticleList:
        given = {name: value for name, value in params.items() if value is not None}
        return await self.service.get("/articles", json_of(ArticleList), given)

    async def live_posts(self, post_ids: Sequence[str]) -> LivePosts:
        """Those that are live of up to 101, and the blog."""
        return await self.service.get("/live-posts", json_of(LivePosts), {"post_id": list(post_ids)})

    async def public_url(self) -> str | None:
        """The blog's own, if it has one."""
        return (await self.service.get("/blog", json_of(OwnAddress))).public_url

    async def commenting(self, article_id: str) -> Commenting:
        return await self.service.get(f"/articles/{article_id}/commenting", json_of(Commenting))

    async def check_key(self, key: str, timeout_s: float) -> CheckedKey:
        body = msgspec.json.encode({"key": key})
        answer = await self.service.post("/keys/check", body, ANONYMOUS, timeout_s=timeout_s)
        return self.service.decode(answer, CheckedKey)

    async def paths(self, post_ids: Collection[str], principal: Principal, timeout_s: float) -> Mapping[str, str]:
        """Present ones of posts in any state, by id; of up to 1,000 posts."""
        body = msgspec.json.encode({"ids": sorted(post_ids)})
        answer = await self.service.post("/paths", body, principal, timeout_s=timeout_s)
        return self.service.decode(answer, Paths).paths


def _article_or_moved(answer: Answer) -> Article | Moved:
    """Raises ValueError when it moved nowhere."""
    if answer.status != HTTPStatus.MOVED_PERMANENTLY:
        return json_of(Article)(answer)
    paths = parse_qs(urlsplit(answer.headers.get("Location", "")).query).get("path")
    if not paths:
        raise ValueError("a path is missing")
    return Moved(paths[0])
