"""Databases of a posts service that was not updated yet."""

from dataclasses import dataclass
from pathlib import Path

from services.common.database import Work
from services.common.migrate import migrate
from services.common.open_database import open_database
from tests.databases import MIGRATIONS, Databases


@dataclass
class AsBefore:
    """Its first migrations have run, and then it was filled."""

    databases: Databases
    migrations: int
    fill: Work[None]

    async def fresh(self, service: str, folder: Path) -> str:
        if service != "posts":
            return await self.databases.fresh(service, folder)
        url = await self.databases.empty(folder)
        (folder / "old" / "versions").mkdir(parents=True)
        for script in sorted((MIGRATIONS[service] / "versions").glob("2*.py"))[: self.migrations]:
            (folder / "old" / "versions" / script.name).write_text(script.read_text())
        database = await open_database(url)
        await migrate(database, folder / "old")
        await database.write(self.fill)
        await database.close()
        return url

    async def empty(self, folder: Path) -> str:
        return await self.databases.empty(folder)

    def take_back(self) -> None:
        self.databases.take_back()
