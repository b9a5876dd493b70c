"""Parameters and headers that several routes have."""

from typing import Annotated, Literal

from fastapi import Depends, Header, Path, Query

from services.common.ids import Id

ArticleId = Annotated[Id, Path(description="The article's id, a decimal string.", examples=["912673741433370022"])]
PostId = Annotated[Id, Path(description="The post's id, a decimal string.", examples=["912673741433370022"])]
CommentId = Annotated[Id, Path(description="The comment's id, a decimal string.", examples=["912677723929504799"])]
Cursor = Annotated[
    str | None, Query(max_length=1100, description="`next_cursor` or `previous_cursor` of another page.")
]
CommentsOrder = Annotated[
    Literal["oldest", "newest"] | None,
    Query(description="Which comments stand first; replies are oldest first. The blog's own order by default."),
]
ShowComment = Annotated[
    Id | None, Query(description="The page of the thread on which this comment stands, if it is shown at all.")
]
Include = Annotated[Literal["body"] | None, Query(description="`body`: with the bodies, at most 25 of them.")]
Unused = Annotated[bool, Query(description="Also those without a live post; needs the scope posts:read-drafts.")]
IfMatch = Annotated[
    str | None,
    Header(max_length=1000, description="The ETag of the version that is changed (428 without, 412 when it is old)."),
]
IdempotencyKey = Annotated[
    str | None,
    Header(max_length=255, description="Repeats of a request with the same key within a day get its first answer."),
]


async def _filters(
    q: Annotated[
        str | None,
        Query(
            max_length=1000,
            description='Words, `"phrases"`, `label:name`, each also behind `-`; `OR` between two.',
            examples=["harbor -ferry"],
        ),
    ] = None,
    label: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
    author: Annotated[Id | None, Query(description="The author's id.")] = None,
    year: Annotated[int | None, Query(ge=2, le=9998, description="In the blog's zone.")] = None,
    month: Annotated[int | None, Query(ge=1, le=12)] = None,
    order: Annotated[
        Literal["newest", "best"] | None,
        Query(description="`best`: what has all words of `q` in its title, label or author comes first."),
    ] = None,
) -> dict[str, str | int]:
    """Those that were given, by name."""
    given = {"q": q, "label": label, "author": author, "year": year, "month": month, "order": order}
    return {name: value for name, value in given.items() if value is not None}


Filters = Annotated[dict[str, str | int], Depends(_filters)]


def conditions(if_match: str | None = None, idempotency_key: str | None = None) -> dict[str, str]:
    """Headers that the owner of a thing decides by, as far as they were sent."""
    given = {"If-Match": if_match, "Idempotency-Key": idempotency_key}
    return {name: value for name, value in given.items() if value is not None}
