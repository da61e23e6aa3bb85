"""Which rows of a sheet are no data, and why. In doubt a row is data: an error is seen, a lost person is not."""

from __future__ import annotations

import re

from okat.files.office.grid import Cell, Row, is_blank, text_of
from okat.thai.digits import to_arabic
from okat.thai.text import fold

_UNITS = r"คน|ราย|ชาย|หญิง|บาท|รายการ|หลักสูตร|โครงการ|กิจกรรม|อัตรา|ตำแหน่ง|ครัวเรือน|หลังคาเรือน|แห่ง|ชั่วโมง|ชม\.?|ปี|เฉลี่ย"
# A word for a sum, and then nothing but what sums say: of what, of how many, carried where, the amount in words.
_TOTAL = re.compile(
    r"(?:รวม|ยอดรวม|ผลรวม|จำนวนรวม|ยอดเงิน|จำนวนเงิน|ยอดยก|ยกยอด|ยอดคงเหลือ|grand total|sub ?total|total|sum)"
    r"(?:ยอด|เป็น|จำนวน|จ่าย|ทั้งสิ้น|ทั้งหมด|ทุกรายการ|ทุกหน้า|รวม|เงิน|สุทธิ|(?:แผ่น|หน้า)(?:นี้|ที่)?|ยก|ไป|มา|และ|amount|page|"
    rf"{_UNITS}|\([^()]*+\)|[\d.,:：/=\s\-–—])*+",
    re.I,
)
_COUNTED = re.compile(r"จำนวน(?:ทั้งสิ้น|ทั้งหมด|รวม)\s?[:：]?\s?[\d,.]*\s?\S{0,10}")
_BARE = re.compile(r"รวม|sum|total", re.I)  # somebody may be called so
_OF_GROUP = re.compile(r"รวม\s?(?:หมู่|กลุ่ม|ชุมชน|บ้าน|ตำบล|ต\.|ม\.|เขต|อำเภอ|ประเภท|ชั้น|โซน|คุ้ม|ฝ่าย)(?:ที่|บ้าน)?.{0,40}")
_OF_NUMBER = re.compile(r"รวม\s?(?:หมู่|ม\.|ชั้น|โซน|เขต|กลุ่ม|ชุมชน)(?:บ้าน)?(?:ที่)?\s?\d{1,3}(?!\d).{0,30}")
_AMOUNTS = re.compile(rf"[-–—]|(?:(?:{_UNITS})?\s?[:=]?\s?[\d.,]++\s?%?\s?(?:{_UNITS})?[\s,/]*)++")
_TELEPHONE = re.compile(r"0[\d\-\s]{8,}")
_IDENTITY = re.compile(r"\d(?:[\s\-]?\d){12}")
_NOTE = re.compile(
    r"(?:หมายเหตุ|ที่มา|ข้อมูล ณ|ลงชื่อ|ผู้จัดทำ|ผู้รายงาน|ผู้บันทึก|ผู้รับรอง|ตำแหน่ง\s?[.…]|พิมพ์เมื่อ|note|source|\*|\()", re.I
)
_SIGNED = re.compile(r"(?:ตำแหน่ง|วันที่|ณ วันที่|ตรวจแล้ว|ผู้ตรวจ|ผู้อนุมัติ|ขอรับรอง)")  # only below the table's end
_NUMBERING = re.compile(r"\(?(\d{1,3})\)?")
RUNNING = frozenset(fold(word) for word in ("ที่", "ลำดับ", "ลำดับที่", "ลำดับที", "ข้อ", "ข้อที่", "no", "no.", "#"))
_LONGEST_AMOUNT = 80
_RUNNING_NUMBER = re.compile(r"\(?\d{1,6}[.)]?\)?")


def is_blank_row(row: Row) -> bool:
    return all(is_blank(cell) for cell in row)


def filled(row: Row) -> list[Cell]:
    return [cell for cell in row if not is_blank(cell)]


def one_line(row: Row) -> str:
    return " ".join(text_of(cell) for cell in row if not is_blank(cell))[:200]


def running_column(headings: tuple[tuple[str, ...], ...]) -> int | None:
    """The place of the column of running numbers, where the table has one."""
    return next((place for place, parts in enumerate(headings) if parts and fold(parts[-1]) in RUNNING), None)


def is_counted(row: Row, running: int | None) -> bool:
    """Whether the office itself counts the row: it has a running number, or an identity number."""
    if running is not None and _RUNNING_NUMBER.fullmatch(to_arabic(text_of(row[running]))):
        return True
    return any(_IDENTITY.fullmatch(to_arabic(text_of(cell))) for cell in filled(row))


def is_total(row: Row, running: int | None) -> bool:
    """Whether the row sums up: its first or second text is a word for a sum ("รวมพลังทอผ้า" is a title), and where that
    word may be somebody's name, nothing else stands in the row but amounts."""
    if is_counted(row, running):
        return False
    texts = [to_arabic(text_of(cell)) for cell in filled(row)]
    words = [place for place, cell in enumerate(filled(row)) if isinstance(cell, str)][:2]
    sums = [place for place in words if _TOTAL.fullmatch(texts[place]) or _COUNTED.fullmatch(texts[place])]
    if any(not _BARE.fullmatch(texts[place]) for place in sums):
        return True
    if words and _OF_NUMBER.fullmatch(texts[words[0]]):
        return True
    if words and _OF_GROUP.fullmatch(texts[words[0]]) and len(texts) > 1:
        sums = words[:1]
    return bool(sums) and all(_is_amount(text) for place, text in enumerate(texts) if place not in sums)


def _is_amount(text: str) -> bool:
    return len(text) <= _LONGEST_AMOUNT and bool(_AMOUNTS.fullmatch(text)) and not _TELEPHONE.fullmatch(text)


def is_numbering(row: Row) -> bool:
    """The row "(1) (2) (3)" under the header of official forms."""
    matches = [_NUMBERING.fullmatch(to_arabic(text_of(cell))) for cell in filled(row)]
    numbers = [int(match[1]) for match in matches if match]
    return len(numbers) >= 3 and len(numbers) == len(matches) and numbers == list(range(1, len(numbers) + 1))


def repeats(row: Row, headings: tuple[tuple[str, ...], ...]) -> bool:
    """Whether the row is the header again, as on each page of a long list."""
    pairs = [(fold(text_of(c)), h[-1]) for c, h in zip(row, headings, strict=True) if not is_blank(c) and h]
    return len(pairs) >= 2 and all(text == fold(heading) for text, heading in pairs)


def end_of_table(rows: tuple[Row, ...], first: int, running: int | None) -> int:
    """The place after which sparse rows may be notes: below the last full row, once one says that it is a note, or a
    blank row or a total stands between. A sparse row directly below the table stays in it: its error is seen."""
    counts = sorted(len(filled(row)) for row in rows[first:] if not is_blank_row(row))
    if not counts:
        return len(rows)
    usual = counts[len(counts) // 2]
    if usual < 3:
        return len(rows)
    last = max(index for index in range(first, len(rows)) if 2 * len(filled(rows[index])) >= usual)
    for index in range(last + 1, len(rows)):
        row = rows[index]
        if is_counted(row, running):
            continue
        if is_blank_row(row) or is_total(row, running) or _NOTE.match(one_line(row)):
            return index
    return len(rows)


def is_note(row: Row, running: int | None) -> bool:
    """Of a row below the table's end: a single cell, what begins as a note or a signature, or nothing but amounts. What
    the office counts, and any other row of several cells, is data that stands apart."""
    if is_counted(row, running):
        return False
    text = one_line(row)
    if len(filled(row)) == 1 or _NOTE.match(text) or _SIGNED.match(text):
        return True
    return all(_is_amount(to_arabic(text_of(cell))) for cell in filled(row))


def unnamed_total(above: list[Row], last: Row, running: int | None) -> bool:
    """Whether the last row holds nothing but sums or counts of the columns above it."""
    cells = [(place, cell) for place, cell in enumerate(last) if not is_blank(cell)]
    if is_counted(last, running) or len(above) < 2 or not cells or 2 * len(cells) > len(filled(above[-1])):
        return False
    for place, cell in cells:
        column = [row[place] for row in above]
        numbers = [value for value in column if isinstance(value, (int, float))]
        if not isinstance(cell, (int, float)) or cell not in (sum(numbers), len(filled(tuple(column)))):
            return False
    return True
