"""Codes on slips: sixteen letters and digits that are read aloud and typed by hand. No ORM here."""

import datetime as dt
import secrets
import unicodedata
from enum import StrEnum

from okat.thai.digits import to_arabic

# Crockford's base 32: no I, L, O or U; whoever reads one of the first three means 1 or 0.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("ILO", "110")
RANDOM = 15  # letters of 5 bits; nobody guesses 75
CODE_DAYS = 30  # from printing
OPEN_TIME = dt.timedelta(minutes=30)  # so long an opened page stays, in the browser that opened it


class State(StrEnum):
    """What a code is worth: `newer`: another slip was printed since; `over`: its time, or what it opens, has ended."""

    FRESH = "fresh"
    USED = "used"
    NEWER = "newer"
    OVER = "over"


def new_code() -> str:
    """`K7Q2-M4XX-PA93-01ZB`; its last letter lets most slips of the pen be seen."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return grouped(letters + _check(letters))


def grouped(letters: str) -> str:
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def read_code(text: str) -> str:
    """The code as somebody typed it (Thai digits, small letters, O for 0, any dashes and spaces), in its own form;
    empty where it is not a whole code."""
    plain = to_arabic(unicodedata.normalize("NFKC", text[:200])).upper().translate(_MEANT)
    letters = "".join(each for each in plain if each.isalnum())
    whole = len(letters) == RANDOM + 1 and set(letters) <= set(ALPHABET)
    return grouped(letters) if whole and letters[-1] == _check(letters[:-1]) else ""


def _check(letters: str) -> str:
    return ALPHABET[sum(at * ALPHABET.index(each) for at, each in enumerate(letters, 1)) % 31]
