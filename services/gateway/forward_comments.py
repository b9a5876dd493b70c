"""Takes what readers do with comments to the comments service."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct
from pydantic import BaseModel

from services.common.callers import ADDRESS_HEADER, Address, Principal
from services.common.request_id import current_request_id
from services.gateway.cache.facts import Facts
from services.gateway.calls.deadline import request_ends_at
from services.gateway.clients.models import Comment, Commenting, EditedComment, OwnComment, SentComment, WrittenComment
from services.gateway.errors import UNAVAILABLE, ServiceDown
from services.gateway.settings import GatewaySettings
from services.gateway.upstreams import Upstreams


class Sender(Struct, frozen=True):
    """Who sends a comment, from which address, by what kind of form; and the key by which a repeat is known."""

    principal: Principal
    address: Address | None
    idempotency_key: str | None = None
    form_facts: Sequence[str] = ()

    def headers(self) -> dict[str, str]:
        return {} if self.address is None else {ADDRESS_HEADER: str(self.address)}

    def sends(self, article_id: str, body: bytes, article: Commenting, seconds: float) -> SentComment:
        """`article` is as it has just been read; the comments service may know an older one."""
        return SentComment(
            post_id=int(article_id),
            body=body.decode(),
            request_id=current_request_id(),
            seconds=seconds,
            principal=self.principal.name,
            scopes=sorted(self.principal.scopes),
            address=None if self.address is None else str(self.address),
            form_facts=self.form_facts,
            idempotency_key=self.idempotency_key,
            post_version=article.version,
            post_policy=article.comment_policy,
        )


class Written(Struct, frozen=True):
    """A comment that is stored, and the path of the article it stands under."""

    stored: WrittenComment
    article_path: str


class CommentForwarder(Struct, frozen=True):
    upstreams: Upstreams
    settings: GatewaySettings
    facts: Facts

    async def write(self, article_id: str, body: bytes, sender: Sender) -> Written:
        """Writes a comment, in JSON, under a live article.

        Raises PassedOn (403, 404, 409, 422, 429) and Unavailable.
        """
        with _available():
            article = await self._commenting(article_id)
            sent = sender.sends(article_id, body, article, self._seconds_left())
            written = await self.upstreams.comments.write_comment(sent)
        return Written(written, article.path)

    def _seconds_left(self) -> float:
        """Looking for the article took its part."""
        left = request_ends_at() - asyncio.get_running_loop().time()
        return max(min(left, self.settings.write_timeout_s), 0)

    async def own(self, comment_id: str, token: str) -> OwnComment:
        """A comment as its author wrote it; raises PassedOn (403) and CommentsUnavailable."""
        with _available():
            return await self.upstreams.comments.own_comment(comment_id, token, self.settings.write_timeout_s)

    async def edit(self, comment_id: str, patch: BaseModel, token: str, sender: Sender) -> EditedComment:
        """Raises PassedOn (403, 404, 409, 422) and CommentsUnavailable."""
        body = patch.model_dump_json(exclude_unset=True).encode()
        with _available():
            return await self.upstreams.comments.edit_comment(
                comment_id, body, token, sender.principal, sender.headers(), self.settings.write_timeout_s
            )

    async def delete(self, comment_id: str, token: str) -> None:
        """Raises PassedOn (403) and CommentsUnavailable."""
        with _available():
            await self.upstreams.comments.delete_comment(comment_id, token, self.settings.write_timeout_s)

    async def prove(self, comment_id: str, proof: BaseModel) -> Comment:
        """Raises PassedOn (422) and CommentsUnavailable."""
        body = proof.model_dump_json().encode()
        with _available():
            return await self.upstreams.comments.prove_comment(comment_id, body, self.settings.write_timeout_s)

    async def article_path(self, article_id: str) -> str:
        """Of a live article; raises PassedOn (404) and PostsUnavailable."""
        with _available():
            return (await self._commenting(article_id)).path

    async def _commenting(self, article_id: str) -> Commenting:
        """As it was heard of last: what comments follow of posts themselves has the last word."""
        return await self.facts.of(f"post:{article_id}", lambda: self.upstreams.posts.commenting(article_id))


@contextmanager
def _available() -> Iterator[None]:
    """Tells what a service that is down means for the caller."""
    try:
        yield
    except ServiceDown as exc:
        raise UNAVAILABLE[exc.service] from exc
