"""API keys as text: `dl_<id>_<secret>_<checksum>`, opaque and easy for secret scanners to find."""

import hashlib
import hmac
import re
import secrets
import zlib
from typing import Final

from msgspec import Struct

_FORM: Final = re.compile(r"dl_(?P<id>[0-9a-f]{12})_(?P<secret>[0-9a-f]{64})_[0-9a-f]{8}")
_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 32


class Token(Struct, frozen=True):
    key_id: str
    secret: str

    @classmethod
    def new(cls) -> "Token":
        return cls(secrets.token_hex(_ID_BYTES), secrets.token_hex(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "Token | None":
        """None for text that is no key or was mistyped: the checksum tells without asking the database."""
        if (parts := _FORM.fullmatch(text)) is None:
            return None
        token = cls(parts["id"], parts["secret"])
        return token if hmac.compare_digest(str(token), text) else None

    @property
    def secret_hash(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def __str__(self) -> str:
        head = f"dl_{self.key_id}_{self.secret}"
        return f"{head}_{zlib.crc32(head.encode()):08x}"
