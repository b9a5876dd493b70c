"""Takes votes to the comments service, for comments that readers are shown."""

from typing import Literal

from msgspec import Struct
from pydantic import ValidationError

from services.common.callers import ADDRESS_HEADER, Address, Principal
from services.gateway.clients.models import Commenting
from services.gateway.errors import UNAVAILABLE, CommentNotFound, CommentsUnavailable, PassedOn, ServiceDown
from services.gateway.schemas.votes import Vote
from services.gateway.settings import GatewaySettings
from services.gateway.upstreams import Upstreams


class Voted(Struct, frozen=True):
    vote: Vote
    article_path: str


class Voting(Struct, frozen=True):
    """A reader at an address votes. Raises CommentNotFound, PassedOn (404, 409, 429) and Unavailable."""

    upstreams: Upstreams
    settings: GatewaySettings
    address: Address | None

    async def give(self, comment_id: str, principal: Principal) -> Voted:
        return await self._send("PUT", comment_id, principal)

    async def take_back(self, comment_id: str, principal: Principal) -> Voted:
        return await self._send("DELETE", comment_id, principal)

    async def _send(self, method: Literal["PUT", "DELETE"], comment_id: str, principal: Principal) -> Voted:
        headers = {} if self.address is None else {ADDRESS_HEADER: str(self.address)}
        comments, timeout_s = self.upstreams.comments.service, self.settings.write_timeout_s
        try:
            article = await self._article(comment_id)
            headers["X-Dateline-Post-Version"] = str(article.version)
            path = f"/comments/{comment_id}/vote"
            answer = await comments.send(method, path, principal, headers=headers, timeout_s=timeout_s)
            return Voted(Vote.model_validate_json(answer.content), article.path)
        except ServiceDown as exc:
            raise UNAVAILABLE[exc.service] from exc
        except ValidationError as exc:
            raise CommentsUnavailable from exc

    async def _article(self, comment_id: str) -> Commenting:
        """Over the comment; a comment of one that is not shown is answered like one that is not there."""
        post_id = await self.upstreams.comments.post_of_comment(comment_id, self.settings.write_timeout_s)
        try:
            article = await self.upstreams.posts.commenting(post_id)
        except PassedOn as exc:
            raise CommentNotFound from exc
        if article.comment_policy == "hidden":
            raise CommentNotFound
        return article
