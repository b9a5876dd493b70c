"""Every readable address of the gateway, made from its own OpenAPI description."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx

from services.cli.started import StartedApp
from tests.stack import Stack

JSON: Final = {"Accept": "application/json"}
HTML: Final = {"Accept": "text/html"}
OUTSIDE_THE_DESCRIPTION: Final = ["/docs", "/openapi.json", "/static/dateline.css", "/static/nothing", "/favicon.ico"]

TOGETHER: Final = (
    ("year", "month"),
    ("q", "order"),
    ("q", "label"),
    ("q", "include"),
    ("label", "author"),
    ("label", "year"),
    ("author", "year"),
    ("limit", "include"),
)
"""Optional parameters that mean something else with each other."""

Values = Mapping[str, Sequence[str]]
"""What a test puts into parameters, by their names."""


def addresses(gateway: StartedApp, values: Values) -> list[str]:
    """Each GET route with each value in each parameter, one optional parameter at a time or some that go together.

    Raises KeyError for a parameter that `values` does not know: a new route needs a thought here.
    """
    found = list(OUTSIDE_THE_DESCRIPTION)
    for path, operations in gateway.app.openapi()["paths"].items():
        if (operation := operations.get("get")) is not None:
            found.extend(_of_route(path, operation.get("parameters", []), values))
    return list(dict.fromkeys(found))


def _of_route(path: str, parameters: Sequence[Mapping[str, Any]], values: Values) -> Iterable[str]:
    """Headers are left out: they choose between answers that are walked anyway."""
    needed = [one for one in parameters if one["required"]]
    optional = [one["name"] for one in parameters if not one["required"] and one["in"] == "query"]
    together = [names for names in TOGETHER if set(names) <= set(optional)]
    for given in _choices([one["name"] for one in needed], values):
        base = path
        for name in (one["name"] for one in needed if one["in"] == "path"):
            base = base.replace(f"{{{name}}}", _escaped(name, given[name]))
        query = {one["name"]: given[one["name"]] for one in needed if one["in"] == "query"}
        yield _address(base, query)
        for names in [*((name,) for name in optional), *together]:
            yield from (_address(base, query | chosen) for chosen in _choices(names, values))


def _choices(names: Sequence[str], values: Values) -> Iterable[dict[str, str]]:
    return (dict(zip(names, chosen, strict=True)) for chosen in product(*(values[name] for name in names)))


def _escaped(name: str, value: str) -> str:
    """Paths have slashes, and years and months as many digits as pages give them."""
    if name == "path":
        return quote(value.removeprefix("/"))
    return quote(value, safe="")


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


async def read_each(stack: Stack, found: Sequence[str]) -> dict[tuple[str, str], httpx.Response]:
    """Pages in both representations, data in the one that it has: the API answers with JSON whoever asks."""
    data = [address for address in found if address.startswith("/api/")]
    pages = [address for address in found if not address.startswith("/api/")]
    return await read_all(stack, data, [JSON]) | await read_all(stack, pages)


def everything_said(answer: httpx.Response) -> str:
    """Headers and body, but for the request's id and the key of the comment form."""
    said = f"{answer.headers}\n{answer.text}".replace(answer.headers["X-Request-Id"], "REQUEST-ID")
    return re.sub(r'(name="(?:once|stamp)" value=)"[^"]*"', r"\1", said)
