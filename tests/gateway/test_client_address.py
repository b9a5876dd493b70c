"""Whose request it is: the peer's, unless a trusted proxy names somebody else."""

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from services.common.settings import SettingsError
from services.gateway.client_address import TrustedProxies
from services.gateway.settings import GatewaySettings

PROXIES = TrustedProxies("10.0.0.0/8, 192.0.2.1 fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),
        ("10.1.2.3", ["198.51.100.7"], "198.51.100.7"),
        ("10.1.2.3", ["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
        ("10.1.2.3", ["1.1.1.1", "198.51.100.7, 192.0.2.1 ,10.9.9.9"], "198.51.100.7"),
        ("10.1.2.3", ["10.4.4.4"], "10.4.4.4"),
        ("10.1.2.3", ["198.51.100.7, unknown"], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.7, evil, 10.4.4.4"], "10.4.4.4"),
        ("10.1.2.3", [""], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.7:4711"], "198.51.100.7"),
        ("fd00::1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.1.2.3", ["::ffff:198.51.100.7"], "198.51.100.7"),
        (None, ["198.51.100.7"], "None"),
    ],
)
def test_nearest_address_that_is_no_proxy(peer: str | None, forwarded: list[str], client: str) -> None:
    assert str(PROXIES.client_of(peer, forwarded)) == client


@given(st.lists(st.text(max_size=60), max_size=4))
def test_anything_may_be_forwarded(forwarded: list[str]) -> None:
    PROXIES.client_of("10.0.0.1", forwarded)
    assert str(PROXIES.client_of("10.0.0.1", [*forwarded, "198.51.100.7"])) == "198.51.100.7"


def test_an_unknown_proxy_is_warned_of_once() -> None:
    proxies = TrustedProxies("")
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            proxies.client_of("172.17.0.1", ["198.51.100.7"])
    assert [(entry["log_level"], entry["peer"]) for entry in logs] == [("warning", "172.17.0.1")]


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(SettingsError, match="DATELINE_TRUSTED_PROXIES"):
        GatewaySettings.load(trusted_proxies="10.0.0.0/8 proxy")
