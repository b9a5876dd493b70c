"""Renders pages from templates. Every value is escaped but HTML that a policy cleaned when it was stored."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context

from services.common.header_lines import Header
from services.common.html import SafeHtml
from services.common.urls import escaped_path
from services.gateway.clients.models import Blog
from services.gateway.compose.words import direction, month_name
from services.gateway.pages.days import by_day
from services.gateway.security_headers import page_csp

_INCLUDE: Final = re.compile(r'{% include "([a-z_.]+)" %}\n')
_EXTENDS: Final = re.compile(r'{% extends "([a-z_.]+)" %}\n')
_BLOCK: Final = re.compile(r"{% block ([a-z]+) %}\n?(.*?){% endblock %}\n?", re.DOTALL)


class Renderer:
    """Templates, compiled once, and what all pages have in common."""

    def __init__(self, public_url: str, embed_hosts: str) -> None:
        self._public_url = public_url
        self._csp_header = (b"content-security-policy", page_csp(public_url, embed_hosts).encode())
        self._environment = _Environment(
            loader=_InPlace("services.gateway"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.clear()  # they would be copied for each page, and none is used
        self._environment.filters["cleaned_when_stored"] = SafeHtml
        self._environment.filters["own_path"] = self._own_path
        self._environment.filters["escaped_path"] = escaped_path
        self._environment.filters["iso"] = datetime.isoformat
        self._environment.filters["direction"] = direction
        self._environment.filters["groupby_day"] = by_day
        self._environment.filters["month_name"] = month_name

    def page(self, template: str, status_code: int = 200, *, blog: Blog | None, **values: Any) -> HTMLResponse:
        found = self._environment.get_template(template)
        pieces = found.root_render_func(found.new_context({"blog": blog, **values}))
        # one by one: a single character beyond Latin-1 would make all of a page wide, and slow to encode
        return self.answer(b"".join([piece.encode() for piece in pieces]), status_code)

    def html(self, template: str, *, blog: Blog | None, **values: Any) -> str:
        return self._environment.get_template(template).render(blog=blog, **values)

    def answer(self, html: str | bytes, status_code: int, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        return _Page(html.encode() if isinstance(html, str) else html, status_code, self._csp_header, headers)

    @pass_context
    def _own_path(self, context: Context, url: str) -> str:
        return self.own_path(url, context.get("blog"))

    def own_path(self, url: str, blog: Blog | None) -> str:
        """The blog's own links as paths, so that they work under every host name that is served."""
        public_url = self._public_url if blog is None else blog.public_url
        return url.removeprefix(public_url) or "/" if url.startswith(public_url + "/") else url


class _Page(HTMLResponse):
    """Has the headers that its parent would find out for each one anew."""

    def __init__(self, body: bytes, status_code: int, csp: Header, headers: Mapping[str, str] | None) -> None:
        self.status_code, self.body, self.background = status_code, body, None
        self.raw_headers = [csp, (b"content-length", b"%d" % len(body)), (b"content-type", b"text/html; charset=utf-8")]
        if headers:
            self.headers.update(headers)


def _escaped(value: object) -> str:
    """As the library's own does, but for the object that it makes of each: article pages have some thirty."""
    if type(value) is str:
        return html.escape(value)
    return str(value) if hasattr(value, "__html__") else html.escape(str(value))


class _EscapesByHand(CodeGenerator):
    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Environment(Environment):
    """What templates are given has attributes and no keys: there is no need to look for both."""

    getattr = staticmethod(getattr)  # type: ignore[assignment]  # called as the method is
    escaped = staticmethod(_escaped)
    code_generator_class = _EscapesByHand


class _InPlace(PackageLoader):
    """Puts what is included in its place before a template is compiled, and blocks in that of the template which they
    extend: contexts and generators for each take as long as to render what they hold.
    """

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        source, name, is_fresh = super().get_source(environment, template)

        def included(tag: re.Match[str]) -> str:
            return self.get_source(environment, tag[1])[0].removesuffix("\n")

        source = _INCLUDE.sub(included, source)
        extends = _EXTENDS.match(source)
        if extends is not None:
            source = _extended(self.get_source(environment, extends[1])[0], dict(_BLOCK.findall(source)))
        return source, name, is_fresh


def _extended(base: str, blocks: Mapping[str, str]) -> str:
    def filled(block: re.Match[str]) -> str:
        name, own = block.groups()
        return blocks.get(name, own).replace("{{ super() }}", own)

    return _BLOCK.sub(filled, base)


async def _renderer(request: Request) -> Renderer:
    renderer: Renderer = request.state.renderer
    return renderer


RendererDep = Annotated[Renderer, Depends(_renderer)]
