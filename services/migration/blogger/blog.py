"""Makes the blog's own record from its settings: name, description, locale and time zone."""

import re
from typing import Final
from zoneinfo import available_timezones

from services.migration.records import BlogRecord, Skipped

LOCALE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
# Java's old codes, which Blogger has kept, and their successors in ISO 639.
RENAMED: Final = {"iw": "he", "in": "id", "ji": "yi"}


def blog_record(settings: dict[str, str], title: str, skipped: list[Skipped]) -> BlogRecord:
    locale, zone = settings.get("BLOG_LOCALE", "").strip(), settings.get("BLOG_TIME_ZONE", "").strip()
    if locale and not language_tag(locale):
        skipped.append(Skipped("settings", "BLOG_LOCALE", f"{locale!r} is not a known form of locale"))
    if zone and not _is_time_zone(zone):
        skipped.append(Skipped("settings", "BLOG_TIME_ZONE", f"{zone!r} is not an IANA time zone"))
    return BlogRecord(
        title=title,
        description=settings.get("BLOG_DESCRIPTION", "").strip() or None,
        locale=language_tag(locale),
        time_zone=zone if _is_time_zone(zone) else None,
    )


def language_tag(locale: str) -> str | None:
    """`pt_BR` is `pt-BR` in BCP 47; None for what is no locale."""
    match = LOCALE.fullmatch(locale)
    if match is None:
        return None
    language, script, region = match.groups()
    language = language.lower()
    parts = [RENAMED.get(language, language), script and script.title(), region and region.upper()]
    return "-".join(part for part in parts if part)


def _is_time_zone(name: str) -> bool:
    return name in available_timezones()
