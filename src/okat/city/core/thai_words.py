"""Words of the glossary that a browser would split at a line's end into parts that read wrongly."""

import re

WORDS = (
    "ผู้พิการ", "ผู้สูงอายุ", "ผู้ดูแล", "ผู้สมัคร", "ผู้ปกครอง", "ผู้เรียน", "ผู้รอ", "ผู้จัด", "ผู้ใช้", "คนพิการ", "คนรอ",
    "ครัวเรือน", "รอบจัดสรร", "เส้นตัด", "ส่งต่อ", "ที่เรียน", "ที่ว่าง", "ที่ทำงาน", "ล่ามภาษามือ", "ข้อมูลส่วนบุคคล", "เดินทาง", "ทำตาม",
    "ชั่วโมง", "ตำบล", "ชุมชน", "เทศบาล",
)  # fmt: skip
# A figure stays with its unit: "45 ชั่วโมง" never ends a line with 45.
UNITS = ("คน", "ที่", "วัน", "นาที", "ชั่วโมง", "ชม.", "บาท", "ปี", "ครั้ง", "กม.", "เรื่อง", "โครงการ", "ตำบล", "แห่ง", "รายการ")
# A tag is matched first, so that nothing inside it is taken for a word.
_UNIT = "|".join(map(re.escape, UNITS))
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
WHOLE = re.compile(rf"<[^>]*>|[\d,.]+ (?:{_UNIT})(?![\u0e30-\u0e4e])|(?:{_WORD})")
