"""The people whose names stand under posts."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, exists, insert, select, update

from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.posts.commands.match import require_match
from services.posts.commands.name_words import forget_name_words, store_name_words
from services.posts.domain.etags import etag_of
from services.posts.domain.indexed import author_marker
from services.posts.errors import AuthorInUse, AuthorNotFound, InvalidBody
from services.posts.schemas.authors import AuthorPatch, NewAuthor
from services.posts.tables import authors, changes, posts

_OWN_SOURCE = "dateline"


async def existing_author(writes: Writes, author_id: str | None) -> int | None:
    """The id as a number; raises InvalidBody when there is no such author. Nobody deletes the author meanwhile."""
    if author_id is None:
        return None
    query = select(authors.c.id).where(authors.c.id == int(author_id)).with_for_update(read=True, key_share=True)
    if (await writes.execute(query)).first() is None:
        raise InvalidBody("/author_id", "No author has this id.")
    return int(author_id)


async def create_author(writes: Writes, new: NewAuthor, author_id: int, now: datetime) -> None:
    row = new.model_dump() | {"id": author_id, "source": _OWN_SOURCE, "source_id": str(author_id)}
    await writes.execute(insert(authors).values(**row, live_count=0, version=1))
    await store_name_words(writes, {author_marker(author_id): new.name})
    await _append(writes, "author.created", author_id, 1, now)


async def change_author(
    writes: Writes, author_id: int, if_match: str | None, patch: AuthorPatch, now: datetime
) -> None:
    """Raises AuthorNotFound, PreconditionRequired, PreconditionFailed."""
    author = await _held(writes, author_id, if_match)
    values = patch.model_dump(exclude_unset=True)
    if all(author[name] == value for name, value in values.items()):
        return
    version = author["version"] + 1
    await writes.execute(update(authors).where(authors.c.id == author_id).values(**values, version=version))
    if "name" in values:
        await forget_name_words(writes, author_marker(author_id))
        await store_name_words(writes, {author_marker(author_id): values["name"]})
    await _append(writes, "author.changed", author_id, version, now)


async def delete_author(writes: Writes, author_id: int, if_match: str | None, now: datetime) -> None:
    """Raises AuthorInUse while a post bears the name, besides what `change_author` raises."""
    author = await _held(writes, author_id, if_match)
    if (await writes.execute(select(exists().where(posts.c.author_id == author_id)))).scalar():
        raise AuthorInUse
    await forget_name_words(writes, author_marker(author_id))
    await writes.execute(delete(authors).where(authors.c.id == author_id))
    await _append(writes, "author.deleted", author_id, author["version"] + 1, now)


async def _held(writes: Writes, author_id: int, if_match: str | None) -> RowMapping:
    query = select(authors).where(authors.c.id == author_id).with_for_update()
    author = (await writes.execute(query)).mappings().one_or_none()
    if author is None:
        raise AuthorNotFound
    require_match(if_match, etag_of(author["version"]))
    return author


async def _append(writes: Writes, kind: str, author_id: int, version: int, now: datetime) -> None:
    await append_changes(writes, changes, [Change(kind, author_id, version, (f"author:{author_id}", "authors"))], now)
