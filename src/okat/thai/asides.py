"""What stands beside a name in its cell and is no part of it: brackets, signs, numbers, words about the person's state.

Tables say "(แดง)" and "(ติดเตียง)" in the same place, and no list of such words is ever whole. A name is shown wherever
the person is: only what the cell itself calls a nickname is taken for one, and all else beside the name is kept apart.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from okat.thai.text import length, normalise

_OPEN, _CLOSE, _QUOTE = "([（［{｛<‹«“„「『", ")]）］}｝>›»”」』", '"'
_CALLED = re.compile(r"(?:ชื่อเล่น|nick ?name)\s?[:：]?\s*(\S+)", re.I)
_LONGEST = 20  # letters of a nickname, as Thai people count them
_COUNTED = re.compile(r"\(?\d{1,5}\s?[.)]\)?\s*(?=\D)|\d{1,5}\s+(?=[^\d\s])")
_MARKED = re.compile(r"[\s.\-–—*•✓✔/]*")  # before a name: bullets and ticks, which say nothing
_HYPHEN = re.compile("(?<=[ก-๎])-(?=[ก-๎])")  # no Thai name has one: it parts words
_WITHIN = re.compile(r"(?<=[^\W\d_])['’\-](?=[^\W\d_])")  # O'Brien, Smith-Jones
DIED = "เสียชีวิต|ถึงแก่กรรม|ถึงแก่อนิจกรรม|ถึงแก่อสัญกรรม|ถึงแก่ความตาย|สิ้นชีวิต|มรณภาพ|มรณะ|ล่วงลับ|วายชนม์"
ENTERED = "แจ้ง|จำหน่าย|ได้|ถูก"  # what offices write before a death: that it was reported, or the entry struck out
# Where a family name would stand: these words whole, and words that begin with one of those, as no family name does.
_STATE = re.compile(
    rf"(?:{ENTERED})?(?:ตาย|เสีย|ย้าย)(?:แล้ว)?|(?:จำหน่าย|ท้อง|โสด|หม้าย|ม่าย|หย่า|ใบ้|ง่อย|ชรา|บวช|hiv|aids|dead|disabled)(?:แล้ว)?|"
    rf"(?:เป็น|คน|ผู้|{ENTERED})?(?:{DIED}|ย้ายออก|ลาออก|ป่วย|พิการ|ตาบอด|หูหนวก|ติดเตียง|ติดบ้าน|ติดเชื้อ|ติดยา|ติดเหล้า|ติดสุรา|ติดคุก|"
    r"อัมพาต|อัมพฤกษ์|มะเร็ง|เอดส์|เอชไอวี|เบาหวาน|จิตเวช|ออทิสติก|ตั้งครรภ์|จำคุก|ต้องขัง|ไร้บ้าน|ไร้สัญชาติ|เร่ร่อน|สูงอายุ|กำพร้า).*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Parted:
    """`text` is the name alone; `aside` all that stood beside it and is no nickname."""

    text: str
    nickname: str = ""
    aside: tuple[str, ...] = ()


def part(text: str) -> Parted:
    """Takes out of a name's cell: brackets, what stands before the first letter (a running number is dropped), what
    follows a sign that no name has, and the commonest words of state behind it."""
    clean = normalise(text)
    clean = clean[found.end() :] if (found := _COUNTED.match(clean)) else clean
    outside, inside = _brackets(clean)
    nickname, aside = "", []
    for content in inside:
        called = _CALLED.fullmatch(content)
        if called and not nickname and length(called[1]) <= _LONGEST and _end(called[1]) == len(called[1]):
            nickname = called[1]
        elif content:
            aside.append(content)
    first = next((at for at, char in enumerate(outside) if char.isalpha()), len(outside))
    before = normalise(outside[:first])
    if not _MARKED.fullmatch(before):
        aside.append(before)
    name = outside[first:]
    end = _end(name)
    words = normalise(_HYPHEN.sub(" ", name[:end])).split(" ")
    state = [word for word in words[1:] if _STATE.fullmatch(word.strip("."))]
    behind = normalise(" ".join([*state, name[end:]]))
    kept = [words[0], *(word for word in words[1:] if word not in state)]
    return Parted(" ".join(kept), nickname, (*aside, *([behind] if behind.strip(" .,-") else [])))


def _brackets(text: str) -> tuple[str, list[str]]:
    """The text outside of brackets and quotation marks, and what each outermost pair holds: all that follows where it
    is never closed."""
    outside: list[str] = []
    inside: list[list[str]] = []
    opened: list[str] = []
    for char in text:
        quoted = bool(opened) and opened[-1] == _QUOTE
        if char in _OPEN or (char == _QUOTE and not quoted):
            if not opened:
                inside.append([])
                outside.append(" ")
            opened.append(char)
        elif opened and (char == _QUOTE or (char in _CLOSE and not quoted)):
            opened.pop()
        else:
            (inside[-1] if opened else outside).append(char)
    return normalise("".join(outside)), [normalise("".join(held)) for held in inside]


def _end(name: str) -> int:
    """Where the name ends: at the first sign that is in no name."""
    within = {found.start() for found in _WITHIN.finditer(name)} | {found.start() for found in _HYPHEN.finditer(name)}
    fits = (at in within or char in " .ฯ" or unicodedata.category(char)[0] in "LM" for at, char in enumerate(name))
    return next((at for at, fit in enumerate(fits) if not fit), len(name))
