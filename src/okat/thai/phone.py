"""Thai telephone numbers: mobile 06/08/09 with 10 digits, area numbers 02-07 with 9 digits, short numbers
and 1xxx call centres."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from okat.thai.digits import to_arabic
from okat.thai.errors import ThaiValueError
from okat.thai.text import normalise

Kind = Literal["mobile", "area", "short"]

_LIMIT = 200
_EXTENSION = re.compile(r"(?:ต่อ|ext\.?|#)\s?(\d{1,6}(?:\s?[-,]\s?\d{1,6})*)\s*$", re.I)
_LABEL = re.compile(r"^(?:โทรศัพท์|โทร|เบอร์(?:โทร)?|มือถือ|tel|phone|mobile)?[.:\s]*", re.I)
_SEPARATORS = re.compile(r"[\s\-–—.()]")
_BETWEEN = re.compile(r"\s*(?:,|/|;|\n|หรือ|และ|\bor\b)\s*", re.I)
_MOBILE = re.compile(r"0[689]\d{8}")
_AREA = re.compile(r"0[2-7]\d{7}")
_SHORT = re.compile(r"1\d{2,3}")


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` in digits as dialled inside Thailand; `zero_added` when a spreadsheet had dropped the
    leading 0."""

    number: str
    kind: Kind
    extension: str = ""
    zero_added: bool = False

    @property
    def e164(self) -> str | None:
        """+66..., or None for short numbers, which cannot be dialled from abroad."""
        return None if self.kind == "short" else f"+66{self.number[1:]}"

    def formatted(self) -> str:
        """081-234-5678, 02-123-4567, 043-123-456, 1300; the extension after ต่อ."""
        n = self.number
        if self.kind == "short":
            text = n
        elif self.kind == "mobile":
            text = f"{n[:3]}-{n[3:6]}-{n[6:]}"
        else:
            split = 2 if n.startswith("02") else 3
            text = f"{n[:split]}-{n[split : split + 3]}-{n[split + 3 :]}"
        return f"{text} ต่อ {self.extension}" if self.extension else text


def parse_phone(value: object) -> Phone:
    """Reads one number: Thai digits, +66, brackets, hyphens, "ต่อ 12", or a spreadsheet's number without
    its leading 0.

    Raises ThaiValueError (phone_unreadable).
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = to_arabic(normalise(str(value)))
    if len(text) > _LIMIT or isinstance(value, bool):
        raise ThaiValueError("phone_unreadable", text)
    found = _EXTENSION.search(text)
    extension = found[1].replace(" ", "") if found else ""
    bare = _SEPARATORS.sub("", _LABEL.sub("", text[: found.start()] if found else text))
    digits = re.sub(r"^(?:\+66|0066|66(?=\d{8,9}$))0?", "0", bare)
    kind, zero = _kind(digits), False
    if kind is None and re.fullmatch(r"[2-9]\d{7,8}", digits):
        digits, zero = f"0{digits}", True
        kind = _kind(digits)
    if kind is None:
        raise ThaiValueError("phone_unreadable", text)
    return Phone(digits, kind, extension, zero)


def _kind(digits: str) -> Kind | None:
    if _MOBILE.fullmatch(digits):
        return "mobile"
    if _AREA.fullmatch(digits):
        return "area"
    return "short" if _SHORT.fullmatch(digits) else None


def parse_phones(value: object) -> list[Phone]:
    """Every number of a cell that holds several ("081-234-5678, 043-123456"). Raises ThaiValueError if any
    is unreadable."""
    if not isinstance(value, str) or len(value) > _LIMIT:
        return [parse_phone(value)]
    return [parse_phone(part) for part in _BETWEEN.split(normalise(value, keep_lines=True)) if part]
