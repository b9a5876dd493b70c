"""The blog's settings as they are read and changed."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from services.common.models import Input, Output
from services.common.text import Line, Text
from services.common.urls import origin
from services.posts.domain.slugs import SlugLetters
from services.posts.domain.store import CommentPolicy
from services.posts.schemas.related import Computed, Shown

_OF_THIS_MACHINE: Final = {"localtime", "Factory"}
CommentModeration = Literal["none", "first_time", "old_posts", "all"]
CommentNames = Literal["optional", "required"]
CommentVotes = Literal["off", "on"]


def _zone(name: str) -> str:
    if name not in available_timezones() - _OF_THIS_MACHINE:
        raise ValueError("must be a time zone such as Europe/Lisbon")
    return name


class BlogPatch(Input):
    title: Annotated[Line, Field(min_length=1, max_length=500)] = ""
    description: Annotated[Line, Field(max_length=500)] = ""
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] = ""
    time_zone: Annotated[str, Field(max_length=100), AfterValidator(_zone)] = ""
    public_url: Annotated[str, Field(max_length=500), AfterValidator(origin)] | None = None
    posts_per_page: Annotated[int, Field(ge=1, le=100)] = 0
    meta_description: Annotated[Line, Field(max_length=500)] = ""
    robots_txt: Annotated[Text, Field(max_length=20_000)] | None = None
    slug_letters: SlugLetters = "latin"
    comment_policy: CommentPolicy = "open"
    comment_moderation: CommentModeration = "none"
    comment_moderation_days: Annotated[int, Field(ge=1, le=3650)] = 0
    comment_names: CommentNames = "optional"
    comment_votes: CommentVotes = "off"
    related_computed: Computed = "on"
    related_shown: Shown | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one setting")
        return self


class BlogSettingsOut(Output):
    """`public_url` is null while the address that Dateline was started with holds; so `robots_txt`, and `related_shown`
    while that setting does.
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
    related_computed: Computed
    related_shown: int | None
    updated: datetime | None
    version: int
