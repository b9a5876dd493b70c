"""Lines of JSON are read one at a time, however long or damaged they are."""

import gzip
import tracemalloc
from pathlib import Path

from services.migration.comment_files.json_lines import MAX_LINE_BYTES, first_object, json_lines
from services.migration.records import Skipped


def read(file: Path) -> tuple[list[int], list[Skipped]]:
    skipped: list[Skipped] = []
    return [number for number, _ in json_lines(file, skipped)], skipped


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\r\n{"b": 2}')
    assert first_object(file) == {"a": 1}
    assert read(file) == ([1, 3], [])


def test_line_that_is_too_long_is_passed_over_in_little_memory(tmp_path: Path) -> None:
    """A bomb must not cost what it would unpack to."""
    file = tmp_path / "lines.gz"
    with gzip.open(file, "wb", compresslevel=1) as packed:
        packed.write(b'{"a": 1}\n')
        for _ in range(6):
            packed.write(b"x" * (MAX_LINE_BYTES - 1))
        packed.write(b'\n{"b": 2}\n')
    tracemalloc.start()
    found = read(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == ([1, 3], [Skipped("line", "2", f"it is longer than {MAX_LINE_BYTES} bytes")])
    assert peak < 4 * MAX_LINE_BYTES
