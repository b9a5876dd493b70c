"""Locks by name that hold until a transaction ends."""

from sqlalchemy import text

from services.common.database import Writes


async def hold_lock(writes: Writes, name: str) -> None:
    """Waits for others who hold this name. SQLite has one writer and needs no lock."""
    if writes.dialect.name == "postgresql":
        await writes.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
