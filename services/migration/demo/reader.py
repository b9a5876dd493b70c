"""Reads the demo blog's Markdown files into neutral records."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import cast

from msgspec import Struct

from services.migration.demo.front_matter import Article, AuthorEntry, BlogEntry, CommentEntry, read_articles
from services.migration.records import (
    AuthorRecord,
    BlogRecord,
    CommentRecord,
    Export,
    LinkRecord,
    Outline,
    PostRecord,
)


class DemoExport(Struct, frozen=True):
    blog: BlogEntry
    articles: tuple[Article, ...]

    def outline(self) -> Outline:
        kinds = [article.entry["kind"] for article in self.articles]
        return Outline(
            source="demo",
            blog=_blog_record(self.blog),
            posts=kinds.count("post"),
            pages=kinds.count("page"),
            comments=sum(len(article.entry.get("comments", [])) for article in self.articles),
        )

    def posts(self) -> Iterator[PostRecord]:
        for article in self.articles:
            key = article.entry["author"]
            yield _post_record(article, _author_record(key, self.blog["authors"][key]))

    def comments(self) -> Iterator[CommentRecord]:
        for article in self.articles:
            # An answer is always later than what it answers, so the order of time puts parents first.
            for comment in sorted(article.entry.get("comments", []), key=lambda entry: entry["published"]):
                yield _comment_record(article.entry["id"], comment)


def demo_export() -> Export:
    folder = resources.files("services.migration.demo")
    blog = cast("BlogEntry", tomllib.loads((folder / "blog.toml").read_text(encoding="utf-8")))
    files = (file for file in (folder / "articles").iterdir() if file.name.endswith(".md"))
    return DemoExport(blog, read_articles((file.name, file.read_text(encoding="utf-8")) for file in files))


def _blog_record(blog: BlogEntry) -> BlogRecord:
    return BlogRecord(blog["title"], blog["description"], blog["locale"], blog["time_zone"])


def _author_record(key: str, author: AuthorEntry) -> AuthorRecord:
    return AuthorRecord(key, author["name"], author.get("url"))


def _post_record(article: Article, author: AuthorRecord) -> PostRecord:
    entry = article.entry
    return PostRecord(
        source_id=entry["id"],
        kind=entry["kind"],
        state=entry["state"],
        title=entry["title"],
        body=article.body,
        body_format="markdown",
        published=entry.get("published"),
        updated=entry.get("updated"),
        path=entry.get("path"),
        author=author,
        labels=tuple(entry.get("labels", [])),
        comment_policy=entry["comment_policy"],
        related_links=tuple(LinkRecord(link["headline"], link["url"]) for link in entry.get("related_links", [])),
    )


def _comment_record(post_id: str, comment: CommentEntry) -> CommentRecord:
    parent = comment.get("parent")
    return CommentRecord(
        source_id=f"{post_id}-{comment['id']}",
        post_source_id=post_id,
        parent_source_id=None if parent is None else f"{post_id}-{parent}",
        state="live",
        author_name=comment.get("author_name"),
        author_url=comment.get("author_url"),
        body=comment["body"],
        body_format="text",
        published=comment["published"],
    )
