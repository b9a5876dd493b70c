"""The comments service as the gateway uses it."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from services.common.callers import ANONYMOUS, Principal
from services.common.problem_handlers import is_server_error
from services.common.request_id import under_request_id
from services.common.sender import Answer
from services.common.together import Together
from services.gateway.cache.gathering import wrote_to
from services.gateway.calls.deadline import ends_in
from services.gateway.clients.models import (
    Comment,
    Counts,
    EditedComment,
    NewestComments,
    OwnComment,
    PostOfComment,
    SentComment,
    SentOutcome,
    Thread,
    ThreadOrder,
    WrittenComment,
)
from services.gateway.clients.service import Service, json_of
from services.gateway.errors import PassedOn, ServiceDown

_MOST_TOGETHER: Final = 32
"""Comments in one call. More would keep the first of them waiting until the last is judged."""


class CommentsClient:
    def __init__(self, service: Service) -> None:
        self.service = service
        self._write_together = Together(self._write_all, _MOST_TOGETHER)

    async def thread(
        self,
        post_id: str,
        post_version: int,
        cursor: str | None,
        limit: int,
        count_of: Sequence[str] = (),
        *,
        order: ThreadOrder = "oldest",
        show: str | None = None,
    ) -> Thread:
        """A page of the post's thread and, in the same call, the counts of other posts' threads.

        `show`: the page on which this comment stands, if it is shown.
        """
        params: dict[str, object] = {"limit": limit, "count_of": list(count_of), "post_version": post_version}
        places = {"order": order, "cursor": cursor, "show": show}
        params |= {name: value for name, value in places.items() if value is not None}
        return await self.service.get(f"/threads/{post_id}", json_of(Thread), params)

    async def counts(self, post_ids: Sequence[str]) -> dict[str, int]:
        return (await self.service.get("/counts", json_of(Counts), {"post_id": list(post_ids)})).counts

    async def shown_counts(self, post_ids: Sequence[str]) -> dict[str, int]:
        """Without posts that are not live or hide their threads."""
        return (await self.service.get("/shown-counts", json_of(Counts), {"post_id": list(post_ids)})).counts

    async def newest(self, post_id: str | None, cursor: str | None, limit: int) -> NewestComments:
        places = {"post_id": post_id, "cursor": cursor, "limit": limit}
        given = {name: value for name, value in places.items() if value is not None}
        return await self.service.get("/newest", json_of(NewestComments), given)

    async def post_of_comment(self, comment_id: str, timeout_s: float) -> str:
        """The id of the post under which a live comment stands."""
        answer = await self.service.send("GET", f"/comments/{comment_id}/post", ANONYMOUS, timeout_s=timeout_s)
        return self.service.decode(answer, PostOfComment).post_id

    async def write_comment(self, sent: SentComment) -> WrittenComment:
        """With all that are written in the same turn. What is wrong with one is told to its writer alone."""
        outcome = await self._write_together(sent)
        if outcome.written is None:
            if outcome.problem is None or is_server_error(outcome.status):
                raise ServiceDown(self.service.name)
            raise PassedOn(outcome.status, outcome.problem, outcome.headers)
        wrote_to(self.service.name, None, outcome.touches)
        return outcome.written

    async def _write_all(self, sent: Sequence[SentComment]) -> Sequence[SentOutcome]:
        """In the name of the first, where a call has one, and for as long as the last reader waits."""
        under_request_id(sent[0].request_id)
        seconds = max(one.seconds for one in sent)
        ends_in(seconds)
        try:
            answer = await self.service.post("/comments", msgspec.json.encode(sent), ANONYMOUS, timeout_s=seconds)
        except PassedOn as exc:  # of no reader's making
            raise ServiceDown(self.service.name) from exc
        outcomes: list[SentOutcome] = self.service.decode(answer, list[SentOutcome])
        if len(outcomes) != len(sent):
            raise ServiceDown(self.service.name)
        return outcomes

    async def close(self) -> None:
        await self._write_together.close()
        await self.service.close()

    async def own_comment(self, comment_id: str, token: str, timeout_s: float) -> OwnComment:
        answer = await self._own("GET", f"{comment_id}/own", token, ANONYMOUS, timeout_s)
        return self.service.decode(answer, OwnComment)

    async def edit_comment(
        self,
        comment_id: str,
        body: bytes,
        token: str,
        principal: Principal,
        headers: Mapping[str, str],
        timeout_s: float,
    ) -> EditedComment:
        answer = await self._own("PATCH", comment_id, token, principal, timeout_s, body, headers)
        return self.service.decode(answer, EditedComment)

    async def delete_comment(self, comment_id: str, token: str, timeout_s: float) -> None:
        await self._own("DELETE", comment_id, token, ANONYMOUS, timeout_s)

    async def prove_comment(self, comment_id: str, body: bytes, timeout_s: float) -> Comment:
        path = f"/comments/{comment_id}/proof"
        return self.service.decode(await self.service.post(path, body, ANONYMOUS, timeout_s=timeout_s), Comment)

    async def _own(
        self,
        method: str,
        path: str,
        token: str,
        principal: Principal,
        timeout_s: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = {**(headers or {}), "X-Edit-Token": token}
        return await self.service.send(
            method, f"/comments/{path}", principal, content=body, headers=sent, timeout_s=timeout_s
        )
