"""Issues API keys."""

from datetime import datetime

from sqlalchemy import insert

from services.common.database import Writes
from services.posts.domain.tokens import Token
from services.posts.schemas.keys import NewKey
from services.posts.tables import keys


async def issue_key(writes: Writes, new: NewKey, token: Token, now: datetime) -> None:
    await writes.execute(
        insert(keys).values(
            id=token.key_id,
            secret_hash=token.secret_hash,
            scopes=" ".join(sorted(new.scopes)),
            note=new.note,
            created_at=now,
            expires_at=new.expires,
        )
    )
