"""What is not an export is refused with a sentence that says what it is."""

import gzip
from pathlib import Path

import pytest

from services.migration.blogger import NotABloggerExport, open_export

ATOM = "xmlns='http://www.w3.org/2005/Atom'"
BOMB = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 10}'>" for n in range(12))
CLASSIC = f"<feed {ATOM}><id>tag:blogger.com,1999:blog-1.archive</id><title>Tea</title></feed>"


def refusal(tmp_path: Path, content: bytes | str) -> str:
    file = tmp_path / "file"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(NotABloggerExport) as raised:
        open_export(file, None)
    return str(raised.value)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "an empty file"),
        ("  \n\n ", "an empty file"),
        (b"PK\x03\x04rest", "a zip file; unpack it first"),
        (gzip.compress(b"x", mtime=0), "a gzip file; unpack it first"),
        (b"\x7fELF\0\0\0", "a binary file"),
        ("hello", "text that is not XML"),
        ("<!DOCTYPE html><html><p>Hi</html>", "an HTML page"),
        ("<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'/>", "an HTML page"),
        ("<rss version='2.0'/>", "an XML file that is not an Atom feed (its root is <rss>)"),
        ("<feed><id>tag:blogger.com,1999:blog-1.archive</id></feed>", "(its root is <feed>)"),
        (
            f"<feed {ATOM}><id>tag:example.org,2020:x</id></feed>",
            "another Atom feed (its id is 'tag:example.org,2020:x')",
        ),
        (f"<feed {ATOM}><id>tag:blogger.com,1999:blog-1</id></feed>", "(its id is 'tag:blogger.com,1999:blog-1')"),
        (f"<feed {ATOM}><title>Tea</title></feed>", "another Atom feed (its id is '')"),
        (f"<feed {ATOM}><id>&#xD800;</id></feed>", "an Atom feed whose id and title are not text"),
        (f"<?xml version='1.0' encoding='UTF-7'?>{CLASSIC}", "an XML file written in UTF-7"),
        (CLASSIC.encode("utf-16"), "a binary file"),
    ],
)
def test_refused_with_what_was_found(tmp_path: Path, content: bytes | str, found: str) -> None:
    message = refusal(tmp_path, content)
    assert message.startswith("Expected a Blogger backup (blog-MM-DD-YYYY.xml) or the feed.atom of a Google Takeout")
    assert found in message


@pytest.mark.parametrize(
    "prolog",
    [
        f"<!DOCTYPE feed [<!ENTITY e0 'ha'>{BOMB}]>",
        "<!DOCTYPE feed [<!ENTITY e12 SYSTEM 'file:///etc/hostname'>]>",
        "<?xml version='1.0'?><!-- <feed> --><?a b?>\n<!DOCTYPE feed SYSTEM 'http://192.0.2.1/x.dtd'>",
    ],
)
def test_refused_document_type(tmp_path: Path, prolog: str) -> None:
    attack = CLASSIC.replace("Tea", "&e12;").replace("<title>", "<title type='&e12;'>")
    assert "a document type declaration" in refusal(tmp_path, prolog + attack)


@pytest.mark.parametrize("start", [b"", b"\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n \n", b"\n" * 10_000])
def test_accepted_after_blank_lines(tmp_path: Path, start: bytes) -> None:
    file = tmp_path / "blog.xml"
    file.write_bytes(start + b"<?xml version='1.0' encoding='utf-8'?>\n" + CLASSIC.encode())
    outline = open_export(file, None).outline()
    assert (outline.source, outline.blog.title, outline.skipped) == ("blogger:1", "Tea", [])
