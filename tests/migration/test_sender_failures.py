"""An import that cannot go on says why in a sentence, whatever it met."""

from collections.abc import Callable

import httpx
import pytest

from services.migration.calls import ImportFailed
from services.migration.demo import demo_export
from services.migration.report import Report
from services.migration.sender import Sender
from tests.stack import Stack

Answer = Callable[[httpx.Request], httpx.Response]


class Silent:
    """Progress that nobody looks at."""

    def start(self, what: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, count: int) -> None:
        """Nothing."""


async def failure(client: httpx.AsyncClient) -> str:
    with pytest.raises(ImportFailed) as caught:
        await Sender(client, Silent(), Report()).send(demo_export())
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def answering(answer: Answer) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="https://blog.example")


async def test_import_without_a_key_is_refused(stack: Stack) -> None:
    sentence = await failure(stack.reader)
    assert sentence.startswith("Dateline refused to import blog: A valid API key is needed.")


async def test_import_with_an_unknown_key_is_refused(stack: Stack) -> None:
    sentence = await failure(stack.client({"Authorization": "Bearer dl_000000000000_topsecret_00000000"}))
    assert "not known" in sentence
    assert "topsecret" not in sentence


async def test_import_with_another_scope_is_told_which_it_needs(stack: Stack) -> None:
    sentence = await failure(await stack.key("posts:write"))
    assert sentence.startswith("Dateline refused to import blog: This is not allowed.")
    assert "import:run" in sentence


async def test_service_that_is_down_is_told(stack: Stack) -> None:
    stack.take_away("comments")
    sentence = await failure(stack.operator)
    assert sentence.startswith("Dateline refused to import comments: This is not available at the moment.")


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.UnsupportedProtocol]
)
async def test_silence_names_the_server(error: type[httpx.TransportError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("broken", request=request)

    async with answering(fail) as client:
        assert await failure(client) == f"Dateline does not answer at https://blog.example ({error.__name__})"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(502, html="<h1>Bad Gateway</h1>"), "502"),
        (httpx.Response(500), "500"),
        (httpx.Response(404, json={"detail": "Not Found"}), "404"),
        (httpx.Response(400, json=["odd"]), "400"),
        (httpx.Response(413, text="Content Too Large"), "413"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_refusal_without_a_problem_tells_its_status(answer: httpx.Response, told: str) -> None:
    async with answering(lambda _request: answer) as client:
        assert told in await failure(client)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(301, headers={"Location": "https://blog.example/api/v1/import/blog"}),
        httpx.Response(200, html="<h1>Another site</h1>"),
        httpx.Response(200, json={"unexpected": True}),
        httpx.Response(204),
    ],
    ids=["redirect", "page", "other-json", "nothing"],
)
async def test_server_that_is_not_dateline_is_told(answer: httpx.Response) -> None:
    """An http:// URL that leads to https://, or another site's address."""
    async with answering(lambda _request: answer) as client:
        assert "Dateline" in await failure(client)
