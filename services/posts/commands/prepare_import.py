"""Makes a foreign post ready to store, outside the transaction because rendering takes time."""

from typing import TypeVar

from services.common.html import HtmlPolicy, UncleanableError
from services.common.text import cut_at_word, drop_unstorable
from services.posts.domain.bodies import MAX_MARKDOWN_CHARS, render_body
from services.posts.domain.imported import (
    MAX_IMPORTED_LABELS,
    MAX_IMPORTED_LINKS,
    MAX_NAME_CHARS,
    MAX_TITLE_CHARS,
    PreparedAuthor,
    PreparedPost,
    Refused,
    author_id,
    label_names,
    line_of,
    old_path,
    web_url,
)
from services.posts.domain.paths import own_path
from services.posts.domain.store import PickedLink
from services.posts.schemas.common import link_target
from services.posts.schemas.imports import ImportedLink, ImportedPost

T = TypeVar("T")


def prepare_post(post: ImportedPost, public_url: str, policy: HtmlPolicy) -> PreparedPost | Refused:
    source = drop_unstorable(post.body)
    if post.body_format == "markdown" and len(source) > MAX_MARKDOWN_CHARS:
        return Refused(post.source_id, f"its Markdown is longer than {MAX_MARKDOWN_CHARS} characters")
    try:
        body = render_body(source, post.body_format, policy)
    except UncleanableError as exc:
        return Refused(post.source_id, str(exc))
    notes: list[str] = []
    return PreparedPost(
        source_id=post.source_id,
        kind=post.kind,
        state=post.state,
        title=_title(post.title, notes),
        path=old_path(post.path, notes),
        author=_author(post),
        body=body,
        body_source=source,
        body_format=post.body_format,
        labels=_at_most(MAX_IMPORTED_LABELS, label_names(post.labels, notes), "labels", notes),
        related_links=_at_most(
            MAX_IMPORTED_LINKS, _links(post.related_links, public_url, notes), "related links", notes
        ),
        comment_policy=post.comment_policy,
        published_at=post.published,
        updated_at=post.updated,
        notes=tuple(notes),
    )


def _title(title: str, notes: list[str]) -> str:
    line = line_of(title)
    if len(line) > MAX_TITLE_CHARS:
        notes.append(f"its title was cut to {MAX_TITLE_CHARS} characters")
    return cut_at_word(line, MAX_TITLE_CHARS)


def _at_most(most: int, found: tuple[T, ...], what: str, notes: list[str]) -> tuple[T, ...]:
    if len(found) > most:
        notes.append(f"of its {what} the first {most} were kept")
    return found[:most]


def _author(post: ImportedPost) -> PreparedAuthor | None:
    if post.author is None or not (name := line_of(post.author.name)):
        return None
    name = cut_at_word(name, MAX_NAME_CHARS)
    return PreparedAuthor(author_id(post.author.source_id) or author_id(name), name, web_url(post.author.url))


def _links(links: tuple[ImportedLink, ...], public_url: str, notes: list[str]) -> tuple[PickedLink, ...]:
    kept = []
    for link in links:
        try:
            url = link_target(line_of(link.url))
        except ValueError as exc:
            notes.append(f"a related link was left out: {exc}")
            continue
        kept.append(PickedLink(line_of(link.headline) or url, url, own_path(url, public_url)))
    return tuple(kept)
