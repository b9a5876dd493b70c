"""What request and answer models have in common."""

from pydantic import BaseModel, ConfigDict


class Input(BaseModel):
    """What is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Output(BaseModel):
    """Built when it is first used: FastAPI builds its own for what routes answer, and most starts need no other."""

    model_config = ConfigDict(defer_build=True, frozen=True)
