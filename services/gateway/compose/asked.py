"""Which page of a thread is asked for, and what the links on it keep."""

from urllib.parse import urlencode

from msgspec import Struct

from services.gateway.clients.models import ThreadOrder


class AskedThread(Struct, frozen=True):
    """`cursor` is where the page begins, `show` the comment that is to stand on it; `order` None is the blog's own."""

    cursor: str | None = None
    order: ThreadOrder | None = None
    show: str | None = None

    def params(self) -> dict[str, str]:
        """As they are given to the API's pages."""
        given = {"comments_cursor": self.cursor, "comments_order": self.order, "show_comment": self.show}
        return {name: value for name, value in given.items() if value is not None}


class ThreadView(Struct, frozen=True):
    """How a page shows its thread: where it begins, the order that was asked for, and how deep replies are set in."""

    cursor: str | None
    order: ThreadOrder | None
    depth: int

    def link(self, cursor: str | None = None, **more: str) -> str:
        """The query of a link to the thread at a cursor, in the same order."""
        given = {"comments_cursor": cursor, "comments_order": self.order, **more}
        query = urlencode({name: value for name, value in given.items() if value is not None})
        return f"?{query}" if query else ""
