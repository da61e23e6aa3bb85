"""Official area codes: province (2 digits), district (4), sub-district (6), village (8); names from
geothai's data.

Municipal communities carry a second code in which the last two digits count from 99 downwards in some
registers; such a code has the same 8 digits and is kept as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Literal

from okat.thai.digits import to_arabic
from okat.thai.errors import Lang, ThaiValueError
from okat.thai.text import normalise

Level = Literal["province", "district", "subdistrict", "village"]
_LEVELS: dict[int, Level] = {2: "province", 4: "district", 6: "subdistrict", 8: "village"}


@dataclass(frozen=True, slots=True)
class AreaCode:
    """A code of 2, 4, 6 or 8 digits. Being well formed does not mean that the area exists: see
    `area_name`."""

    code: str

    def __post_init__(self) -> None:
        if len(self.code) not in _LEVELS or not (self.code.isascii() and self.code.isdecimal()):
            raise ThaiValueError("area_code", self.code)

    @property
    def level(self) -> Level:
        """province, district, subdistrict or village."""
        return _LEVELS[len(self.code)]

    @property
    def parent(self) -> AreaCode | None:
        """The area that contains it, or None for a province."""
        return AreaCode(self.code[:-2]) if len(self.code) > 2 else None

    def within(self, other: AreaCode) -> bool:
        """Whether it lies in the other area or is that area."""
        return self.code.startswith(other.code)


def parse_area_code(value: object) -> AreaCode:
    """Reads a code from text or a spreadsheet's number; Thai digits and the "TH" of COD-AB codes are
    accepted.

    Raises ThaiValueError (area_code).
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = to_arabic(normalise(str(value))).replace(" ", "").replace("-", "")
    return AreaCode(text.removeprefix("TH").removeprefix("th"))


def area_name(code: AreaCode, lang: Lang = "th") -> str | None:
    """The official name of a province, district or sub-district, or None if the code is not in use
    (villages: always)."""
    import geothai

    finders = {2: geothai.province, 4: geothai.district, 6: geothai.subdistrict}
    finder = finders.get(len(code.code))
    area = finder(code.code) if finder else None
    if area is None:
        return None
    return area.name_th if lang == "th" else area.name_en


def find_subdistricts(name: str, *, district: str | None = None, province: str | None = None) -> list[AreaCode]:
    """Sub-districts of that name (Thai or English, with or without "ตำบล" or "ต."), narrowed by district
    and province.

    One result is an answer; several need another argument; none means that the name is not in use.
    """
    import geothai

    found = geothai.match(normalise(name), district=district or None, province=province or None)
    return [AreaCode(address.subdistrict.code) for address in found]


@cache
def postcode_of(code: str) -> str:
    """The postcode of an area by its official code; the first where a sub-district has several, of a district (or
    province, by its first district) the one that most of its sub-districts have; empty for a code not in use."""
    import geothai

    if len(code) >= 6:
        found = geothai.subdistrict(code[:6])
        return found.postal_codes[0] if found and found.postal_codes else ""
    district = code if len(code) == 4 else f"{code[:2]}01"
    codes = Counter(each.postal_codes[0] for each in geothai.subdistricts(district) if each.postal_codes)
    return max(sorted(codes), key=codes.__getitem__, default="")


def areas_of_postcode(postcode: str) -> tuple[str, ...]:
    """Codes of the sub-districts of a postcode; none for one that is not in use."""
    import geothai

    return tuple(each.code for each in geothai.by_postal_code(postcode))
