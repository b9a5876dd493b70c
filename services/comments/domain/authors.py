"""What a commenter may say of themselves."""

from services.common.urls import http_url


def website(url: str) -> str | None:
    """The URL in its regular form, None for an empty one; raises ValueError unless it is http(s) with a host."""
    if not url:
        return None
    return http_url(url if "://" in url else f"https://{url}").geturl()
