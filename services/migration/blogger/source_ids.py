"""Gives each entry its own source id, though an export may carry one id on several entries."""

from datetime import datetime


class SourceIds:
    """The ids given so far. The first entry with a number keeps it, since comments name their posts by it."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, datetime | None]] = set()
        self._given: set[str] = set()

    def give(self, number: str, kind: str, published: datetime | None) -> str | None:
        """None for a repeat: an entry with the number, kind and date of an earlier one."""
        if (number, kind, published) in self._seen:
            return None
        self._seen.add((number, kind, published))
        source_id = next(each for each in self._candidates(number, kind, published) if each not in self._given)
        self._given.add(source_id)
        return source_id

    @staticmethod
    def _candidates(number: str, kind: str, published: datetime | None) -> tuple[str, ...]:
        dated = f"{number}@{published.isoformat() if published else 'undated'}"
        return number, dated, f"{dated}/{kind}"
