"""Labelled comments: two sets of files that are kept elsewhere, and samples of our own."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from services.comments.domain.filter.example import Example

OWN: Final = "own"
TEMPLATES: Final = "templates"
_OWN_FILE: Final = Path(__file__).with_name("own.jsonl")
_EVERY: Final = 10
_DISGUISES: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: text.translate(str.maketrans("aeopc", "аеорс")),  # noqa: RUF001  (Cyrillic is the disguise)
    lambda text: re.sub(r"(?<=[a-z])(?=[aeiou])", "\u200b", text),
    lambda text: re.sub(r"[a-z]{6,}", lambda word: " ".join(word[0]), text),
    lambda text: re.sub(r"([aeiou])", "\\1\u0336\u0353", text),
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """`group` is a set of comments, TEMPLATES or OWN; of a template, `template` is its number."""

    example: Example
    is_spam: bool
    group: str
    template: int | None = None


def labelled(folder: Path) -> list[Labelled]:
    """What the folder's `comments.jsonl` and `blog_templates.jsonl` hold, in their order."""
    comments = [
        Labelled(Example(one["text"]), one["label"] == "spam", one["set"]) for one in _lines(folder / "comments.jsonl")
    ]
    templates = [
        Labelled(Example(one["text"]), is_spam=True, group=TEMPLATES, template=one["template"])
        for one in _lines(folder / "blog_templates.jsonl")
    ]
    return comments + templates


def own() -> list[Labelled]:
    """Written for Dateline: what readers of a blog say, which the videos lack, and kinds of spam that both lack."""
    return [
        Labelled(Example(one["text"], one.get("author_name"), one.get("author_url")), one["label"] == "spam", OWN)
        for one in _lines(_OWN_FILE)
    ]


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def bare(text: str) -> str:
    """Letters and digits alone: texts that differ in nothing else count as one."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).lower()).strip()


def without_copies(rows: Iterable[Labelled]) -> list[Labelled]:
    """The first of those that say the same with the same label; what is all signs and emoji is kept as it is."""
    first: dict[tuple[str, bool], Labelled] = {}
    for one in rows:
        first.setdefault((bare(one.example.text) or one.example.text, one.is_spam), one)
    return list(first.values())


def with_disguised(rows: list[Labelled]) -> list[Labelled]:
    """And each tenth piece of spam once more as it looks when it hides from filters, in one of four ways by turns."""
    spam = [one for one in rows if one.is_spam][::_EVERY]
    return rows + [
        replace(one, example=structs.replace(one.example, text=disguise(one.example.text)))
        for one, disguise in zip(spam, cycle(_DISGUISES), strict=False)
    ]
