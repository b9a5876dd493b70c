"""A body that each write route takes, by its address; one without a row here fails the tests that walk them."""

from typing import Any, Final

import httpx

from services.cli.embedded import StartedApp
from tests.stack import Stack

WRITES: Final[dict[str, dict[str, Any]]] = {
    "/api/v1/posts": {
        "title": "Title",
        "body_html": "<p>Body</p>",
        "labels": ["Label"],
        "published": "2022-01-08T12:00:00Z",
        "related_links": [{"headline": "Headline", "url": "https://elsewhere.example/"}],
        "comment_policy": "open",
        "path": "/2022/01/path.html",
        "state": "live",
    },
    "/api/v1/articles/{article_id}/comments": {
        "body": "Body",
        "author_name": "Name",
        "author_url": "https://author.example/",
    },
    "/articles/{article_id}/comments": {
        "body": "Body",
        "author_name": "Name",
        "author_url": "https://author.example/",
        "parent_id": "",
    },
    "/api/v1/keys": {"scopes": ["posts:write"], "note": "Note", "expires": "2036-01-08T12:00:00Z"},
    "/api/v1/import/blog": {
        "title": "Blog",
        "description": "About",
        "locale": "en-GB",
        "time_zone": "Europe/Vienna",
    },
    "/api/v1/import/posts": {
        "source": "blogger:1",
        "posts": [
            {
                "source_id": "post-1",
                "kind": "post",
                "state": "live",
                "title": "Title",
                "body": "<p>Body</p>",
                "body_format": "html",
                "published": "2022-01-08T12:00:00Z",
                "updated": "2022-01-09T12:00:00Z",
                "path": "/2022/01/imported.html",
                "author": {"source_id": "author-1", "name": "Name", "url": "https://author.example/"},
                "labels": ["Label"],
                "comment_policy": "open",
                "related_links": [{"headline": "Headline", "url": "https://elsewhere.example/"}],
            }
        ],
    },
    "/api/v1/import/comments": {
        "source": "blogger:1",
        "comments": [
            {
                "source_id": "comment-1",
                "post_id": "{article_id}",
                "parent_source_id": "comment-0",
                "state": "live",
                "author_name": "Name",
                "author_url": "https://author.example/",
                "body": "<p>Body</p>",
                "body_format": "html",
                "published": "2022-01-08T12:00:00Z",
                "edited": "2022-01-09T12:00:00Z",
            }
        ],
    },
}


def write_routes(gateway: StartedApp) -> list[str]:
    """The addresses of the gateway's own description that take anything but GET."""
    paths = gateway.app.openapi()["paths"]
    return [path for path, operations in paths.items() if set(operations) - {"get", "parameters"}]


def body_of(route: str, article_id: str) -> dict[str, Any]:
    """Raises KeyError for a write route without a row."""
    return _filled(WRITES[route], article_id)  # type: ignore[no-any-return]  # a dict stays one


def _filled(value: Any, article_id: str) -> Any:
    if isinstance(value, dict):
        return {name: _filled(one, article_id) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, article_id) for one in value]
    return article_id if value == "{article_id}" else value


async def send(client: httpx.AsyncClient, route: str, article_id: str, body: Any) -> httpx.Response:
    """As the route wants it: a form for readers, else JSON."""
    address = route.replace("{article_id}", article_id)
    if route.startswith("/api/"):
        return await client.post(address, json=body)
    return await client.post(address, data=body)


async def article(stack: Stack) -> str:
    """The id of a live article to write under."""
    written: str = (await stack.post())["id"]
    return written
