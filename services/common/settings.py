"""Where settings come from: `DATELINE_*` variables, a `.env` file, files among the secrets; typed, checked at start."""

import re
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.common.logs import LogFormat
from services.common.mendable import MendableError
from services.common.urls import origin

PREFIX = "DATELINE_"
_HOST = re.compile(r"[a-z0-9.-]+(:[0-9]+)?")


class SettingsError(MendableError, ValueError):
    """A setting is missing or wrong; the text names it as an operator writes it."""


class ServiceSettings(BaseSettings):
    """What every service is told. A field `posts_url` is the variable `DATELINE_POSTS_URL`."""

    # what is wrong may hold a password
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address that readers use. Every absolute link is built from it and its host is served.",
    )
    secrets: Path = Field(
        Path("data/secrets"),
        description="Folder with the secrets that services show each other; made, with fresh secrets, when missing.",
    )
    embed_hosts: str = Field(
        "www.youtube.com www.youtube-nocookie.com player.vimeo.com www.dailymotion.com archive.org "
        "w.soundcloud.com open.spotify.com",
        description="Hosts whose frames may stand in articles, separated by spaces.",
    )
    log_format: LogFormat = Field("auto", description="`lines` for people, `json` for machines, `auto` by terminal.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="`debug`, `info`, `warning` or `error`."
    )

    max_connections: int = Field(
        800, ge=1, description="Connections that a process holds at a time; further ones are told to come back."
    )
    drain_s: float = Field(
        0.0,
        ge=0,
        description="Seconds after SIGTERM in which requests are still taken while `/readyz` says that they will not "
        "be.",
    )

    @field_validator("embed_hosts")
    @classmethod
    def _host_names_only(cls, value: str) -> str:
        if not all(_HOST.fullmatch(host) for host in value.split()):
            raise ValueError("must be host names separated by spaces")
        return value

    @field_validator("public_url")
    @classmethod
    def _origin_only(cls, value: str) -> str:
        return origin(value)

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Settings from the environment, `given` first; raises SettingsError.

        A file `dateline_posts_database_url` in the secrets folder stands for the variable of that name.
        """
        try:
            secrets = given.get("secrets") or cls().secrets
            return cls(_secrets_dir=secrets if secrets.is_dir() else None, **given)
        except ValidationError as exc:
            wrong = (f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in exc.errors())
            raise SettingsError("; ".join(wrong)) from exc
