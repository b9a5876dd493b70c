"""What request and answer models have in common."""

from pydantic import BaseModel, ConfigDict


class Input(BaseModel):
    """What is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    model_config = ConfigDict(frozen=True)
