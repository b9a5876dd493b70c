"""An order in which comments come after what they answer."""

from collections import defaultdict
from collections.abc import Sequence


def parents_first(ids: Sequence[tuple[str, str | None]]) -> list[int]:
    """The places of comments, given as own id and parent's: parents first, else as they came. Those that answer each
    other in a ring come last.
    """
    there = {own for own, _ in ids}
    below: defaultdict[str | None, list[int]] = defaultdict(list)
    for number, (_, parent) in enumerate(ids):
        below[parent if parent in there else None].append(number)
    found = below.pop(None, [])
    for number in found:  # grows meanwhile
        found.extend(below.pop(ids[number][0], []))
    return found + sorted(number for ring in below.values() for number in ring)
