"""Lists of what moderators block, and what of them a comment has."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from msgspec import Struct, field

from services.comments.domain.block_values import MAX_WORDS, Kind, network_of
from services.comments.domain.said import Said, cut, readable_host

MAX_BLOCKS: Final = 1_000
_REASONS_TOLD: Final = 3


class Block(Struct, frozen=True):
    """`value` as `block_value` gives it."""

    block_id: int
    kind: Kind
    value: str


class _Branch(Struct):
    """What begins with the same words; `block` is of just these."""

    block: Block | None = None
    next: dict[str, "_Branch"] = field(default_factory=dict)

    def along(self, words: Sequence[str]) -> Iterator[Block]:
        branch = self
        for word in words:
            if word not in branch.next:
                return
            branch = branch.next[word]
            if branch.block is not None:
                yield branch.block


class BlockList:
    """Looks up what a comment says instead of going through all that is blocked.

    1,000 blocks and 5,000 characters: 2 ms to read the comment, and then 0.5 ms, or 2 ms where a block begins with each
    letter.
    """

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self._words = _Branch()
        self._by_host: dict[str, dict[tuple[str, ...], Block]] = defaultdict(dict)
        self._by_network: dict[tuple[int, int], dict[int, Block]] = defaultdict(dict)
        self._by_hash: dict[str, Block] = {}
        self._is_empty = True
        add = {"word": self._add_word, "link": self._add_link, "address": self._add_address}
        for block in blocks:
            self._is_empty = False
            add[block.kind](block)

    def _add_word(self, block: Block) -> None:
        branch = self._words
        for word in cut(block.value):
            branch = branch.next.setdefault(word, _Branch())
        branch.block = block

    def _add_link(self, block: Block) -> None:
        host, *steps = block.value.split("/")
        self._by_host[readable_host(host)][tuple(steps)] = block

    def _add_address(self, block: Block) -> None:
        network = network_of(block.value)
        if network is None:
            self._by_hash[block.value] = block
        else:
            start = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
            self._by_network[network.version, network.prefixlen][start] = block

    def matches(
        self, said: Said, address: IPv4Address | IPv6Address | None = None, address_hashes: Collection[str] = ()
    ) -> Sequence[Block]:
        """Each block once, oldest first; `address_hashes` are those that the author's network has had of late."""
        if self._is_empty:
            return ()
        found = (*self._in_words(said), *self._in_links(said), *self._addresses(address), *self._hashes(address_hashes))
        by_id = {block.block_id: block for block in found}
        return [by_id[block_id] for block_id in sorted(by_id)]

    def _in_words(self, said: Said) -> Iterator[Block]:
        if not self._words.next:
            return
        for first in said.places.keys() & self._words.next.keys():
            for start in said.places[first]:
                yield from self._words.along(said.words[start : start + MAX_WORDS])

    def _in_links(self, said: Said) -> Iterator[Block]:
        if not self._by_host:
            return
        for host in said.hosts.keys() & self._by_host.keys():
            by_path = self._by_host[host]
            if () in by_path:
                yield by_path[()]
            if by_path.keys() != {()}:
                begun = {steps[:depth] for steps in said.paths(host) for depth in range(1, len(steps) + 1)}
                yield from (by_path[steps] for steps in begun & by_path.keys())

    def _addresses(self, address: IPv4Address | IPv6Address | None) -> Iterator[Block]:
        if address is None:
            return
        plain = (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
        for (version, length), networks in self._by_network.items():
            start = int(plain) >> (plain.max_prefixlen - length) if version == plain.version else None
            if start in networks:
                yield networks[start]

    def _hashes(self, address_hashes: Collection[str]) -> Iterator[Block]:
        return (self._by_hash[one] for one in address_hashes if one in self._by_hash)


def reasons(found: Sequence[Block]) -> tuple[str, ...]:
    """Sentences for moderators, up to three. They are kept with the comment, and no address is."""
    return tuple(dict.fromkeys(map(_reason, found)))[:_REASONS_TOLD]


def _reason(block: Block) -> str:
    if block.kind == "address":
        return "It comes from a blocked address."
    name = "link" if block.kind == "link" else "words" if " " in block.value else "word"
    return f"It has the blocked {name} “{block.value}”."
