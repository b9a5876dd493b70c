"""One event loop for all tests of a process, so that connections may be kept from test to test."""

import asyncio


class KeptLoop(asyncio.SelectorEventLoop):
    """Each test's runner ends what the test left running, and takes this loop for closed; `end` closes it."""

    async def shutdown_asyncgens(self) -> None:
        await super().shutdown_asyncgens()
        self._asyncgens_shutdown_called = False

    async def shutdown_default_executor(self) -> None:
        await super().shutdown_default_executor()
        self._executor_shutdown_called, self._default_executor = False, None

    def close(self) -> None:
        """What was to be called later would be called in another test."""
        for handle in self._scheduled:  # type: ignore[attr-defined]  # no part of its interface
            handle.cancel()

    def end(self) -> None:
        super().close()
