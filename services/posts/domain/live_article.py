"""A live article as it is found, with what there are several of."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

Row = Mapping[str, Any]


class LiveArticle(Struct, frozen=True):
    """`row` has its blog as well, `labels` and `picked` links are in their editor's order, `neighbours` are the live
    posts just before and after it, by `previous` and `next`; static pages have none.

    Picked links lead to the outside, to paths that no post has, and to live posts. One to a post that is not live, or
    is gone, is left out, so that nothing tells of it.
    """

    row: Row
    labels: Sequence[Row]
    picked: Sequence[Row]
    neighbours: Mapping[str, Row]
