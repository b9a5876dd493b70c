"""Paths by the ids of their posts."""

from typing import Annotated, Final

from pydantic import Field

from services.common.ids import Id
from services.common.models import Input, Output

MAX_IDS: Final = 1000


class WantedPaths(Input):
    ids: Annotated[tuple[Id, ...], Field(max_length=MAX_IDS)]


class PathsOut(Output):
    paths: dict[str, str]
