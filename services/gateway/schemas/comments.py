"""Comments as programs send them."""

from typing import Annotated

from pydantic import Field

from services.common.ids import Id
from services.common.models import Input
from services.common.text import Line, Text


class NewComment(Input):
    """`body` is text: paragraphs, links, `code` and quotes are recognised, HTML is not."""

    body: Annotated[Text, Field(max_length=5000, examples=["The third knot has saved my tent twice."])]
    author_name: Annotated[Line, Field(max_length=100)] | None = None
    author_url: Annotated[Line, Field(max_length=500, examples=["https://example.org/"])] | None = None
    parent_id: Annotated[Id | None, Field(description="The comment that this one answers.")] = None
    email: Annotated[
        Line | None, Field(max_length=254, description="Never shown. Kept for replies only, so not without `notify`.")
    ] = None
    notify: Annotated[
        bool, Field(description="Tells of replies at `email`, once a mail there is answered; see `notifies`.")
    ] = False
