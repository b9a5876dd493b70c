"""Addresses from outside: absolute, of the web, without user names, or refused."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.urls import escaped_path, escaped_value, http_url


@pytest.mark.parametrize(
    "url", ["http://a", "https://blog.example/x?y#z", "HTTPS://A:8443", "http://[::1]/", "http://é.example/é"]
)
def test_web_address_is_taken(url: str) -> None:
    assert http_url(url).hostname


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a",
        "/path",
        "//host/path",
        "http:",
        "http://",
        "http:///path",
        "ftp://host",
        "javascript:alert(1)//http://host",
        "data:text/html,x",
        "http://user@host",
        "http://user:password@host",
        "http://host:port",
        "http://host:99999",
        "http://[::1",
        "http://ho st",
        "http://host\n.example",
        " http://host",
        "http://host ",
    ],
)
def test_other_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must be an http or https address$"):
        http_url(url)


@given(st.text() | st.text("htp:/@[]%a.\\ 0\n").map(lambda rest: f"http://{rest}"))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        parts = http_url(text)
    except ValueError:
        return
    assert parts.hostname
    assert parts.username is None


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text(alphabet="aZ0/:@!$&'()*+,;=~-._ %?#[]é"))
def test_what_needs_no_escaping_is_seen(text: str) -> None:
    assert escaped_path(text) == quote(text, safe="/:@!$&'()*+,;=~-._")
    assert escaped_value(text) == quote(text, safe="/:")
