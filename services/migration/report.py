"""What came in, what was there already, what did not come and why."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from msgspec import Struct, field

from services.migration.records import Outline, Skipped


class Report(Struct):
    """Counts by kind and outcome (`posts`, `created`); every skipped thing and every change with its reason.

    `kinds` are those that are told, `facts` sentences of an import's own.
    """

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    own_links: int = 0
    host: str | None = None
    started: bool = False
    kinds: tuple[str, ...] = ("posts", "pages", "comments")
    facts: list[str] = field(default_factory=list)

    def start(self, outline: Outline) -> None:
        self.started = True
        self.skipped.extend(outline.skipped)
        self.own_links += outline.own_links
        self.host = outline.host or self.host

    def note(self, what: str, source_id: str, outcome: str, notes: list[str]) -> None:
        self.outcomes[f"{what}s", outcome] += 1
        self.skipped.extend(Skipped(what, source_id, note) for note in notes)

    def lines(self) -> Iterator[str]:
        """Nothing for an import that did not begin."""
        if not self.started:
            return
        for kind in self.kinds:
            came, there, refused = (self.outcomes[kind, outcome] for outcome in ("created", "unchanged", "refused"))
            yield f"{kind}: {came} imported, {there} already here, {refused} not imported"
        yield from self.facts
        if self.own_links:
            yield f"links: {self.own_links} in the texts name {self.host} and were kept as they are"
        reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
        for one in self.skipped:
            reasons[one.what, one.reason].append(one.source_id)
        if reasons:
            yield "Not imported, or not as it was:"
        for (what, reason), examples in sorted(reasons.items(), key=lambda item: -len(item[1])):
            yield f"  {len(examples)} {what}: {reason} ({_some(examples)})"


def _some(source_ids: list[str], most: int = 5) -> str:
    more = f" and {len(source_ids) - most} more" if len(source_ids) > most else ""
    return ", ".join(source_ids[:most]) + more
