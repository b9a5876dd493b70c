"""Which paths a post may have, and which addresses lead into the blog itself."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings
from services.posts.domain.paths import RESERVED, checked_path, own_path
from services.posts.domain.slugs import post_paths, slug
from tests.stack import PUBLIC_URL


@pytest.mark.parametrize(
    "path",
    ["/2024/02/four-knots.html", "/p/about.html", "/x", "/x/", "/日本/語", "/a+b&c=d;e,f!.html", "/apis", "/.hidden"],
)
def test_paths_that_can_be_served_are_kept(path: str) -> None:
    assert checked_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *("", "x", "x/y", "/", "//", "//evil.example/x", "/x//y", "/x//", "https://blog.example/x"),
        *("/..", "/../x", "/x/..", "/x/../y", "/./x", "/x/."),
        *("/x y", "/x\ty", "/x\n", "/x\u00a0y", "/x\u2028", "/x\x00", "/x\x7f", "/x\x85"),
        *("/x?y", "/x#y", "/x%20y", "/x\\y", "/\\evil.example", "/<x>", '/"x"', "/'x'", "/`x`", "/x|y", "/x^y", "/{x}"),
        *("/api", "/api/", "/api/v1/x", "/articles/5", "/static/x.css", "/docs", "/feeds/posts/default", "/livez"),
        "/" + "x" * 1024,
    ],
)
def test_paths_that_cannot_be_served_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        checked_path(path)


@given(st.text(st.characters(codec="utf-8"), max_size=20).map(lambda text: f"/{text}"))
def test_kept_paths_are_one_address_each(path: str) -> None:
    """Escaped and read back they are the same, and nothing in them leads elsewhere."""
    try:
        kept = checked_path(path)
    except ValueError:
        return
    assert kept == path
    assert not re.search(r"[\s?#%\\<>\"]|//|/\.\.?(/|$)", kept)
    assert kept.split("/")[1] not in RESERVED
    assert own_path(PUBLIC_URL + quote(kept), PUBLIC_URL) == kept


@given(st.text(max_size=80), st.text(max_size=30), st.dates())
def test_generated_paths_can_be_served(title: str, body: str, day: object) -> None:
    for path in (next(post_paths(slug(title, body), day)),):  # type: ignore[arg-type]  # hypothesis gives dates
        assert checked_path(path) == path


def test_no_post_can_take_an_address_of_the_gateway(tmp_path: Path) -> None:
    app = create_app(GatewaySettings.load(public_url=PUBLIC_URL, secrets=tmp_path))
    paths = {*app.openapi()["paths"], "/docs", "/openapi.json", "/static/x"}
    first = {path.split("/")[1] for path in paths} - {"", "{path}", "{year}"}
    assert {"api", "articles", "livez", "readyz", "docs", "static", "openapi.json"} <= first
    assert first <= RESERVED
    promised = "feeds atom.xml rss.xml search metrics robots.txt sitemap.xml favicon.ico .well-known".split()
    assert set(promised) <= RESERVED
    for path in ("/2024/", "/2024/02/", "/1/"):
        with pytest.raises(ValueError, match="kept for Dateline"):
            checked_path(path)
    assert checked_path("/2024/02") == "/2024/02"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/x.html", "/x.html"),
        ("/x.html?m=1#c5", "/x.html"),
        ("/gr%C3%BC%C3%9Fe", "/grüße"),
        (f"{PUBLIC_URL}/x.html", "/x.html"),
        ("http://blog.example/x.html", "/x.html"),
        ("HTTPS://Blog.Example/X.html", "/X.html"),
        (f"{PUBLIC_URL}/", None),
        ("/a%00b", None),
        (PUBLIC_URL, None),
        ("https://elsewhere.example/x.html", None),
        ("https://blog.example.evil.example/x.html", None),
        ("https://blog.example@evil.example/x.html", None),
        ("https://blog.example:8443/x.html", None),
        ("//blog.example/x.html", None),
        ("ftp://blog.example/x.html", None),
        ("mailto:x@blog.example", None),
        ("x.html", None),
        ("", None),
        ("https://[", None),
    ],
)
def test_own_addresses_are_recognised(url: str, expected: str | None) -> None:
    assert own_path(url, PUBLIC_URL) == expected
