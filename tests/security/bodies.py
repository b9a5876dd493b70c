"""A request that each write operation takes, by `METHOD /address`; one without a row here fails the walking tests."""

from typing import TYPE_CHECKING, Any, Final

import httpx

from services.cli.started import StartedApp
from tests.stack import PUBLIC_URL

if TYPE_CHECKING:
    from tests.security.things import Things

_LINKS: Final = [
    {"headline": "Headline", "url": "https://elsewhere.example/"},
    {"headline": "Another headline", "post_id": "{other_id}"},
]
_COMMENT: Final = {"body": "Body", "author_name": "Name", "author_url": "https://author.example/"}
_POST: Final = {
    "title": "Title",
    "body_html": "<p>Body</p>",
    "labels": ["Label"],
    "published": "2022-01-08T12:00:00Z",
    "related_links": _LINKS,
    "comment_policy": "open",
    "path": "/2022/01/{fresh}.html",
    "author_id": "{author_id}",
}
_AUTHOR: Final = {
    "name": "Name",
    "url": "https://author.example/",
    "about": "About",
    "picture_url": "https://author.example/picture.png",
}
WRITES: Final[dict[str, Any]] = {
    "POST /api/v1/posts": _POST | {"state": "live"},
    "PUT /api/v1/posts/{post_id}": _POST,
    "PATCH /api/v1/posts/{post_id}": {
        **{name: value for name, value in _POST.items() if name != "body_html"},
        "body_markdown": "Body",
    },
    "DELETE /api/v1/posts/{post_id}": None,
    "PUT /api/v1/posts/{post_id}/related-links": {"related_links": _LINKS},
    "PUT /api/v1/posts/{post_id}/related-rules": {
        "pinned": ["{other_id}"],
        "forbidden": [],
        "computed": "off",
        "shown": 3,
    },
    "POST /api/v1/posts/{post_id}/publish": {"published": "2022-01-08T12:00:00Z"},
    "POST /api/v1/posts/{post_id}/revert": None,
    "POST /api/v1/posts/{post_id}/trash": None,
    "POST /api/v1/posts/{post_id}/restore": None,
    "POST /api/v1/posts/{post_id}/revisions/{version}/restore": None,
    "PATCH /api/v1/labels/{label_id}": {"name": "Renamed {fresh}"},
    "DELETE /api/v1/labels/{label_id}": None,
    "POST /api/v1/labels/{label_id}/merge": {"into": "{other_label_id}"},
    "POST /api/v1/authors": _AUTHOR,
    "PATCH /api/v1/authors/{author_id}": _AUTHOR,
    "DELETE /api/v1/authors/{author_id}": None,
    "PATCH /api/v1/blog": {
        "title": "Blog",
        "description": "About",
        "locale": "en-GB",
        "time_zone": "Europe/Vienna",
        "public_url": "https://blog.example",
        "meta_description": "Described",
        "robots_txt": "User-agent: *\nDisallow:\n",
        "slug_letters": "latin",
        "comment_policy": "open",
        "comment_moderation": "none",
        "comment_names": "optional",
        "comment_votes": "off",
        "related_computed": "on",
        "related_shown": 5,
    },
    "POST /api/v1/articles/{article_id}/comments": _COMMENT | {"email": "reader@author.example"},
    "PATCH /api/v1/comments/{comment_id}": _COMMENT,
    "DELETE /api/v1/comments/{comment_id}": None,
    "POST /api/v1/comments/{comment_id}/proof": {"altcha": "{proof}"},
    "POST /comments/{comment_id}/edit": _COMMENT,
    "POST /comments/{comment_id}/delete": {"subject": ""},
    "POST /api/v1/comments/decisions": {"ids": ["{comment_id}"], "action": "remove"},
    "POST /api/v1/comments/blocks": {"kind": "word", "value": "{fresh}", "note": "Note"},
    "DELETE /api/v1/comments/blocks/{block_id}": None,
    "POST /api/v1/comments/rebuild": {"cursor": None},
    "POST /api/v1/related/rebuild": {"cursor": None},
    "POST /articles/{article_id}/comments": _COMMENT | {"parent_id": "", "email": "reader@author.example"},
    "POST /comments/confirm": None,
    "POST /comments/unsubscribe": None,
    "PUT /api/v1/comments/{comment_id}/vote": None,
    "DELETE /api/v1/comments/{comment_id}/vote": None,
    "POST /comments/{comment_id}/vote": None,
    "POST /api/v1/keys": {"scopes": ["posts:write"], "note": "Note", "expires": "2036-01-08T12:00:00Z"},
    "POST /api/v1/import/blog": {
        "title": "Blog",
        "description": "About",
        "locale": "en-GB",
        "time_zone": "Europe/Vienna",
    },
    "POST /api/v1/import/posts": {
        "source": "blogger:1",
        "posts": [
            {
                "source_id": "post-{fresh}",
                "kind": "post",
                "state": "live",
                "title": "Title",
                "body": "<p>Body</p>",
                "body_format": "html",
                "published": "2022-01-08T12:00:00Z",
                "updated": "2022-01-09T12:00:00Z",
                "path": "/2022/01/{fresh}.html",
                "author": {"source_id": "author-{fresh}", "name": "Name", "url": "https://author.example/"},
                "labels": ["Label"],
                "comment_policy": "open",
                "related_links": [{"headline": "Headline", "url": "https://elsewhere.example/"}],
            }
        ],
    },
    "POST /api/v1/import/find-posts": {"paths": ["/2022/01/{fresh}.html"], "ids": ["{post_id}"]},
    "POST /api/v1/import/comments": {
        "source": "blogger:1",
        "comments": [
            _COMMENT
            | {
                "source_id": "comment-{fresh}",
                "post_id": "{article_id}",
                "parent_source_id": "comment-0",
                "state": "live",
                "body": "<p>Body</p>",
                "body_format": "html",
                "published": "2022-01-08T12:00:00Z",
                "edited": "2022-01-09T12:00:00Z",
                "has_place": True,
            }
        ],
    },
}


OF_MAILS: Final = {"POST /comments/confirm", "POST /comments/unsubscribe"}
"""What links in mails do: by a token in the address; whatever a mail program sends along is not looked at."""


def write_operations(gateway: StartedApp) -> list[str]:
    """Everything in the gateway's own description that is not only read."""
    paths = gateway.app.openapi()["paths"]
    methods = ("POST", "PUT", "PATCH", "DELETE")
    return [f"{method} {path}" for path, found in paths.items() for method in methods if method.lower() in found]


def with_body(operation: str) -> bool:
    return WRITES[operation] is not None


def body_of(operation: str, things: "Things") -> Any:
    """Raises KeyError for a write operation without a row."""
    return things.fill(WRITES[operation])


async def send(
    client: httpx.AsyncClient, operation: str, things: "Things", body: Any, *, to_owner: bool = False
) -> httpx.Response:
    """As the operation wants it: a form for readers, else JSON, and the version of what it changes.

    `to_owner`: the client is the gateway, and calls the service behind it.
    """
    method, _, address = operation.partition(" ")
    address = things.fill(address)
    sent = {} if method == "GET" else things.conditions(address)
    address = address.removeprefix("/api/v1") if to_owner else address
    if body is None:
        token = {"token": things.ids["token"]} if operation in OF_MAILS else None
        return await client.request(method, address, headers=sent, params=token)
    if not operation.partition(" ")[2].startswith("/api/") and not to_owner:
        if "edit_token" in things.ids and not {"origin", "cookie", "sec-fetch-site"} & {*client.headers}:
            sent |= {"Cookie": f"dateline-edit={things.ids['edit_token']}", "Origin": PUBLIC_URL}
        return await client.post(address, data=body, headers=sent)
    return await client.request(method, address, json=body, headers=sent)
