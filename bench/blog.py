"""A blog to ask for: a few articles with comments, written through the API of a running server."""

from pathlib import Path
from typing import Final

import httpx

from services.gateway.operator_key import operator_key

ARTICLES: Final = 20
_COMMENTS: Final = 50


def fill(url: str, secrets: Path) -> list[str]:
    """Paths of the articles, each with fifty comments."""
    headers = {"Authorization": f"Bearer {operator_key(secrets)}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
        posts = [_post(number) for number in range(ARTICLES)]
        made = client.post("/api/v1/import/posts", json={"source": "bench", "posts": posts}).raise_for_status().json()
        ids = [one["id"] for one in made["results"]]
        for post_id in ids:
            comments = [_comment(post_id, number) for number in range(_COMMENTS)]
            client.post("/api/v1/import/comments", json={"source": "bench", "comments": comments}).raise_for_status()
        return [client.get(f"/api/v1/articles/{post_id}").raise_for_status().json()["path"] for post_id in ids]


def _post(number: int) -> dict[str, object]:
    return {
        "source_id": f"p{number}",
        "kind": "post",
        "state": "live",
        "title": f"Article {number}",
        "body": "<p>" + "Some words of an article. " * 200 + "</p>",
        "body_format": "html",
        "labels": ["Boats", "Harbor"],
        "published": f"2024-01-{number % 28 + 1:02}T12:00:00Z",
    }


def _comment(post_id: str, number: int) -> dict[str, object]:
    return {
        "source_id": f"c{post_id}-{number}",
        "post_id": post_id,
        "state": "live",
        "author_name": f"Reader {number}",
        "body": "<p>" + "Well said. " * 10 + "</p>",
        "body_format": "html",
        "published": "2024-02-01T12:00:00Z",
    }
