"""Links out of mails, and what they are for."""

from typing import Annotated, Literal

from pydantic import Field

from services.common.models import Input, Output


class MailLink(Input):
    token: Annotated[str, Field(max_length=200)]


class SubscriptionOut(Output):
    """`asked`: it waits to be confirmed. `ended`: it is not there any more."""

    state: Literal["asked", "confirmed", "ended"]
