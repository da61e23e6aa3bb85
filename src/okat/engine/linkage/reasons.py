"""The reason for a suggestion, said in plain Thai or English."""

from typing import Literal

from okat.engine.linkage.score import Part, Score
from okat.engine.linkage.weights import MISSING

Language = Literal["th", "en"]

SENTENCES: dict[tuple[str, str], dict[Language, str]] = {
    ("pin", "same"): {"th": "เลขประจำตัวตรงกัน", "en": "same identity number"},
    ("pin", "different"): {"th": "เลขประจำตัวไม่ตรงกัน", "en": "identity numbers differ"},
    ("given", "same"): {"th": "ชื่อตรงกัน", "en": "same given name"},
    ("given", "spelling"): {"th": "ชื่อเดียวกันแต่สะกดต่างกัน", "en": "same given name, spelt differently"},
    ("given", "turned"): {"th": "ชื่อกับนามสกุลสลับช่องกัน", "en": "given and family name are the other way round"},
    ("given", "near"): {"th": "ชื่อต่างกัน {letters} ตัวอักษร", "en": "given name differs in {count}"},
    ("given", "similar"): {
        "th": "ชื่อคล้ายกัน (ต่างกัน {letters} ตัวอักษร)",
        "en": "given names are alike ({count} differ)",
    },
    ("given", "different"): {"th": "ชื่อต่างกัน", "en": "given names differ"},
    ("birth", "same"): {"th": "วันเกิดตรงกัน", "en": "same birth date"},
    ("birth", "turned"): {"th": "วันกับเดือนเกิดสลับกัน", "en": "day and month of birth are the other way round"},
    ("birth", "near-year"): {
        "th": "วันและเดือนเกิดตรงกัน แต่ปีเกิดต่างกันเล็กน้อย",
        "en": "same birthday, the year differs slightly",
    },
    ("birth", "near-day"): {
        "th": "ปีเกิดตรงกัน แต่วันหรือเดือนเกิดต่างกัน",
        "en": "same birth year, but the day or the month differs",
    },
    ("birth", "year"): {"th": "ปีเกิดตรงกัน", "en": "same birth year"},
    ("birth", "year-near"): {"th": "ปีหรือเดือนเกิดใกล้เคียงกัน", "en": "birth year or month is close"},
    ("birth", "day-only"): {"th": "วันและเดือนเกิดตรงกัน ไม่ทราบปี", "en": "same birthday, year unknown"},
    ("birth", "different"): {"th": "วันเกิดต่างกัน", "en": "birth dates differ"},
    ("household", "home-and-name"): {
        "th": "นามสกุลตรงหรือใกล้เคียงกัน และบ้านหรือโทรศัพท์เดียวกัน",
        "en": "same or nearly the same family name, and same house or telephone",
    },
    ("household", "home"): {
        "th": "บ้านหรือโทรศัพท์เดียวกัน แต่นามสกุลไม่ตรงกัน",
        "en": "same house or telephone, but not the same family name",
    },
    ("household", "name"): {
        "th": "นามสกุลตรงหรือใกล้เคียงกัน แต่บ้านและโทรศัพท์ไม่ตรงกันหรือไม่ทราบ",
        "en": "same or nearly the same family name; house and telephone differ or are unknown",
    },
    ("household", "none"): {
        "th": "นามสกุล บ้าน และโทรศัพท์ที่ทราบ ไม่ตรงกันเลย",
        "en": "no known family name, house or telephone in common",
    },
    ("sex", "same"): {"th": "เพศตรงกัน", "en": "same sex"},
    ("sex", "different"): {"th": "เพศต่างกัน", "en": "sex differs"},
}
UNKNOWN_FACT: dict[Language, str] = {"th": "ไม่มีข้อมูลให้เทียบ", "en": "nothing to compare"}
BANDS: dict[str, dict[Language, str]] = {
    "likely": {"th": "น่าจะเป็นคนเดียวกัน", "en": "probably the same person"},
    "possible": {"th": "อาจเป็นคนเดียวกัน", "en": "possibly the same person"},
    "unlikely": {"th": "ไม่น่าใช่คนเดียวกัน", "en": "probably not the same person"},
}


def say_part(part: Part, language: Language) -> str:
    """One comparison as a phrase, such as "given name differs in one letter"."""
    if part.level == MISSING:
        return UNKNOWN_FACT[language]
    count = "one letter" if part.letters == 1 else f"{part.letters} letters"
    return SENTENCES[part.comparison, part.level][language].format(letters=part.letters, count=count)


def say(score: Score, language: Language) -> str:
    """The band and its reasons, the weightiest first; what is unknown is left out.

    In English: "probably the same person: same birth date; given name differs in one letter".
    """
    told = sorted((p for p in score.parts if p.level != MISSING), key=lambda p: -abs(p.weight))
    phrases = "; ".join(say_part(part, language) for part in told)
    band = BANDS[score.band][language]
    return f"{band}: {phrases}" if phrases else band
