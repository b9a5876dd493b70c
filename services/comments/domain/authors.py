"""What a commenter may say of themselves."""

from urllib.parse import urlsplit


def website(url: str) -> str | None:
    """The URL in its regular form, None for an empty one; raises ValueError unless it is http(s) with a host."""
    if not url:
        return None
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or " " in url:
        raise ValueError("must be an http or https address")
    return parts.geturl()
