"""Which post's path the address of a thread may stand for."""

from typing import Final
from urllib.parse import unquote, urlsplit

from services.common.text import drop_unstorable

MAX_PATHS: Final = 4
_POST: Final = "dateline-post:"
_MAX_CHARS: Final = 1024
"""No post has a longer path."""


def address_of_post(post_id: str, address: str = "") -> str:
    """An address that names its post by Dateline's own id; another may follow, for where no post has that id."""
    return f"{_POST}{post_id} {address}".strip()


def post_id_of(address: str) -> str | None:
    return address.removeprefix(_POST).partition(" ")[0] if address.startswith(_POST) else None


def without_post_id(address: str) -> str:
    """What is left of an address that names its post by the id as well."""
    return address.partition(" ")[2] if address.startswith(_POST) else address


def paths_of(address: str) -> tuple[str, ...]:
    """The path as it stands in a URL or alone, decoded; then its forms with and without `.html` and a last slash."""
    try:
        path = drop_unstorable(unquote(urlsplit(without_post_id(address).strip()).path))
    except ValueError:
        return ()
    path = "/" + path.lstrip("/")
    bare = path.rstrip("/").removesuffix("/index.html").removesuffix(".html")
    forms = dict.fromkeys((path, f"{bare}.html", bare, f"{bare}/"))
    return tuple(form for form in forms if form.startswith("/") and form.strip("/") and len(form) <= _MAX_CHARS)
