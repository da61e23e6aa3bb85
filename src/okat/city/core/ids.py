"""Names for rows: time-ordered ids that a phone may make offline, and short receipts that people read aloud."""

import secrets
import time
import uuid

# No I, L, O, U, 0 or 1: they are misread over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562, section 5.7): sorts by the time it was made."""
    value = (int(time.time() * 1000) & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def receipt(length: int = 9) -> str:
    """Random, in groups of three: `K7Q-2M4-XXP`; 30^9 of them."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(length))
    return "-".join(letters[i : i + 3] for i in range(0, length, 3))
