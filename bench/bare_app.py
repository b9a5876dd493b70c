"""The yardstick: an ASGI app that returns ready bytes, under the same uvicorn as Dateline's gateway."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from services.cli.listening import listen
from services.cli.running import everything_is_loaded, run_async
from services.cli.serving import _Server, server_config
from services.common.settings import ServiceSettings


class BareApp:
    """`answers` by path."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = {
            path: (
                {
                    "type": "http.response.start",
                    "status": status,
                    "headers": [(bytes.fromhex(name), bytes.fromhex(value)) for name, value in headers],
                },
                {"type": "http.response.body", "body": bytes.fromhex(body)},
            )
            for path, (status, headers, body) in answers.items()
        }

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        start, body = self._answers[scope["path"]]
        await send(start)
        await send(body)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("answers", type=Path)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    app = BareApp(json.loads(given.answers.read_text()))
    listening = listen("127.0.0.1", given.port)
    config = server_config(app, ServiceSettings.load())
    config.lifespan = "off"
    everything_is_loaded()

    async def run() -> None:
        await asyncio.sleep(0)
        await _Server(config).serve(sockets=[listening])

    run_async(run())


if __name__ == "__main__":
    main()
