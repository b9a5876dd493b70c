"""Files of comment systems, made by tests, and what their readers find in them."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from services.migration.comment_files import Format, open_comments
from services.migration.records import CommentRecord, Skipped

ISSO_COLUMNS = {
    "tid": 1,
    "id": None,
    "parent": None,
    "created": 1_600_000_000.5,
    "modified": None,
    "mode": 1,
    "remote_addr": "192.0.2.7",
    "text": "Well said.",
    "author": "Ann",
    "email": "ann@mail.example",
    "website": "https://ann.example/",
    "likes": 3,
    "dislikes": 0,
    "voters": b"\x01",
    "notification": 0,
}
DISQUS_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>tidebook</forum><title>General</title><isDefault>true</isDefault></category>
"""
DISQUS_END = "</disqus>\n"
REMARK_HEAD = '{"version":1,"users":[{"id":"u9","blocked":{"status":true}}],"posts":[{"url":"https://b.example/x"}]}'


def read(file: Path, form: Format, source: str | None = None) -> tuple[list[CommentRecord], list[Skipped]]:
    """What a pass finds; a second one finds the same."""
    export = open_comments(file, form, source)
    skipped: list[Skipped] = []
    again: list[Skipped] = []
    found = list(export.comments(skipped))
    assert list(export.comments(again)) == found
    assert again == skipped
    return found, skipped


def reasons(skipped: Sequence[Skipped]) -> list[tuple[str, str]]:
    return [(one.source_id, one.reason) for one in skipped]


def isso(
    folder: Path, *comments: Mapping[str, Any], threads: Sequence[str] = ("/x/",), without: Sequence[str] = ()
) -> Path:
    """A database with these comments, and threads whose ids count from 1."""
    file = folder / "comments.db"
    columns = [name for name in ISSO_COLUMNS if name not in without]
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256))")
        database.executemany("INSERT INTO threads (uri, title) VALUES (?, 'T')", [(uri,) for uri in threads])
        database.execute(f"CREATE TABLE comments ({', '.join(columns)})")
        for given in comments:
            row = ISSO_COLUMNS | dict(given)
            marks = ", ".join("?" for _ in columns)
            database.execute(
                f"INSERT INTO comments VALUES ({marks})",  # noqa: S608 marks alone
                [row[name] for name in columns],
            )
    return file


def disqus_thread(thread_id: str, link: str, *, is_deleted: bool = False) -> str:
    return f"""<thread dsq:id="{thread_id}"><id/><forum>tidebook</forum><category dsq:id="1"/><link>{link}</link>
<title>T</title><message/><createdAt>2011-03-07T20:46:25Z</createdAt>
<author><email>own@mail.example</email><name>Owner</name></author><ipAddress>192.0.2.1</ipAddress>
<isClosed>false</isClosed><isDeleted>{str(is_deleted).lower()}</isDeleted></thread>
"""


def disqus_post(
    post_id: str,
    message: str = "<![CDATA[<p>Well said.</p>]]>",
    *,
    thread: str = "10",
    parent: str | None = None,
    marks: str = "<isDeleted>false</isDeleted><isSpam>false</isSpam>",
    at: str = "2011-08-31T15:16:29Z",
) -> str:
    answered = f'<parent dsq:id="{parent}"/>' if parent else ""
    return f"""<post dsq:id="{post_id}"><id/><message>{message}</message><createdAt>{at}</createdAt>{marks}
<author><email>ann@mail.example</email><name>Ann</name><isAnonymous>true</isAnonymous></author>
<ipAddress>192.0.2.7</ipAddress><thread dsq:id="{thread}"/>{answered}</post>
"""
