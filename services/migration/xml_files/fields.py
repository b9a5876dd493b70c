"""Reads text and markup out of elements."""

import html
import re
from typing import Final

from lxml import etree
from lxml.etree import _Element

# Characters that XML forbids; a recovering parser lets them through when they are written as references.
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NAMESPACE: Final = re.compile(r'\sxmlns(:[\w.-]+)?="[^"]*"')


def tag_of(element: _Element) -> str:
    """Empty for a name that is no text: the parser lets references to half a surrogate pair through."""
    try:
        return str(element.tag)
    except UnicodeDecodeError:
        return ""


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
    """Without namespaces, so that lxml knows HTML's void elements: `<br>`, but `<p></p>`.

    In a damaged file a prefix may have lost what declared it.
    """
    for each in element.iter("*"):
        each.tag = str(each.tag).rpartition("}")[2].rpartition(":")[2] or "span"
    written = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return NAMESPACE.sub("", written)


def has_bare_markup(element: _Element | None) -> bool:
    return element is not None and any(isinstance(child.tag, str) for child in element)
