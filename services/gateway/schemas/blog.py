"""The blog's settings, authors, labels and archive."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.common.ids import Id
from services.common.models import Input
from services.common.text import Line, Text
from services.gateway.schemas.common import CommentPolicy, Label

SlugLetters = Annotated[
    Literal["latin", "transliterated"],
    Field(description="Whether new permalinks leave letters of other scripts out or spell them in Latin ones."),
]
CommentModeration = Annotated[
    Literal["none", "first_time", "old_posts", "all"],
    Field(description="Which comments are to wait for a moderator."),
]
CommentNames = Annotated[
    Literal["optional", "required"], Field(description="Whether a comment needs the name of its author.")
]
RelatedComputed = Annotated[
    Literal["on", "off"], Field(description="Whether related articles are found beside those that editors name.")
]
RelatedShown = Annotated[
    int, Field(ge=0, le=20, description="Related links shown with an article, picked ones included.")
]
CommentVotes = Annotated[Literal["off", "on"], Field(description="Whether readers may vote for comments.")]


class BlogPatch(Input):
    """What is left out stays as it is. A new zone moves date headers and the archive's months; permalinks stay."""

    title: Annotated[Line, Field(min_length=1, max_length=500, default_factory=str)]
    description: Annotated[Line, Field(max_length=500)] = ""
    locale: Annotated[str, Field(max_length=35, examples=["en-US"])] = ""
    time_zone: Annotated[str, Field(max_length=100, examples=["Europe/Lisbon"])] = ""
    public_url: Annotated[str, Field(max_length=500, examples=["https://blog.example"])] | None = None
    posts_per_page: Annotated[int, Field(ge=1, le=100)] = 10
    meta_description: Annotated[Line, Field(max_length=500)] = ""
    robots_txt: Annotated[Text, Field(max_length=20_000)] | None = None
    slug_letters: SlugLetters = "latin"
    comment_policy: CommentPolicy = "open"
    comment_moderation: CommentModeration = "none"
    comment_moderation_days: Annotated[int, Field(ge=1, le=3650)] = 14
    comment_names: CommentNames = "optional"
    comment_votes: CommentVotes = "off"
    related_computed: RelatedComputed = "on"
    related_shown: RelatedShown | None = None


class BlogSettings(BaseModel):
    """`public_url` and `related_shown` are null while what Dateline was started with holds, `robots_txt` while its own
    does.
    """

    title: str
    description: str
    locale: str
    time_zone: str
    public_url: str | None
    posts_per_page: int
    meta_description: str
    robots_txt: str | None
    slug_letters: SlugLetters
    comment_policy: CommentPolicy
    comment_moderation: CommentModeration
    comment_moderation_days: int
    comment_names: CommentNames
    comment_votes: CommentVotes
    related_computed: RelatedComputed
    related_shown: RelatedShown | None
    updated: datetime | None
    version: int


class NewAuthor(Input):
    name: Annotated[Line, Field(min_length=1, max_length=200, examples=["Tobin Marsh"])]
    url: Annotated[Line, Field(max_length=2000, description="The author's own page.")] | None = None
    about: Annotated[Text, Field(max_length=2000)] = ""
    picture_url: Annotated[Line, Field(max_length=2000)] | None = None


class AuthorPatch(Input):
    """What is left out stays as it is."""

    name: Annotated[Line, Field(min_length=1, max_length=200, default_factory=str)]
    url: Annotated[Line, Field(max_length=2000)] | None = None
    about: Annotated[Text, Field(max_length=2000)] = ""
    picture_url: Annotated[Line, Field(max_length=2000)] | None = None


class AuthorProfile(BaseModel):
    """`live_count`: the live posts that bear the name."""

    id: str
    name: str
    url: str | None
    about: str
    picture_url: str | None
    live_count: int
    version: int


class AuthorList(BaseModel):
    items: list[AuthorProfile]
    next_cursor: str | None


class LabelCount(BaseModel):
    """`live_count`: the live posts that bear the label."""

    id: str
    name: str
    live_count: int


class LabelList(BaseModel):
    items: list[LabelCount]
    next_cursor: str | None


class LabelPatch(Input):
    name: Label


class LabelMerge(Input):
    into: Annotated[Id, Field(description="The label that posts get instead.")]


class ArchiveMonth(BaseModel):
    month: int
    count: int


class ArchiveYear(BaseModel):
    year: int
    count: int
    months: list[ArchiveMonth]


class Archive(BaseModel):
    """Newest first, in the blog's zone; months without live posts are left out."""

    years: list[ArchiveYear]
