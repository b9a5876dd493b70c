"""Reads single fields of an entry: numbers, paths and web addresses."""

import re
from collections.abc import Iterator
from string import digits
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element

from services.migration.xml_files.fields import FORBIDDEN


def children(element: _Element, prefixes: tuple[str, ...], name: str) -> Iterator[_Element]:
    """Children by namespace or, where a damaged file leaves it undeclared, by the prefix as it is written."""
    names = {prefix + name for prefix in prefixes}
    return (child for child in element if child.tag in names)


def trailing_number(identifier: str) -> str | None:
    """`tag:blogger.com,1999:blog-1.post-23` is 23, and so is `…/comments/default/23`."""
    return identifier[len(identifier.rstrip(digits)) :] or None


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
