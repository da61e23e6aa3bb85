"""A Merkle tree as RFC 6962 has it: one root binds a list of leaves, and a short path proves that a leaf stands in it.

The root says nothing about a leaf that is salted; leaves and inner nodes are hashed apart, so that no node can pose as
a leaf.
"""

from collections.abc import Sequence
from hashlib import sha256


def root(leaves: Sequence[bytes]) -> str:
    """The tree's head, in hex; of no leaves the hash of nothing."""
    return _head([_leaf(each) for each in leaves]).hex()


def path(leaves: Sequence[bytes], index: int) -> list[str]:
    """The hashes, in hex and from below, with which `leaves[index]` leads to the root. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    level, found = [_leaf(each) for each in leaves], []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            found.append(level[beside].hex())
        level, index = _above(level), index // 2
    return found


def climb(leaf: bytes, index: int, size: int, way: Sequence[str]) -> str | None:
    """The root to which the path leads from the leaf at `index` of `size` leaves; None for anything odd."""
    try:
        steps = iter([bytes.fromhex(each) for each in way])
    except (TypeError, ValueError):
        return None
    if not 0 <= index < size:
        return None
    here = _leaf(leaf)
    while size > 1:
        if index ^ 1 < size:
            beside = next(steps, None)
            if beside is None:
                return None
            here = _node(beside, here) if index % 2 else _node(here, beside)
        index, size = index // 2, (size + 1) // 2
    return here.hex() if next(steps, None) is None else None


def _head(level: list[bytes]) -> bytes:
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else sha256(b"").digest()


def _above(level: list[bytes]) -> list[bytes]:
    """The next level: pairs joined; one that is left over goes up as it is, which gives RFC 6962's split at the
    largest power of two."""
    found = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*found, level[-1]] if len(level) % 2 else found


def _leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
