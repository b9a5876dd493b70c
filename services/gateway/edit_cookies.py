"""Edit tokens as cookies: one for each comment, sent only where that comment is changed."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from services.gateway.clients.models import WrittenComment

_COOKIE: Final = "dateline-edit"


def give_edit_cookie(response: Response, stored: WrittenComment, public_url: str) -> None:
    """For as long as the comment may be changed."""
    seconds = int((stored.editable_until - stored.comment.published).total_seconds())
    if seconds:
        # token and id need no quotes, for which `set_cookie` would look as long as a comment takes to be checked
        attributes = f"HttpOnly; Max-Age={seconds}; Path=/comments/{stored.comment.id}; SameSite=strict"
        secure = "; Secure" if public_url.startswith("https:") else ""
        response.headers.append("Set-Cookie", f"{_COOKIE}={stored.edit_token}; {attributes}{secure}")


async def _edit_cookie(request: Request) -> str:
    return request.cookies.get(_COOKIE, "")


EditCookie = Annotated[str, Depends(_edit_cookie)]
"""Empty for a browser that has written no such comment of late."""
