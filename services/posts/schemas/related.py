"""Related posts, the rules that editors give for them, and the work of making them."""

from services.common.models import Output


class RelatedProgressOut(Output):
    """Posts that wait to be read, to be weighed and for a list, and all that are known."""

    unread: int
    unweighed: int
    unlisted: int
    known: int
