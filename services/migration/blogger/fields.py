"""Reads single fields of an entry: text, markup, numbers, times, paths and web addresses."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from string import digits
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.etree import _Element

from services.common.instants import is_usable

# Characters that XML forbids; a recovering parser lets them through when they are written as references.
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NAMESPACE: Final = re.compile(r'\sxmlns(:[\w.-]+)?="[^"]*"')


def children(element: _Element, prefixes: tuple[str, ...], name: str) -> Iterator[_Element]:
    """Children by namespace or, where a damaged file leaves it undeclared, by the prefix as it is written."""
    names = {prefix + name for prefix in prefixes}
    return (child for child in element if child.tag in names)


def text_of(element: _Element, path: str) -> str:
    """The text at that path without surrounding blanks; empty when there is none."""
    found = element.find(path)
    return "" if found is None else inner_text(found)


def inner_text(element: _Element) -> str:
    """Undeclared entities such as `&nbsp;` are read as HTML's; no export declares its own."""
    pieces = [element.text or ""]
    for child in element:
        inner = "".join(map(str, child.itertext())) if isinstance(child.tag, str) else html.unescape(child.text or "")
        pieces += [inner, child.tail or ""]
    return FORBIDDEN.sub("", "".join(pieces)).strip()


def markup(element: _Element | None) -> str:
    """HTML as it stands in the file; elements that were left unescaped are written out again."""
    if element is None:
        return ""
    pieces = [element.text or ""]
    for child in element:
        pieces += [_written_out(child), child.tail or ""]
    return FORBIDDEN.sub("", "".join(pieces))


def _written_out(element: _Element) -> str:
    """Without namespaces, so that lxml knows HTML's void elements: `<br>`, but `<p></p>`."""
    for each in element.iter("*"):
        each.tag = str(each.tag).rpartition("}")[2]
    written = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return NAMESPACE.sub("", written)


def has_bare_markup(element: _Element | None) -> bool:
    return element is not None and any(isinstance(child.tag, str) for child in element)


def trailing_number(identifier: str) -> str | None:
    """`tag:blogger.com,1999:blog-1.post-23` is 23, and so is `…/comments/default/23`."""
    return identifier[len(identifier.rstrip(digits)) :] or None


def time_of(text: str) -> datetime:
    """In UTC. Raises ValueError when it is unreadable, without a zone or out of range."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    if not is_usable(moment):
        raise ValueError(f"{text!r} is out of range")
    return moment.astimezone(UTC)


def path_of(address: str) -> str | None:
    """Percent-decoded, without query or fragment; None for the front page and for what is no path."""
    try:
        path = unquote(urlsplit(address.strip()).path)
    except ValueError:
        return None
    path = "/" + path.lstrip("/")
    return None if path == "/" or FORBIDDEN.search(path) or not path.isprintable() else path


def web_address(address: str) -> str | None:
    return address if re.match(r"https?://[^\s/]", address, re.IGNORECASE) else None
