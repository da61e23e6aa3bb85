"""The tree against RFC 6962's own definition, and paths that lead only where they should."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from okat.engine.proof import tree


def defined(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined(leaves[:split]) + defined(leaves[split:])).digest()


LEAVES = st.lists(st.binary(max_size=4), max_size=40)


@given(LEAVES)
def test_the_root_is_the_one_of_the_standard(leaves: list[bytes]) -> None:
    assert tree.root(leaves) == defined(leaves).hex()


@given(LEAVES, st.data())
def test_each_path_leads_from_its_leaf_to_the_root_and_no_other_does(leaves: list[bytes], data: st.DataObject) -> None:
    if not leaves:
        return
    at = data.draw(st.integers(0, len(leaves) - 1))
    way, root = tree.path(leaves, at), tree.root(leaves)
    assert tree.climb(leaves[at], at, len(leaves), way) == root
    assert tree.climb(leaves[at] + b"x", at, len(leaves), way) != root
    assert tree.climb(leaves[at], len(leaves), len(leaves), way) is None
    assert tree.climb(leaves[at], at, len(leaves), [*way, "00"]) is None
    if way:
        assert tree.climb(leaves[at], at, len(leaves), way[:-1]) is None
        assert tree.climb(leaves[at], at, len(leaves), ["no hash", *way[1:]]) is None
