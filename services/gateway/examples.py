"""What answers look like, for the API's description."""

from typing import Any, Final

_BYLINE: Final = {"id": "912673741433944693", "name": "Tobin Marsh", "url": None}
_LISTED: Final[dict[str, Any]] = {
    "id": "912673741433370019",
    "path": "/2024/02/four-knots-worth-knowing-by-heart.html",
    "url": "https://blog.example/2024/02/four-knots-worth-knowing-by-heart.html",
    "title": "Four Knots Worth Knowing by Heart",
    "date_header": "Friday, February 9, 2024",
    "published": "2024-02-09T17:00:00Z",
    "updated": "2024-02-09T17:00:00Z",
    "author": _BYLINE,
    "labels": ["Harbor", "How-to"],
    "excerpt": "He knows perhaps sixty knots, and in an ordinary week he uses four.",
}
COMMENT: Final[dict[str, Any]] = {
    "id": "912677723929504799",
    "parent_id": None,
    "depth": 0,
    "author": {"name": "Hanneke", "url": None},
    "body_html": "<p>No sheet bend? I am shocked.</p>",
    "published": "2024-02-09T18:22:00Z",
    "edited": None,
    "votes": 2,
    "deleted": False,
    "held": False,
}
WRITTEN: Final[dict[str, Any]] = COMMENT | {
    "challenge": None,
    "edit_token": "b2f0d3c4a1e59687b2f0d3c4a1e59687b2f0d3c4a1e59687b2f0d3c4a1e59687",
    "editable_until": "2024-02-09T18:37:00Z",
}
_DECISION: Final = {
    "action": "approve",
    "was": "held",
    "became": "live",
    "made_by": "operator",
    "made_at": "2024-02-09T19:00:00Z",
}
DECISIONS: Final[dict[str, Any]] = {"items": [_DECISION]}
QUEUE: Final[dict[str, Any]] = {
    "items": [
        {
            "id": "912677723929504799",
            "post_id": "912673741433370022",
            "parent_id": None,
            "state": "held",
            "author_name": "Hanneke",
            "author_url": None,
            "body_html": "<p>No sheet bend? I am shocked.</p>",
            "published": "2024-02-09T18:22:00Z",
            "edited": None,
            "votes": 0,
            "address_hash": "9f2c41d07be853a6",
            "reasons": ["It is the first comment under this name."],
            "decision": None,
        }
    ],
    "next_cursor": None,
    "previous_cursor": None,
}
BLOCK: Final[dict[str, Any]] = {
    "id": "912677723929508001",
    "kind": "link",
    "value": "win-big.example",
    "note": "Gift cards, every night",
    "made_by": "operator",
    "made_at": "2024-02-09T19:05:00Z",
    "hits": 12,
    "last_hit": "2024-02-11T02:40:00Z",
}
BLOCKS: Final[dict[str, Any]] = {"items": [BLOCK]}
VOTE: Final[dict[str, Any]] = {"votes": 3, "voted": True}
DECIDED: Final[dict[str, Any]] = {"results": [{"id": "912677723929504799", "outcome": "changed", "state": "live"}]}
COMMENTS: Final[dict[str, Any]] = {
    "status": "open",
    "is_open": True,
    "takes_votes": True,
    "count": 1,
    "count_line": "1 comment:",
    "items": [COMMENT],
    "next_cursor": None,
    "notifies": False,
}
COMMENT_COUNTS: Final[dict[str, Any]] = {"counts": {"912673741433370019": 6}}
NEWEST_COMMENTS: Final[dict[str, Any]] = {
    "items": [
        {
            "comment": COMMENT,
            "article": {name: _LISTED[name] for name in ("id", "path", "url", "title")},
            "url": f"{_LISTED['url']}?showComment={COMMENT['id']}#c{COMMENT['id']}",
        }
    ],
    "next_cursor": None,
}
_RELATED: Final = {
    "headline": "How to Read a Tide Table",
    "url": "https://blog.example/2023/03/how-to-read-tide-table.html",
    "kind": "computed",
    "article_id": "912673741426990188",
    "published": "2023-03-06T12:30:00Z",
    "comment_count": 4,
    "reasons": [{"kind": "label", "text": "How-to"}],
}
_EXPLANATION: Final = {
    "score": 0.212,
    "words": 0.141,
    "labels": 0.3,
    "date": 0.203,
    "days": 142,
    "terms": [{"text": "tide", "weight": 0.31, "other_weight": 0.28, "product": 0.0868}],
    "shared_labels": [{"text": "How-to", "weight": 1.0, "other_weight": 1.0, "product": 1.0}],
}
RELATED: Final[dict[str, Any]] = {"items": [_RELATED | {"explanation": _EXPLANATION}]}
RELATED_RULES: Final[dict[str, Any]] = {
    "pinned": ["912673741426990188"],
    "forbidden": [],
    "computed": None,
    "shown": 3,
}
RELATED_PROGRESS: Final[dict[str, Any]] = {"unread": 0, "unweighed": 200, "unlisted": 1200, "known": 5000}
RELATED_OWED: Final[dict[str, Any]] = {"owed": 500, "next_cursor": "AAAAAAAAAAEAAA"}
_NEIGHBOUR: Final = {
    "title": "Twelve Hours of the Winter Bird Count",
    "path": "/2023/12/twelve-hours-of-winter-bird-count.html",
    "url": "https://blog.example/2023/12/twelve-hours-of-winter-bird-count.html",
}
ARTICLE: Final[dict[str, Any]] = _LISTED | {
    "body_html": "<p>He knows perhaps sixty knots, and in an ordinary week he uses four.</p>",
    "related": [_RELATED],
    "comments": COMMENTS,
    "previous": _NEIGHBOUR,
    "next": None,
}
ARTICLES: Final[dict[str, Any]] = {
    "items": [_LISTED | {"comment_count": 6, "body_html": None, "snippet": None}],
    "next_cursor": "AAZaqpH1qQAMqnfuqf86cgA",
    "previous_cursor": None,
}
_LISTED_POST: Final[dict[str, Any]] = {
    "id": "912673741433370019",
    "kind": "post",
    "state": "live",
    "title": "Low water",
    "path": "/2024/02/low-water.html",
    "url": "https://blog.example/2024/02/low-water.html",
    "published": "2024-02-09T17:00:00Z",
    "created": "2024-02-08T10:12:00Z",
    "updated": "2024-02-09T17:00:00Z",
    "author": _BYLINE,
    "labels": ["Harbor"],
    "excerpt": "At six.",
    "comment_policy": "open",
    "version": 1,
    "body_html": None,
}
POST: Final[dict[str, Any]] = _LISTED_POST | {
    "body_html": "<p>At <em>six</em>.</p>",
    "body_source": "At *six*.",
    "body_format": "markdown",
    "trashed": None,
    "related_links": [
        {
            "headline": "How to Read a Tide Table",
            "url": "/2023/03/how-to-read-tide-table.html",
            "post_id": "9126737414269",
        }
    ],
}
POSTS: Final[dict[str, Any]] = {"items": [_LISTED_POST], "next_cursor": None, "previous_cursor": None}
_REVISION: Final[dict[str, Any]] = {
    "version": 1,
    "title": "Low water",
    "written_by": "key:1f0c2d8e9a1b",
    "written": "2024-02-09T17:00:00Z",
}
REVISIONS: Final[dict[str, Any]] = {"items": [_REVISION], "next_cursor": None}
REVISION: Final[dict[str, Any]] = _REVISION | {
    "body_source": "At *five*.",
    "body_format": "markdown",
    "labels": ["Harbor"],
    "related_links": [],
}
DIFF: Final[dict[str, Any]] = {
    "from_version": 1,
    "to_version": 2,
    "diff": "--- version 1\n+++ version 2\n@@ -4 +4 @@\n-At *five*.\n+At *six*.",
}
LABEL: Final[dict[str, Any]] = {"id": "912673741433370500", "name": "Harbor", "live_count": 12}
LABELS: Final[dict[str, Any]] = {"items": [LABEL], "next_cursor": None}
AUTHOR: Final[dict[str, Any]] = {
    "id": "912673741433944693",
    "name": "Tobin Marsh",
    "url": "https://tobin.example/",
    "about": "Rows, and writes about it.",
    "picture_url": None,
    "live_count": 31,
    "version": 2,
}
AUTHORS: Final[dict[str, Any]] = {"items": [AUTHOR], "next_cursor": None}
ARCHIVE: Final[dict[str, Any]] = {"years": [{"year": 2024, "count": 3, "months": [{"month": 2, "count": 3}]}]}
BLOG: Final[dict[str, Any]] = {
    "title": "The Pennick Tide",
    "description": "News from a small harbor",
    "locale": "en-GB",
    "time_zone": "Europe/London",
    "public_url": None,
    "posts_per_page": 10,
    "meta_description": "",
    "robots_txt": None,
    "slug_letters": "latin",
    "comment_policy": "open",
    "comment_moderation": "none",
    "comment_moderation_days": 14,
    "comment_names": "optional",
    "comment_votes": "off",
    "related_computed": "on",
    "related_shown": None,
    "updated": "2024-02-09T17:00:00Z",
    "version": 3,
}
KEY: Final[dict[str, Any]] = {
    "id": "1f0c2d8e9a1b",
    "key": "dl_1f0c2d8e9a1b_SECRET_CHECKSUM",
    "scopes": ["posts:write"],
    "note": "newsroom",
    "created": "2024-02-09T17:00:00Z",
    "expires": None,
}
OUTCOME: Final[dict[str, Any]] = {"source_id": "7", "outcome": "created", "id": "7", "notes": []}

REBUILT: Final[dict[str, Any]] = {
    "part": "threads",
    "done": 100,
    "mended": 0,
    "posts_answer": True,
    "next_cursor": "AAAAAAAAAAEAAA",
}
EXPORTED: Final = (
    '{"id":"912677723929504799","post_path":"/2024/02/low-water.html","post_id":"912673741433370022","state":"live",'
    '"body_format":"text","published":"2024-02-09T18:22:00Z","author_name":"Hanneke","body":"No sheet bend?"}\n'
)


def example(value: dict[str, Any]) -> dict[str, Any]:
    """For a route's `responses`: the example of its good answer."""
    return {"content": {"application/json": {"example": value}}}
