"""The words of labels' and authors' names, by which a search finds their posts."""

from collections.abc import Mapping

from sqlalchemy import delete

from services.common.database import Writes
from services.common.upsert import insert_missing
from services.posts.domain.words import with_characters, words
from services.posts.search_tables import name_words


async def store_name_words(writes: Writes, names: Mapping[str, str]) -> None:
    """`names` by marker: new ones, or ones that are there already."""
    rows = {(word, marker) for marker, name in names.items() for word in with_characters(words(name))}
    await insert_missing(
        writes, name_words, [{"word": word, "marker": marker} for word, marker in sorted(rows)], on=("word", "marker")
    )


async def forget_name_words(writes: Writes, marker: str) -> None:
    await writes.execute(delete(name_words).where(name_words.c.marker == marker))
