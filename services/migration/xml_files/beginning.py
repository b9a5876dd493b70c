"""Tells from a file's beginning whether it is XML that may be parsed."""

import re
from pathlib import Path
from typing import Final

from services.migration.xml_files.parser import open_xml

# Everything that may stand before a root element, save a document type declaration.
PROLOG: Final = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
ENCODING: Final = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]*)")
BEGINNING_BYTES: Final = 65_536


def found_instead(file: Path) -> str | None:
    """What the file is if not XML in UTF-8 without a document type declaration: no export has one, bombs do.

    It is asked before the parser sees the file, because entities within attributes are expanded whatever its options.
    """
    with open_xml(file) as stream:
        return _found_instead(stream.read(BEGINNING_BYTES))


def _found_instead(beginning: bytes) -> str | None:
    prolog = PROLOG.match(beginning)
    rest = beginning[prolog.end() if prolog else 0 :]
    if not beginning:
        return "an empty file"
    if packed := _packed(beginning):
        return f"{packed}; unpack it first"
    if b"\0" in beginning[:1024]:
        return "a binary file"
    if re.match(rb"<(!doctype\s+)?html\b", rest, re.IGNORECASE):
        return "an HTML page"
    return _found_in_xml(rest, ENCODING.match(beginning))


def _packed(beginning: bytes) -> str | None:
    if beginning.startswith(b"PK\x03\x04"):
        return "a zip file"
    return "a gzip file" if beginning.startswith(b"\x1f\x8b") else None


def _found_in_xml(rest: bytes, encoding: re.Match[bytes] | None) -> str | None:
    if not re.match(rb"<[A-Za-z_!]", rest):
        return "text that is not XML"
    if rest.startswith(b"<!"):
        return "an XML file with a document type declaration, which no export has"
    if encoding and encoding[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        return f"an XML file written in {encoding[1].decode('ascii', 'replace')}, while exports are in UTF-8"
    return None
