"""Parameters that several routes have."""

from typing import Annotated

from fastapi import Path, Query

from services.common.ids import Id

ArticleId = Annotated[Id, Path(description="The article's id, a decimal string.", examples=["912673741433370022"])]
Cursor = Annotated[str | None, Query(max_length=1100, description="`next_cursor` of the page before.")]
