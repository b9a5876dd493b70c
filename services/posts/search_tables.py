"""The search index: the words of each post.

A row's `docid` grows with the post's date, so the newest matches are the first that an index gives. Each database has
an index of its own over the words, made by the migration: the FTS5 table `search_index` on SQLite, kept in step by
triggers; on PostgreSQL a GIN index of `title || tags || body`: queries say just that.
Tags stand between title and body, so that no phrase reaches from one into the other.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Column, Dialect, ForeignKey, Index, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from services.common.sqltypes import Int64
from services.posts.tables import metadata


class Words(TypeDecorator[str]):
    """Words parted by spaces; on PostgreSQL a tsvector of the same words in the same places."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return TSVECTOR() if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or dialect.name != "postgresql" else _tsvector(value)


def _tsvector(words: str) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    for place, word in enumerate(words.split(), start=1):
        places[word].append(str(place))
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


search_docs = Table(
    "search_docs",
    metadata,
    Column("docid", Int64, primary_key=True, autoincrement=False),
    Column("post_id", Int64, ForeignKey("posts.id"), nullable=False, unique=True),
    Column("title", Words, nullable=False),
    Column("tags", Words, nullable=False),  # markers of state, author and labels
    Column("body", Words, nullable=False),
    sqlite_strict=True,
)

search_owed = Table(
    "search_owed",
    metadata,
    Column("post_id", Int64, ForeignKey("posts.id"), primary_key=True),  # waits for the job that indexes it again
    sqlite_strict=True,
)

name_words = Table(
    "name_words",
    metadata,
    Column("word", Text, primary_key=True),
    Column("marker", Text, primary_key=True),  # of the label or author whose name has the word
    Index("words_of_name", "marker"),
    sqlite_strict=True,
)
