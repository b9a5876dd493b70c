"""The words on a page that depend on the blog's locale, zone and counts."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format

from services.common.microseconds import from_microseconds
from services.gateway.clients.models import Blog

MINUTE: Final = 60_000_000
"""In microseconds."""
UNAVAILABLE = "Comments are not available at the moment."


def date_header(published: datetime, blog: Blog) -> str:
    """The day in full: `Saturday, January 8, 2022`."""
    return _full_day(published.astimezone(ZoneInfo(blog.time_zone)).date(), blog.locale)


def month_name(month: tuple[int, int], blog: Blog) -> str:
    """`February 2024` in the blog's locale, of a year and a month."""
    return str(format_skeleton("yMMMM", date(*month, 1), locale=_locale(blog.locale)))


def direction(blog: Blog) -> str:
    """`ltr` or `rtl`: which way the blog's locale is written."""
    return "rtl" if _locale(blog.locale).character_order == "right-to-left" else "ltr"


def count_line(count: int) -> str:
    if count == 0:
        return "No comments:"
    return "1 comment:" if count == 1 else f"{count} comments:"


@lru_cache(maxsize=4096)
def _full_day(day: date, locale: str) -> str:
    return format_date(day, "full", locale=_locale(locale))


@lru_cache(maxsize=4096)
def _long_day(day: date, locale: str) -> str:
    return format_date(day, "long", locale=_locale(locale))


@lru_cache(maxsize=4096)
def _short_time(hour: int, minute: int, locale: str) -> str:
    return format_time(time(hour, minute), "short", locale=_locale(locale))


@lru_cache(maxsize=8192)
def said_minute(minute: int, time_zone: str, locale: str) -> tuple[str, str]:
    """A minute since 1970 in UTC as ISO 8601 has it, up to its seconds, and in words for bylines, day and time of day:
    what many comments of a time have in common.
    """
    at = from_microseconds(minute * MINUTE)
    local = at.astimezone(ZoneInfo(time_zone))
    day, time_of_day = _long_day(local.date(), locale), _short_time(local.hour, local.minute, locale)
    before, between, after, is_day_first = _glue(locale)
    first, second = (day, time_of_day) if is_day_first else (time_of_day, day)
    return f"{at.isoformat()[:16]}:", f"{before}{first}{between}{second}{after}"


@lru_cache
def _glue(locale: str) -> tuple[str, str, str, bool]:
    """What stands before, between and after day and time of day, and whether the day comes first.

    Put together by hand, because whole long forms name a zone.
    """
    pattern = str(get_datetime_format("long", locale=_locale(locale))).replace("'", "")
    before, _, between, _, after = re.split(r"\{([01])\}", pattern)
    return before, between, after, pattern.index("{1}") < pattern.index("{0}")


@lru_cache
def _locale(name: str) -> Locale:
    """The locale of a BCP 47 tag, English where it is none that is known."""
    try:
        return Locale.parse(name, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en", "US")
