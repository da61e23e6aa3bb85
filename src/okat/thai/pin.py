"""The national identity number (13 digits): a check of its format only, never proof of identity.

The check digit is weak: the third digit does not count at all (its weight is 0 modulo 11), and measured on
random numbers
9.6 % of single-digit errors and 2.0 % of swapped neighbours pass. So a wrong check digit is a flag for a
person to look
at, a right one proves nothing. Numbers that begin with 0 (registers of people without nationality) are
accepted and flagged; python-stdnum, whose check digit is used, would refuse them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from stdnum.th import pin as stdnum_pin

from okat.thai.digits import to_arabic
from okat.thai.errors import ThaiValueError
from okat.thai.text import normalise

PinFlag = Literal["check_digit", "first_digit_0", "first_digit_9", "zeros"]

LENGTH = 13
_ZEROS = "0" * 5  # at its end: of 100,000 numbers one by chance, and each that a spreadsheet shortened and wrote again
_SEPARATORS = re.compile(r"[\s\-–—.']")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.I)


@dataclass(frozen=True, slots=True)
class Pin:
    """13 digits and what is unusual about them."""

    digits: str
    flags: frozenset[PinFlag] = frozenset()

    def formatted(self) -> str:
        """As printed on the card: 1-2345-67890-12-1."""
        return str(stdnum_pin.format(self.digits))

    def masked(self) -> str:
        """For screens that must not show the number: only the last three digits."""
        return f"x-xxxx-xxxxx-{self.digits[10:12]}-{self.digits[12]}"


def parse_pin(value: object) -> Pin:
    """Reads a number with or without hyphens, in Thai or Arabic digits, from text or from a spreadsheet's
    number.

    Raises ThaiValueError (pin_length, pin_characters, pin_scientific, pin_one_digit); never repeats the number in a
    message.
    """
    if isinstance(value, bool) or (isinstance(value, float) and not (math.isfinite(value) and value.is_integer())):
        raise ThaiValueError("pin_characters")
    text = str(int(value)) if isinstance(value, float) else str(value)
    if len(text) > 100:
        raise ThaiValueError("pin_characters")
    bare = _SEPARATORS.sub("", to_arabic(normalise(text)))
    if _SCIENTIFIC.fullmatch(to_arabic(normalise(text))):
        raise ThaiValueError("pin_scientific")
    if not re.fullmatch(r"[0-9]*", bare):
        raise ThaiValueError("pin_characters")
    if len(bare) != LENGTH:
        raise ThaiValueError("pin_length", count=len(bare))
    if len(set(bare)) == 1:  # what is typed to fill a box: of nobody, and the same for all
        raise ThaiValueError("pin_one_digit")
    return Pin(bare, _flags(bare))


def _flags(digits: str) -> frozenset[PinFlag]:
    flags: set[PinFlag] = set()
    if stdnum_pin.calc_check_digit(digits) != digits[-1]:
        flags.add("check_digit")
    if digits.endswith(_ZEROS):
        flags.add("zeros")
    if digits[0] == "0":
        flags.add("first_digit_0")
    if digits[0] == "9":
        flags.add("first_digit_9")
    return frozenset(flags)
