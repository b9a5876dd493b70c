"""Who reaches whom in docker-compose.yml."""

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # read here alone

COMPOSE: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent.parent / "docker-compose.yml").read_text())


def networks(service: str) -> set[str]:
    return set(COMPOSE["services"][service]["networks"])


def test_only_comments_gets_out_and_only_the_gateway_is_reached() -> None:
    """Comments reaches the mail server; posts and the databases reach nothing outside."""
    outside = {name for name, given in COMPOSE["networks"].items() if not (given or {}).get("internal")}
    assert {name: networks(name) & outside for name in COMPOSE["services"]} == {
        "posts": set(),
        "comments": {"mail"},
        "gateway": {"public"},
        "postgres": set(),
    }
    assert [name for name, one in COMPOSE["services"].items() if "ports" in one] == ["gateway"]
    assert [name for name, one in COMPOSE["services"].items() if "DATELINE_SMTP_URL" in one["environment"]] == [
        "comments"
    ]
