"""Links out of mails, and what became of them."""

from typing import Literal

from pydantic import BaseModel


class MailLink(BaseModel):
    token: str


class Subscription(BaseModel):
    """`asked`: it waits to be confirmed. `ended`: it is not there any more."""

    state: Literal["asked", "confirmed", "ended"]
