"""The lottery that breaks equal scores: anyone with the seed can draw it again."""

from hashlib import sha256


def lottery_number(seed: str, applicant: str) -> int:
    """SHA-256 of the UTF-8 text `seed|applicant`, read as a big-endian number; the smaller number goes
    first."""
    return int.from_bytes(sha256(f"{seed}|{applicant}".encode()).digest(), "big")
