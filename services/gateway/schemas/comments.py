"""Comments as programs send them."""

from typing import Annotated, Self

from pydantic import Field, model_validator

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


class CommentPatch(Input):
    """What is left out stays as it is; a name or a website that is null is taken away."""

    body: Annotated[Text, Field(max_length=5000, examples=["The third knot has saved my tent thrice."])] = ""
    author_name: Annotated[Line, Field(max_length=100)] | None = None
    author_url: Annotated[Line, Field(max_length=500)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one field")
        return self


class Proof(Input):
    """`altcha` is what ALTCHA's clients send: base64 of JSON with the number that solves the challenge."""

    altcha: Annotated[str, Field(max_length=2000)]
