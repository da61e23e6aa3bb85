"""Personal names as Thai people write them: a title, a given name and mostly, not always, a family name.

A title is taken only where it is written; it is never guessed from a name. Nothing is assumed about family
names: many
people on these lists have none, monks and hill peoples use others, and "ณ" or "de" belongs to what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from okat.thai.asides import Parted, part
from okat.thai.errors import ThaiValueError
from okat.thai.text import normalise

# Written form -> the form that is stored. Forms that may be glued to the name ("นายสมชาย") are marked in
# _GLUED.
CIVIL = {
    "นาย": "นาย", "นาง": "นาง", "นางสาว": "นางสาว", "น.ส.": "นางสาว", "นส.": "นางสาว",
    "เด็กชาย": "เด็กชาย", "ด.ช.": "เด็กชาย", "ดช.": "เด็กชาย",
    "เด็กหญิง": "เด็กหญิง", "ด.ญ.": "เด็กหญิง", "ดญ.": "เด็กหญิง", "คุณ": "คุณ", "Mr.": "Mr.", "Mr": "Mr.",
    "Mrs.": "Mrs.", "Mrs": "Mrs.", "Miss": "Miss",
    "Ms.": "Ms.", "Ms": "Ms.",
}  # fmt: skip
ACADEMIC = {
    "ดร.": "ดร.", "ผศ.": "ผศ.", "รศ.": "รศ.", "ศ.": "ศ.", "ผู้ช่วยศาสตราจารย์": "ผศ.",
    "รองศาสตราจารย์": "รศ.", "ศาสตราจารย์": "ศ.",
    "ดอกเตอร์": "ดร.", "อาจารย์": "อาจารย์", "อ.": "อาจารย์", "Dr.": "Dr.", "Prof.": "Prof.", "นพ.": "นพ.",
    "พญ.": "พญ.", "ทพ.": "ทพ.", "ทพญ.": "ทพญ.",
    "ภก.": "ภก.", "ภญ.": "ภญ.", "สพ.ญ.": "สพ.ญ.", "น.สพ.": "น.สพ.", "พว.": "พว.", "นายแพทย์": "นพ.",
    "แพทย์หญิง": "พญ.",
}  # fmt: skip
RELIGIOUS = {
    "พระ": "พระ", "พระครู": "พระครู", "พระมหา": "พระมหา", "พระอธิการ": "พระอธิการ",
    "พระอาจารย์": "พระอาจารย์", "พระครูสมุห์": "พระครูสมุห์",
    "พระครูปลัด": "พระครูปลัด", "พระปลัด": "พระปลัด", "พระสมุห์": "พระสมุห์", "พระใบฎีกา": "พระใบฎีกา",
    "สามเณร": "สามเณร", "แม่ชี": "แม่ชี",
}  # fmt: skip
ROYAL = {
    "หม่อมราชวงศ์": "ม.ร.ว.", "ม.ร.ว.": "ม.ร.ว.", "หม่อมหลวง": "ม.ล.", "ม.ล.": "ม.ล.", "หม่อมเจ้า": "ม.จ.",
    "ม.จ.": "ม.จ.", "คุณหญิง": "คุณหญิง",
    "ท่านผู้หญิง": "ท่านผู้หญิง", "ว่าที่": "ว่าที่",
}  # fmt: skip
_RANKS = {
    "พลเอก": "พล.อ.", "พลโท": "พล.ท.", "พลตรี": "พล.ต.", "พันเอก": "พ.อ.", "พันโท": "พ.ท.",
    "พันตรี": "พ.ต.", "ร้อยเอก": "ร.อ.", "ร้อยโท": "ร.ท.",
    "ร้อยตรี": "ร.ต.", "จ่าสิบเอก": "จ.ส.อ.", "จ่าสิบโท": "จ.ส.ท.", "จ่าสิบตรี": "จ.ส.ต.",
    "สิบเอก": "ส.อ.", "สิบโท": "ส.ท.", "สิบตรี": "ส.ต.", "พลทหาร": "พลฯ",
    "พลตำรวจเอก": "พล.ต.อ.", "พลตำรวจโท": "พล.ต.ท.", "พลตำรวจตรี": "พล.ต.ต.", "พันตำรวจเอก": "พ.ต.อ.",
    "พันตำรวจโท": "พ.ต.ท.",
    "พันตำรวจตรี": "พ.ต.ต.", "ร้อยตำรวจเอก": "ร.ต.อ.", "ร้อยตำรวจโท": "ร.ต.ท.", "ร้อยตำรวจตรี": "ร.ต.ต.",
    "ดาบตำรวจ": "ด.ต.",
    "จ่าสิบตำรวจ": "จ.ส.ต.", "สิบตำรวจเอก": "ส.ต.อ.", "สิบตำรวจโท": "ส.ต.ท.", "สิบตำรวจตรี": "ส.ต.ต.",
    "นาวาเอก": "น.อ.", "นาวาโท": "น.ท.", "นาวาตรี": "น.ต.", "เรือเอก": "ร.อ.", "เรือโท": "ร.ท.",
    "เรือตรี": "ร.ต.", "พันจ่าเอก": "พ.จ.อ.", "จ่าเอก": "จ.อ.",
    "พลอากาศเอก": "พล.อ.อ.", "พลอากาศโท": "พล.อ.ท.", "พลอากาศตรี": "พล.อ.ต.", "นาวาอากาศเอก": "น.อ.",
    "นาวาอากาศโท": "น.ท.",
    "นาวาอากาศตรี": "น.ต.", "เรืออากาศเอก": "ร.อ.", "เรืออากาศโท": "ร.ท.", "เรืออากาศตรี": "ร.ต.",
    "พันจ่าอากาศเอก": "พ.อ.อ.",
}  # fmt: skip
RANKS = {**_RANKS, **{short: short for short in _RANKS.values()}}

TITLES: dict[str, str] = {**CIVIL, **ACADEMIC, **RELIGIOUS, **ROYAL, **RANKS}
_LONGEST_FIRST = sorted(TITLES, key=len, reverse=True)
_GLUED = {"นาย", "นาง", "นางสาว", "ว่าที่"}
_GLUED_LENGTH = 6  # spelt-out ranks and titles are long enough to be no name
_CAN_BEGIN = re.compile("[ก-ฮเ-ไ]")  # a Thai word begins with a consonant or a leading vowel, never with a mark
# These belong to the word that follows, both together to the family name.
_PARTICLES = {
    "ณ", "แซ่", "บิน", "บินติ", "de", "da", "das", "del", "dela", "delas", "della", "delos", "di", "do", "dos", "du", "la",
    "las", "le", "los", "san", "santa", "santo", "van", "von", "der", "den", "ten", "bin", "binti", "bint", "ibn", "al",
    "el",
}  # fmt: skip
_WOMAN = re.compile(r"^(?:\(?หญิง\)?)\s+")
_WOMAN_GLUED = re.compile(r"\(?หญิง\)?\s*(?=[ก-ฮเ-ไ])")
# As people type titles when they search: abbreviated without the dots, or with spaces between them.
_ABBREVIATED = re.compile(r"(?<=[ก-ฮ]\.) (?=[ก-ฮ]{1,3}\.)")
_SPELT = sorted({t for title in TITLES for t in (title.casefold(), title.casefold().replace(".", "")) if len(t) > 1},
                key=len, reverse=True)  # fmt: skip
_GLUED_IN_SEARCH = {
    title.casefold() for title in TITLES if "." not in title and (len(title) > 3 or not title.isascii())
}
_MOST_READINGS = 6


@dataclass(frozen=True, slots=True)
class ThaiName:
    """`doubtful` when more words follow than a family name has, `turned` when by a comma the family name may stand
    first, and a person should look; `aside` stood beside the name and is no part of it (see `asides`)."""

    title: str
    given: str
    family: str
    nickname: str = ""
    doubtful: bool = False
    aside: tuple[str, ...] = ()
    turned: bool = False

    def full(self) -> str:
        """Title glued to the given name as Thai is printed, then the family name."""
        glue = "" if self.title in _GLUED | {"เด็กชาย", "เด็กหญิง"} or self.title.endswith(".") else " "
        lead = f"{self.title}{glue}{self.given}" if self.title else self.given
        return f"{lead} {self.family}".strip()


def normal_title(text: str) -> str:
    """The stored form of a title from a column of titles ("น.ส." gives "นางสาว"); an unknown title is kept
    as written."""
    clean = normalise(text)
    return TITLES.get(clean) or TITLES.get(f"{clean}.") or clean


def split_name(text: str) -> ThaiName:
    """Divides "title given family". One word has no family name; what follows the family name may be anything, a word
    about the person's state too, and is no part of the name. So may what follows a comma: "family, given" is read as
    such only where a title or a particle says so ("ใจดี, นายสมชาย", "Dela Cruz, Juan"); any other name behind a comma is
    left out, and `turned` says so.

    Raises ThaiValueError (name_empty) when nothing but titles is there.
    """
    beside = part(text)
    titles, rest = take_titles(beside.text)
    words = rest.split(" ") if rest else []
    if not words:
        raise ThaiValueError("name_empty")
    behind = _behind_comma(beside)
    if behind and not titles and (turned := _family_first(words, behind, beside)) is not None:
        return turned
    end = _family_end(words)
    over = " ".join(words[end:])
    aside = (*beside.aside, over) if over else beside.aside
    return ThaiName(
        "".join(titles), words[0], " ".join(words[1:end]), beside.nickname, bool(over), aside,
        turned=bool(behind),
    )  # fmt: skip


def _behind_comma(beside: Parted) -> str:
    """What stands behind a comma and may be a name: letters alone, and no word of state."""
    said = beside.aside[-1] if beside.aside else ""
    behind = said.lstrip(",").strip() if said.startswith(",") else ""
    whole = part(f"ก {behind}") if behind else None  # behind a given name, where a word of state is known
    return behind if whole is not None and whole.text == f"ก {behind}" else ""


def _family_first(words: list[str], behind: str, beside: Parted) -> ThaiName | None:
    titles, given = take_titles(behind)
    whole = _family_end(["", *words]) == len(words) + 1  # they are one family name
    led = words[0].lower() in _PARTICLES and len(words) > 1
    if " " in given or not whole or not (titles or led):
        return None
    return ThaiName("".join(titles), given, " ".join(words), beside.nickname, False, beside.aside[:-1], turned=True)


def _family_end(words: list[str]) -> int:
    """The place after the family name: one word, and each particle with the word that follows it."""
    end = 1
    while end < len(words):
        end += 1
        follows = end < len(words) and words[end].lower() in _PARTICLES
        if words[end - 1].lower() not in _PARTICLES and not follows:
            break
    return end


def take_titles(text: str) -> tuple[list[str], str]:
    """The titles at its beginning, and what follows them."""
    titles: list[str] = []
    while match := _title_at(text):
        rest = text[len(match) :].lstrip()
        titles.append(TITLES[match])
        if match in RANKS and (woman := _WOMAN.match(rest)):
            titles.append("หญิง")
            rest = rest[woman.end() :]
        text = rest
    return titles, text


def bare_name(text: str) -> str:
    """A name as it is compared: without the titles before it and what stands beside it."""
    name = part(text).text if text else ""
    return take_titles(name)[1] or name


def untitled(text: str) -> list[str]:
    """What a name may be that was typed with titles, for searching: what follows each that it begins with, however it
    is spelt and glued on. Of a name that only begins like a title ("นางนวล") this is a part; whoever searches looks for
    the whole as well."""
    whole = _ABBREVIATED.sub("", normalise(text))
    found, open_ = dict.fromkeys([whole]), [whole]
    while open_ and len(found) < _MOST_READINGS:
        fresh = [rest for rest in _behind_titles(open_.pop(0)) if rest not in found]
        found |= dict.fromkeys(fresh)
        open_ += fresh
    return [rest for rest in found if rest != normalise(text)][:_MOST_READINGS]


def _behind_titles(text: str) -> Iterator[str]:
    lower = text.casefold()
    for title in _SPELT:
        rest = text[len(title) :]
        if not lower.startswith(title) or not rest.strip():
            continue
        glued = title in _GLUED_IN_SEARCH and (_CAN_BEGIN.match(rest) or (rest[0].isascii() and rest[0].isalpha()))
        if title.endswith(".") or rest[0] == " " or glued:
            yield rest.strip()
            if woman := _WOMAN_GLUED.match(rest.strip()):
                yield rest.strip()[woman.end() :]


def _title_at(text: str) -> str | None:
    for title in _LONGEST_FIRST:
        if not text.startswith(title) or len(text) == len(title):
            continue
        after = text[len(title)]
        if after == " " or title.endswith("."):
            return title
        glued = title in _GLUED or (len(title) >= _GLUED_LENGTH and title in TITLES and not title.isascii())
        if glued and _CAN_BEGIN.match(after) and not _is_one_word(text, title):
            return title
    return None


def _is_one_word(text: str, title: str) -> bool:
    """นางนวล alone is a name as likely as a title with a name: a short title glued to the only word stays
    a name when what follows has fewer than three characters."""
    return " " not in text and len(text) - len(title) < 3
