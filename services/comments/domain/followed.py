"""What is known here of a post, and what follows for its thread."""

from typing import Literal

from msgspec import Struct

Policy = Literal["open", "closed", "hidden"]


class FollowedPost(Struct, frozen=True):
    """As of a version of the post. The feed may lag behind: who has seen a newer version is believed."""

    is_live: bool
    policy: Policy
    version: int

    def shows_thread(self, seen_version: int | None) -> bool:
        return self._is_older(seen_version) or (self.is_live and self.policy != "hidden")

    def exists(self, seen_version: int | None) -> bool:
        return self._is_older(seen_version) or self.is_live

    def takes_comments(self, seen_version: int | None) -> bool:
        return self._is_older(seen_version) or self.policy == "open"

    def _is_older(self, seen_version: int | None) -> bool:
        return seen_version is not None and seen_version > self.version
