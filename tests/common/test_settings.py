"""Settings out of the environment and `.env`, and errors that an operator can act on."""

from pathlib import Path

import pytest

from services.common.settings import ServiceSettings, SettingsError
from services.gateway.settings import GatewaySettings
from services.posts.settings import PostsSettings


@pytest.fixture(autouse=True)
def empty_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` and no variables but the test's own."""
    monkeypatch.chdir(tmp_path)
    for name in ("PUBLIC_URL", "SECRETS", "LOG_LEVEL", "LOG_FORMAT", "EMBED_HOSTS", "POSTS_DATABASE_URL"):
        monkeypatch.delenv(f"DATELINE_{name}", raising=False)


def test_defaults_are_a_laptop() -> None:
    settings = ServiceSettings.load()
    assert settings.public_url == "http://127.0.0.1:8000"
    assert (settings.secrets, settings.log_format, settings.log_level) == (Path("data/secrets"), "auto", "info")
    assert settings.model_fields_set == set()


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_SECRETS", "/run/dateline")
    monkeypatch.setenv("DATELINE_LOG_FORMAT", "json")
    monkeypatch.setenv("DATELINE_COMMENTS_TIMEOUT_S", "0.25")
    monkeypatch.setenv("SECRETS", "/elsewhere")
    settings = GatewaySettings.load()
    assert (settings.secrets, settings.log_format) == (Path("/run/dateline"), "json")
    assert settings.comments_timeout_s == 0.25


def test_dotenv_file_is_read(tmp_path: Path) -> None:
    lines = ["# the blog", "DATELINE_PUBLIC_URL=https://blog.example", "DATELINE_OF_ANOTHER_SERVICE=1", "OTHER=2"]
    (tmp_path / ".env").write_text("\n".join(lines))
    assert ServiceSettings.load().public_url == "https://blog.example"


def test_file_among_the_secrets_is_read(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://dateline:topsecret@db/posts"
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "dateline_posts_database_url").write_text(f"{url}\n")
    (tmp_path / "secrets" / "gateway").write_text("not a setting")
    assert PostsSettings.load(secrets=tmp_path / "secrets").posts_database_url == url


def test_nearer_sources_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is given, then variables, then `.env`, then files among the secrets."""
    names = ("log_level", "public_url", "log_format", "embed_hosts")
    (tmp_path / "data" / "secrets").mkdir(parents=True)
    for name, value in zip(names, ("error", "https://secret.example", "lines", "secret.example"), strict=True):
        (tmp_path / "data" / "secrets" / f"dateline_{name}").write_text(value)
    dotenv = zip(names, ("warning", "https://dotenv.example", "json"), strict=False)
    (tmp_path / ".env").write_text("".join(f"DATELINE_{name.upper()}={value}\n" for name, value in dotenv))
    for name, value in zip(names, ("info", "https://variable.example"), strict=False):
        monkeypatch.setenv(f"DATELINE_{name.upper()}", value)
    settings = ServiceSettings.load(log_level="debug")
    values = [getattr(settings, name) for name in names]
    assert values == ["debug", "https://variable.example", "json", "secret.example"]


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://blog.example/", "https://blog.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_public_url_is_an_origin(given: str, origin: str) -> None:
    assert ServiceSettings.load(public_url=given).public_url == origin


@pytest.mark.parametrize(
    "given",
    [
        "",
        "blog.example",
        "ftp://blog.example",
        "https://",
        "https:///path",
        "https://blog.example/sub/",
        "https://blog.example?x=1",
        "https://blog.example#top",
        "http://[::1",
        "https://blog.example:port",
        "https://user:password@blog.example",
        "https://blog example",
    ],
)
def test_public_url_that_no_link_can_begin_with_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match=r"^DATELINE_PUBLIC_URL: "):
        ServiceSettings.load(public_url=given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_FORMAT", "pretty"),
        ("LOG_LEVEL", "loud"),
        ("POSTS_TIMEOUT_S", "0"),
        ("RELATED_SHOWN", "many"),
        ("EMBED_HOSTS", "https://host/"),
    ],
)
def test_error_names_the_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"DATELINE_{name}", value)
    with pytest.raises(SettingsError, match=f"^DATELINE_{name}: ") as caught:
        GatewaySettings.load()
    assert "\n" not in str(caught.value)


def test_all_errors_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_POSTS_TIMEOUT_S", "never")
    monkeypatch.setenv("DATELINE_PUBLIC_URL", "nowhere")
    with pytest.raises(SettingsError) as caught:
        GatewaySettings.load()
    assert "DATELINE_POSTS_TIMEOUT_S: " in str(caught.value)
    assert "DATELINE_PUBLIC_URL: " in str(caught.value)


def test_error_does_not_repeat_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a password that went into the wrong variable."""
    monkeypatch.setenv("DATELINE_LOG_FORMAT", "hunter2")
    with pytest.raises(SettingsError) as caught:
        PostsSettings.load()
    assert "hunter2" not in str(caught.value)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ServiceSettings.load().log_level = "debug"  # type: ignore[misc]  # that it is refused is the test
