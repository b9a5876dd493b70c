"""Makes hashes of networks. Their salts are in the database, so that all processes make the same ones."""

import secrets
from datetime import datetime
from functools import partial
from typing import Final

from msgspec import Struct, field
from sqlalchemy import delete, select

from services.comments.domain.addresses import SALT_LASTS, Address, network_hash, period_of, periods_for_quotas
from services.comments.tables import address_salts
from services.common.database import Database, Writes
from services.common.upsert import insert_missing

_SALT_BYTES: Final = 32


class AddressHashes(Struct, frozen=True):
    database: Database
    secret: str
    _salts: dict[int, bytes] = field(default_factory=dict)

    async def of(self, address: Address | None, now: datetime) -> tuple[str, ...]:
        """The present hash of its network, then those under which it wrote within a day; none of no address."""
        if address is None:
            return ()
        salts = [await self._salt(period) for period in periods_for_quotas(now)]
        return tuple(network_hash(address, self.secret, salt) for salt in salts)

    async def _salt(self, period: int) -> bytes:
        """Kept in memory only once it is durable: a hash by a salt that was lost would be nobody's."""
        if period not in self._salts:
            self._salts[period] = await self.database.write(partial(_stored_salt, period=period))
        return self._salts[period]


async def _stored_salt(writes: Writes, period: int) -> bytes:
    fresh = {"period": period, "salt": secrets.token_bytes(_SALT_BYTES)}
    await insert_missing(writes, address_salts, [fresh], on="period")
    stored = await writes.execute(select(address_salts.c.salt).where(address_salts.c.period == period))
    return bytes(stored.scalar_one())


async def forget_salts(writes: Writes, now: datetime) -> int:
    """Once no quota needs them: nobody can tell then which networks the hashes are of."""
    old = address_salts.c.period < period_of(now - SALT_LASTS)
    return (await writes.execute(delete(address_salts).where(old))).rowcount
