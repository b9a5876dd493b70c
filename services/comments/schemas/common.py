"""What the schemas share."""

from typing import Annotated

from pydantic import AfterValidator, Field

from services.comments.domain.authors import website
from services.comments.domain.bodies import MAX_CHARS
from services.common.mail_address import MAX_CHARS as MAX_ADDRESS_CHARS
from services.common.mail_address import mail_address
from services.common.text import Line, Text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _address(text: str) -> str | None:
    return mail_address(text) if text else None


AuthorName = Annotated[Line, Field(max_length=100)]
Website = Annotated[Line, Field(max_length=500), AfterValidator(website)]
Email = Annotated[Line, Field(max_length=MAX_ADDRESS_CHARS), AfterValidator(_address)]
Body = Annotated[Text, Field(max_length=MAX_CHARS), AfterValidator(_said)]
