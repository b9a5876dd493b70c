"""Reads the entries of a classic backup, the file blog-MM-DD-YYYY.xml."""

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from services.migration.blogger.atom import ATOM
from services.migration.blogger.entry import Entry, Kind
from services.migration.blogger.fields import children, trailing_number
from services.migration.xml_files.fields import has_bare_markup, inner_text, markup, text_of

KIND_SCHEME: Final = "http://schemas.google.com/g/2005#kind"
LABEL_SCHEME: Final = "http://www.blogger.com/atom/ns#"
APP: Final = ("{http://purl.org/atom/app#}", "{http://www.w3.org/2007/app}", "app:")
THREAD: Final = ("{http://purl.org/syndication/thread/1.0}", "thr:")
GOOGLE: Final = ("{http://schemas.google.com/g/2005}", "gd:")
GEO: Final = ("{http://www.georss.org/georss}", "georss:")
KINDS: Final[dict[str, Kind]] = {
    "post": "post",
    "page": "page",
    "comment": "comment",
    "settings": "setting",
    "template": "template",
}


def classic_entry(element: _Element) -> Entry:
    return Entry(
        kind=_kind(element),
        tag=text_of(element, f"{ATOM}id"),
        published=text_of(element, f"{ATOM}published"),
        updated=text_of(element, f"{ATOM}updated"),
        title=text_of(element, f"{ATOM}title"),
        body=markup(element.find(f"{ATOM}content")),
        author_name=text_of(element, f"{ATOM}author/{ATOM}name"),
        author_uri=text_of(element, f"{ATOM}author/{ATOM}uri"),
        address=_link(element, "alternate"),
        labels=tuple(dict.fromkeys(_terms(element, LABEL_SCHEME))),
        post_state="draft" if _is_draft(element) else "live",
        comment_state="deleted" if _is_removed(element) else "live",
        post=_post_number(element),
        parent=_parent_number(element),
        notes=tuple(_notes(element)),
    )


def _kind(element: _Element) -> Kind:
    kinds = (KINDS.get(term.rpartition("#")[2], "unknown") for term in _terms(element, KIND_SCHEME))
    return next(kinds, "unknown")


def _terms(element: _Element, scheme: str) -> Iterator[str]:
    for category in element.findall(f"{ATOM}category"):
        if category.get("scheme") == scheme and (term := category.get("term", "").strip()):
            yield term


def _link(element: _Element, rel: str) -> str:
    links = (link.get("href", "").strip() for link in element.findall(f"{ATOM}link") if link.get("rel") == rel)
    return next(links, "")


def _is_draft(element: _Element) -> bool:
    drafts = (draft for control in children(element, APP, "control") for draft in children(control, APP, "draft"))
    return any(inner_text(draft).lower() == "yes" for draft in drafts)


def _is_removed(element: _Element) -> bool:
    properties = {each.get("name"): each.get("value", "") for each in children(element, GOOGLE, "extendedProperty")}
    return properties.get("blogger.contentRemoved", "").lower() == "true"


def _post_number(element: _Element) -> str | None:
    """The reference calls pages posts too (`.post-N` where the page is `.page-N`), so that only the number counts."""
    references = (each.get("ref", "") for each in children(element, THREAD, "in-reply-to"))
    return next((number for each in references if (number := trailing_number(each))), None)


def _parent_number(element: _Element) -> str | None:
    last_segment = _link(element, "related").rstrip("/").rpartition("/")[2]
    return trailing_number(last_segment) or last_segment or None


def _notes(element: _Element) -> Iterator[str]:
    if has_bare_markup(element.find(f"{ATOM}content")):
        yield "its text holds unescaped markup, which is read as HTML"
    if _link(element, "enclosure"):
        yield "its enclosure (an attached media file) is not imported"
    if any(inner_text(place) for name in ("featurename", "point") for place in children(element, GEO, name)):
        yield "its place on the map is not imported"
