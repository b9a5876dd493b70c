"""Comments for a file: the comments service's lines, each with the path of its post."""

from typing import Any

import msgspec
from msgspec import Struct

from services.common.callers import Principal
from services.gateway.errors import ServiceDown
from services.gateway.upstreams import Upstreams

Line = dict[str, Any]


class ExportPage(Struct, frozen=True):
    """`link` leads on, relative to the address of this page."""

    content: bytes
    link: str | None


async def exported_comments(
    upstreams: Upstreams, principal: Principal, cursor: str | None, limit: int, timeout_s: float
) -> ExportPage:
    """One call to each service. Raises PassedOn and ServiceDown."""
    comments, params = upstreams.comments.service, {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
    answer = await comments.send("GET", "/export/comments", principal, params=params, timeout_s=timeout_s)
    try:
        lines = msgspec.json.Decoder(Line).decode_lines(answer.content)
        post_ids = {line["post_id"] for line in lines}
    except (msgspec.MsgspecError, KeyError) as exc:
        raise ServiceDown(comments.name) from exc
    paths = await upstreams.posts.paths(post_ids, principal, timeout_s) if post_ids else {}
    whole = [_at_path(line, paths.get(line["post_id"])) for line in lines]
    return ExportPage(msgspec.json.Encoder().encode_lines(whole), answer.headers.get("Link"))


def _at_path(line: Line, path: str | None) -> Line:
    return line if path is None else {"id": line.get("id"), "post_path": path} | line
