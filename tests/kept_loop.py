"""One event loop for all tests of a process, of the kind that services run on, for connections that are kept."""

from concurrent.futures import ThreadPoolExecutor

import uvloop


class KeptLoop(uvloop.Loop):
    """Each test's runner cancels what the test left running, and takes this loop for closed; `end` closes it."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor()
        self.set_default_executor(self._threads)

    async def shutdown_asyncgens(self) -> None:
        """Would be for ever."""

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109, ARG002 as asyncio has it
        self._threads.shutdown()
        self._threads = ThreadPoolExecutor()
        self.set_default_executor(self._threads)

    def close(self) -> None:
        pass

    def end(self) -> None:
        super().close()
