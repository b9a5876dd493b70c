"""A folded text cut into words and links."""

import re
from typing import Final

from msgspec import Struct

_MAX_HOST: Final = 60
_MAX_HOSTS: Final = 10
LINK: Final = b"xlinkx"
"""Stands among the words where a link was."""
NUMBER: Final = b"0"
_WORDS = re.compile(r"[^\W_]{1,30}(?:'[^\W_]{1,30})?")  # a longer one counts as several
_SCHEME = re.compile(r"^\W*(?:https?://)?(?:www\.)?", re.IGNORECASE)
_HOST_END = re.compile(r"[/?#:\s]")
_LOOKS_LIKE_LINK = re.compile(
    r"https?://|www\.|/watch\?v=|(?<=[a-z0-9])\.(?:com|net|org|info|biz|tv|be|co|ly|me|io|ru|de|uk|pl|fr|es|it|in|cn|top"
    r"|xyz|site|online|shop|club|example)(?![a-z0-9])",
    re.IGNORECASE,
)


class Tokens(Struct, frozen=True):
    """`words` in lower case and UTF-8, with LINK and NUMBER for links and numbers; `hosts` of the first ten links."""

    words: list[bytes]
    hosts: list[bytes]
    link_count: int


def tokens(text: str) -> Tokens:
    chunks = text.split()
    links = [at for at, chunk in enumerate(chunks) if ("." in chunk or "/" in chunk) and _LOOKS_LIKE_LINK.search(chunk)]
    hosts = [host_of(chunks[at]) for at in links[:_MAX_HOSTS]]
    for at in links:
        chunks[at] = LINK.decode()
    unlinked = " ".join(chunks) if links else text
    found = " ".join(_WORDS.findall(unlinked.lower())).encode().split()
    return Tokens([NUMBER if word.isdigit() else word for word in found], hosts, len(links))


def host_of(link: str) -> bytes:
    """Without `www.`; whatever stands before the first slash when the link has no scheme."""
    return _HOST_END.split(_SCHEME.sub("", link, count=1), maxsplit=1)[0].lower()[:_MAX_HOST].encode(errors="replace")
