"""What every answer tells browsers not to do, and that pages bring nothing of other sites."""

from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest

from services.gateway.security_headers import SecurityHeaders
from tests.security.dangers import EMBED_HOSTS, OWN_SCRIPTS, dangers
from tests.security.inside import parsed
from tests.security.surfaces import HTML, JSON
from tests.stack import PUBLIC_URL, Stack

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # no header comes out of a database
ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGE: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' https:",
    "connect-src": "'self'",
    "frame-src": " ".join(f"https://{host}" for host in sorted(EMBED_HOSTS)),
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
}
DATA: Final = {"default-src": "'none'", "frame-ancestors": "'none'", "sandbox": ""}


def _policy(answer: httpx.Response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: " ".join(sorted(value.split())) if name == "frame-src" else value for name, _, value in parts}


async def _answers(stack: Stack) -> dict[str, httpx.Response]:
    """One of each kind, errors by every layer that makes some."""
    written = await stack.post(labels=["A"], published="2022-01-08T12:00:00Z")
    reader, comments = stack.reader, f"/api/v1/articles/{written['id']}/comments"
    return {
        "page home": await reader.get("/", headers=HTML),
        "page article": await reader.get(written["path"], headers=HTML),
        "page browse": await reader.get("/search", headers=HTML),
        "page search": await reader.get("/search?q=title", headers=HTML),
        "page label": await reader.get("/search/label/A", headers=HTML),
        "page month": await reader.get("/2022/01/", headers=HTML),
        "page missing": await reader.get("/missing", headers=HTML),
        "page invalid": await reader.get("/?cursor=x", headers=HTML),
        "page refused form": await reader.post(f"/articles/{written['id']}/comments", data={"body": ""}, headers=HTML),
        "docs": await reader.get("/docs", headers=HTML),
        "data article": await reader.get(f"/api/v1/articles/{written['id']}"),
        "data list": await reader.get("/api/v1/articles?q=title"),
        "data archive": await reader.get("/api/v1/archive"),
        "data robots": await reader.get("/robots.txt"),
        "data feed": await reader.get("/feeds/posts/default"),
        "data draft": await stack.operator.get(f"/api/v1/posts/{written['id']}"),
        "data description": await reader.get("/openapi.json"),
        "data health": await reader.get("/livez"),
        "data style sheet": await reader.get("/static/dateline.css"),
        "data icon": await reader.get("/static/icon.svg"),
        "data written": await reader.post(comments, json={"body": "x"}),
        "data sent on": await reader.post(f"/articles/{written['id']}/comments", data={"body": "x"}),
        **{f"error {status}": answer for status, answer in (await _errors(stack, comments, JSON)).items()},
    }


async def _errors(stack: Stack, comments: str, accept: dict[str, str]) -> dict[str, httpx.Response]:
    reader, as_json = stack.reader, {"Content-Type": "application/json", **accept}
    address = comments.removeprefix("/api/v1") if accept is HTML else comments
    return {
        "401": await reader.post("/api/v1/keys", json={"scopes": ["posts:write"]}, headers=accept),
        "403": await reader.post(address, content=b"{}", headers=as_json | {"Sec-Fetch-Site": "cross-site"}),
        "404": await reader.get("/missing", headers=accept),
        "404 static": await reader.get("/static/missing", headers=accept),
        "405": await reader.delete("/docs", headers=accept),
        "413": await reader.post(address, content=b"x" * 70_000, headers=as_json),
        "415 encoding": await reader.post(address, content=b"{}", headers=as_json | {"Content-Encoding": "gzip"}),
        "415": await reader.post(address, content=b"{}", headers=as_json | {"Content-Type": "text/plain"}),
        "421": await reader.get("/", headers=accept | {"Host": "evil.example"}),
        "422": await reader.get("/", params={"cursor": "x"}, headers=accept),
    }


async def test_every_answer_has_the_headers(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control takes the layer away and misses them."""
    for kind, answer in (await _answers(stack)).items():
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, kind
        policy = _policy(answer)
        assert policy["default-src"] == "'none'", kind
        assert policy["frame-ancestors"] == "'none'", kind
        if kind.startswith("page"):
            assert {name: policy.get(name) for name in PAGE} == PAGE, kind
            assert policy["style-src-attr"] == "'unsafe-inline'", kind
        elif kind.startswith("data"):
            assert policy == DATA, kind
        assert "unsafe-eval" not in str(policy)
        assert "unsafe" not in policy.get("script-src", "")

    async def bare(self: SecurityHeaders, *given: object) -> None:
        await self._app(*given)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(SecurityHeaders, "__call__", bare)
    assert "X-Content-Type-Options" not in (await stack.reader.get("/livez")).headers


async def test_the_docs_run_own_scripts_only(stack: Stack) -> None:
    policy = _policy(await stack.reader.get("/docs", headers=HTML))

    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] in {"'self'", "'none'"}, "forms do not fall back to default-src"


@pytest.mark.parametrize("accept", [JSON, HTML, {"Accept": "*/*"}], ids=["json", "html", "any"])
async def test_every_error_is_a_problem_or_for_browsers_a_page(stack: Stack, accept: dict[str, str]) -> None:
    """Below /api it is always JSON."""
    written = await stack.post()
    wrong = {}

    for name, answer in (await _errors(stack, f"/api/v1/articles/{written['id']}/comments", accept)).items():
        assert answer.status_code == int(name[:3])
        kind, request_id = answer.headers["Content-Type"], answer.headers.get("X-Request-Id", "missing")
        if accept is HTML and not answer.request.url.path.startswith("/api/"):
            good = kind == "text/html; charset=utf-8" and request_id in answer.text
        else:
            members = answer.json() if kind == "application/problem+json" else {}
            good = (members.get("status"), members.get("request_id")) == (answer.status_code, request_id)
            good = good and members["type"].startswith("urn:dateline:problem:") and bool(members["title"])
        if not good:
            wrong[name] = kind
    assert wrong == {}


async def test_a_bug_is_a_problem_that_tells_nothing(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("qzinnerqz")

    monkeypatch.setattr("services.gateway.compose.articles.Composer.listed", fail)

    for accept in (JSON, HTML):
        answer = await stack.reader.get("/", headers=accept)
        assert answer.status_code == 500
        assert "qzinnerqz" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["X-Request-Id"] in answer.text
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
        assert "Content-Security-Policy" in answer.headers


async def test_pages_have_nothing_inline_and_nothing_of_other_sites(stack: Stack) -> None:
    """What authors link to is theirs; the pages' own chrome reaches this site alone."""
    written = await stack.post(labels=["A"], published="2022-01-08T12:00:00Z")
    await stack.post(labels=["A"])
    lists = ("/search", "/search?q=title", "/search?q=nothing", "/search/label/A", "/2022/", "/2022/01/")
    await stack.comment(written["id"], author_name="Ann")

    for address in (*lists, "/", written["path"], f"{written['path']}?reply_to=1", "/missing", "/docs"):
        page = (await stack.reader.get(address, headers=HTML)).text
        tree = parsed(page)
        assert dangers(page) == []
        assert [node.text() for node in tree.css("script") if node.text().strip()] == []
        assert {node.attributes["src"] for node in tree.css("script")} <= OWN_SCRIPTS
        assert tree.css("style, [style]") == []
        addressed = [
            node.attributes[name] or ""
            for name in ("href", "src", "action", "srcset", "poster", "data", "content")
            for node in tree.css(f"[{name}]")
        ]
        foreign = [one for one in addressed if urlsplit(one).netloc not in {"", urlsplit(PUBLIC_URL).netloc}]
        assert foreign == []
        assert "//" not in page.replace(PUBLIC_URL, "")
