"""Takes writes to the service that owns them, with the principal on whose behalf they are made."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from fastapi import Response
from msgspec import Struct
from pydantic import BaseModel, ValidationError

from services.common.callers import ANONYMOUS, Principal
from services.common.media_type_route import NDJSON
from services.common.problems import Unauthorized
from services.gateway.clients.service import Service
from services.gateway.errors import UNAVAILABLE, PassedOn, ServiceDown
from services.gateway.operator_key import OPERATOR, is_operator_key
from services.gateway.settings import GatewaySettings
from services.gateway.upstreams import Upstreams

Answer = TypeVar("Answer", bound=BaseModel)


class Owned(Struct, Generic[Answer], frozen=True):
    """What the owner of something answered; `etag` names the version."""

    value: Answer
    etag: str | None

    def tagged(self, response: Response) -> Answer:
        """Its value, and its tag among the headers of an answer."""
        if self.etag is not None:
            response.headers["ETag"] = self.etag
        return self.value


class Forwarder(Struct, frozen=True):
    upstreams: Upstreams
    settings: GatewaySettings
    operator_key: str

    async def principal(self, key: str | None) -> Principal:
        """Who shows this API key; raises Unauthorized for one that is not valid, PostsUnavailable."""
        if key is None:
            return ANONYMOUS
        if is_operator_key(key, self.operator_key):
            return OPERATOR
        try:
            checked = await self.upstreams.posts.check_key(key, self.settings.write_timeout_s)
        except PassedOn as exc:
            raise Unauthorized("The API key is not known, has expired or was revoked.") from exc
        except ServiceDown as exc:
            raise UNAVAILABLE[exc.service] from exc
        return Principal(checked.principal, frozenset(checked.scopes))

    async def to_posts(self, path: str, body: BaseModel, principal: Principal, answer: type[Answer]) -> Answer:
        """The owner's answer; raises PassedOn and PostsUnavailable."""
        return await self._write(self.upstreams.posts.service, path, body, principal, answer)

    async def to_comments(self, path: str, body: BaseModel, principal: Principal, answer: type[Answer]) -> Answer:
        """The owner's answer; raises PassedOn and CommentsUnavailable."""
        return await self._write(self.upstreams.comments.service, path, body, principal, answer)

    async def lines_to_comments(
        self, path: str, lines: bytes, principal: Principal, answer: type[Answer], params: Mapping[str, Any]
    ) -> Answer:
        """The owner's answer to lines of JSON; raises PassedOn and CommentsUnavailable."""
        service, timeout_s = self.upstreams.comments.service, self.settings.import_timeout_s
        try:
            found = await service.send(
                "POST",
                path,
                principal,
                content=lines,
                params=params,
                headers={"Content-Type": NDJSON},
                timeout_s=timeout_s,
            )
            return answer.model_validate_json(found.content)
        except (ServiceDown, ValidationError) as exc:
            raise UNAVAILABLE[service.name] from exc

    async def read_posts(
        self, path: str, principal: Principal, answer: type[Answer], params: Mapping[str, Any] | None = None
    ) -> Owned[Answer]:
        """What editors and lists of names read; raises PassedOn and PostsUnavailable."""
        return await self.write_posts("GET", path, principal, answer, params=params)

    async def read_comments(
        self, path: str, principal: Principal, answer: type[Answer], params: Mapping[str, Any] | None = None
    ) -> Answer:
        """What moderators read; raises PassedOn and CommentsUnavailable."""
        service = self.upstreams.comments.service
        given = {name: value for name, value in (params or {}).items() if value is not None}
        try:
            found = await service.send("GET", path, principal, params=given, timeout_s=self.settings.write_timeout_s)
            return answer.model_validate_json(found.content)
        except (ServiceDown, ValidationError) as exc:
            raise UNAVAILABLE[service.name] from exc

    async def write_posts(
        self,
        method: str,
        path: str,
        principal: Principal,
        answer: type[Answer],
        body: BaseModel | None = None,
        *,
        params: Mapping[str, Any] | None = None,
        conditions: Mapping[str, str] | None = None,
    ) -> Owned[Answer]:
        """`conditions` are headers that the owner decides by. Raises PassedOn and PostsUnavailable."""
        service = self.upstreams.posts.service
        content = None if body is None else body.model_dump_json(exclude_unset=True).encode()
        given = {name: value for name, value in (params or {}).items() if value is not None}
        timeout_s = self.settings.write_timeout_s
        try:
            found = await service.send(
                method, path, principal, content=content, params=given, headers=conditions, timeout_s=timeout_s
            )
            return Owned(answer.model_validate_json(found.content), found.headers.get("ETag"))
        except (ServiceDown, ValidationError) as exc:
            raise UNAVAILABLE[service.name] from exc

    async def delete_from_posts(self, path: str, principal: Principal, conditions: Mapping[str, str]) -> None:
        """Raises PassedOn and PostsUnavailable."""
        service = self.upstreams.posts.service
        timeout_s = self.settings.write_timeout_s
        try:
            await service.send("DELETE", path, principal, headers=conditions, timeout_s=timeout_s)
        except ServiceDown as exc:
            raise UNAVAILABLE[service.name] from exc

    async def delete_from_comments(self, path: str, principal: Principal) -> None:
        """Raises PassedOn and CommentsUnavailable."""
        service = self.upstreams.comments.service
        try:
            await service.send("DELETE", path, principal, timeout_s=self.settings.write_timeout_s)
        except ServiceDown as exc:
            raise UNAVAILABLE[service.name] from exc

    async def _write(
        self, service: Service, path: str, body: BaseModel, principal: Principal, kind: type[Answer]
    ) -> Answer:
        encoded = body.model_dump_json(exclude_unset=True).encode()
        importing = path.startswith("/import/")
        timeout_s = self.settings.import_timeout_s if importing else self.settings.write_timeout_s
        try:
            answer = await service.post(path, encoded, principal, timeout_s=timeout_s)
            return kind.model_validate_json(answer.content)
        except (ServiceDown, ValidationError) as exc:
            raise UNAVAILABLE[service.name] from exc
