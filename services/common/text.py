"""Text from outside: what is refused, what is dropped, how it is cut."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

# C0 and C1 controls but tab and line ends; bidi controls reorder what a reader sees (Trojan Source, CVE-2021-42574).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile(r"\r\n?")
_BAD = re.compile(r"[\x00\ud800-\udfff]")


def clean_text(text: str) -> str:
    """NFC text with line feeds, without control and bidi characters; raises ValueError for NUL, lone surrogates."""
    if text.isascii() and text.isprintable():
        return text  # as it would be after all that follows
    if _BAD.search(text):
        raise ValueError("text holds NUL or a lone surrogate")
    return unicodedata.normalize("NFC", drop_controls(_LINE_ENDS.sub("\n", text)))


def drop_controls(text: str) -> str:
    """Without control and bidi characters."""
    return _CONTROLS.sub("", text)


def clean_line(text: str) -> str:
    """As `clean_text`, on one line with single spaces."""
    return " ".join(clean_text(text).split())


def drop_unstorable(text: str) -> str:
    """Text without NUL and lone surrogates: for files, which cannot be asked to try again."""
    return _BAD.sub("", text)


def cut_at_word(text: str, max_chars: int) -> str:
    """The text, or as many whole words as fit in `max_chars` with an ellipsis behind them."""
    if len(text) <= max_chars:
        return text
    head = text[: max_chars - 1]
    at = head.rfind(" ")
    return head[: at if at > max_chars // 2 else None].rstrip(" ,;:-") + "…"


FileText = Annotated[str, AfterValidator(drop_unstorable)]
"""Text out of a file, taken as it is as far as it can be stored at all."""
Text = Annotated[str, AfterValidator(clean_text)]
Line = Annotated[str, AfterValidator(clean_line)]


def text_or_none(text: str | None) -> str | None:
    """None for text that says nothing."""
    return text if text and text.strip() else None
