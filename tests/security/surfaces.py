"""Every readable address of the gateway, made from its own OpenAPI description."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx

from services.cli.embedded import StartedApp
from tests.stack import Stack

JSON: Final = {"Accept": "application/json"}
HTML: Final = {"Accept": "text/html"}
OUTSIDE_THE_DESCRIPTION: Final = ["/docs", "/openapi.json", "/static/dateline.css", "/static/nothing", "/favicon.ico"]

Values = Mapping[str, Sequence[str]]
"""What a test puts into parameters, by their names."""


def addresses(gateway: StartedApp, values: Values) -> list[str]:
    """Each GET route with each value in each parameter, one optional parameter at a time.

    Raises KeyError for a parameter that `values` does not know: a new route needs a thought here.
    """
    found = list(OUTSIDE_THE_DESCRIPTION)
    for path, operations in gateway.app.openapi()["paths"].items():
        if (operation := operations.get("get")) is not None:
            found.extend(_of_route(path, operation.get("parameters", []), values))
    return list(dict.fromkeys(found))


def _of_route(path: str, parameters: Sequence[Mapping[str, Any]], values: Values) -> Iterable[str]:
    needed = [one for one in parameters if one["required"]]
    assert len(needed) <= 1, "the walk puts one value into an address"
    for value in values[needed[0]["name"]] if needed else [""]:
        base, query = path, {}
        for one in needed:
            if one["in"] == "path":
                is_path = one["name"] == "path"
                base = path.replace(f"{{{one['name']}}}", quote(value.removeprefix("/") if is_path else value))
            else:
                query = {one["name"]: value}
        yield _address(base, query)
        for one in parameters:
            if not one["required"]:
                yield from (_address(base, query | {one["name"]: given}) for given in values[one["name"]])


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


async def read_all(
    stack: Stack, found: Iterable[str], kinds: Sequence[Mapping[str, str]] = (JSON, HTML)
) -> dict[tuple[str, str], httpx.Response]:
    """The answers by address and representation; redirects are answers, not followed."""
    return {
        (address, accept["Accept"]): await stack.reader.get(address, headers=dict(accept))
        for address in found
        for accept in kinds
    }


def everything_said(answer: httpx.Response) -> str:
    """Headers and body."""
    return f"{answer.headers}\n{answer.text}"
