"""The files of comments that can be read, by name: apart from what reads them, which takes a while to load."""

from enum import StrEnum


class Format(StrEnum):
    ISSO = "isso"
    REMARK42 = "remark42"
    DISQUS = "disqus"
    NDJSON = "ndjson"
