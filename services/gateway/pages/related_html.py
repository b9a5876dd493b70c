"""The related links of an article as HTML: by hand, as its comments, and straight from what was found."""

from collections.abc import Callable
from functools import partial
from html import escape

from services.common.html import SafeHtml
from services.common.urls import escaped_path
from services.gateway.clients.models import Picked, Related
from services.gateway.compose.articles import BlogArticle
from services.gateway.compose.related import headline


def related_html(found: BlogArticle, own_path: Callable[[str], str]) -> SafeHtml:
    """Items of a list. `own_path` makes paths of the blog's own URLs."""
    return SafeHtml("".join(map(partial(_item, own_path=own_path), found.related)))


def _item(link: Picked | Related, own_path: Callable[[str], str]) -> str:
    path = own_path(link.url) if link.target is None else escaped_path(link.target.path)
    reasons = "" if isinstance(link, Picked) else _reasons(link)
    return f'<li><a href="{escape(path)}">{escape(headline(link))}</a>{reasons}</li>\n'


def _reasons(link: Related) -> str:
    labels = "" if link.label is None else f' <span class="reason">also in {escape(link.label)}</span>'
    terms = f' <span class="reason">both on {escape(", ".join(link.terms))}</span>' if link.terms else ""
    return labels + terms
