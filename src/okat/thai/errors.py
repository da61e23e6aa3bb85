"""Errors of the Thai helpers: a code, the values that fill it, and the sentence in Thai and in English."""

from __future__ import annotations

from typing import Literal

Lang = Literal["th", "en"]

# Each sentence says what is wrong and how to mend it; `{value}` is an excerpt of what was read.
MESSAGES: dict[str, tuple[str, str]] = {
    "date_unreadable": (
        "อ่าน “{value}” เป็นวันที่ไม่ได้ กรุณาเขียนแบบ 6 ธ.ค. 2569 หรือ 6/12/2569",
        "“{value}” cannot be read as a date; write it like 6 ธ.ค. 2569 or 6/12/2569",
    ),
    "date_impossible": (
        "ไม่มีวันที่ “{value}” ในปฏิทิน กรุณาตรวจวันและเดือน (เขียนวันก่อนเดือน)",
        "“{value}” is not a day of the calendar; check day and month (the day comes first)",
    ),
    "year_out_of_range": (
        "ปีใน “{value}” อยู่นอกช่วงที่รับ (พ.ศ. 2400–2699 หรือ ค.ศ. 1800–2199)",
        "the year in “{value}” is outside what is accepted (B.E. 2400-2699 or C.E. 1800-2199)",
    ),
    "year_ambiguous": (
        "ปีสองหลักใน “{value}” อาจเป็น พ.ศ. หรือ ค.ศ. กรุณาเขียนปีให้ครบสี่หลัก",
        "the two-digit year in “{value}” may be B.E. or C.E.; write the year with four digits",
    ),
    "birth_century": (
        "ปีเกิดสองหลักใน “{value}” อาจหมายถึงคนละศตวรรษ กรุณาเขียนปีให้ครบสี่หลัก เช่น 2503",
        "the two-digit birth year in “{value}” may lie in either of two centuries; write it in full, like 2503",
    ),
    "period_reversed": (
        "ช่วงเวลา “{value}” สิ้นสุดก่อนวันเริ่ม กรุณาตรวจวันที่ทั้งสอง",
        "the period “{value}” ends before it starts; check both dates",
    ),
    "birth_in_future": (
        "วันเกิด {value} อยู่หลังวันที่ใช้คำนวณอายุ",
        "the birth date {value} lies after the day on which the age is asked",
    ),
    "number_unreadable": (
        "อ่าน “{value}” เป็นตัวเลขไม่ได้ กรุณาใส่ตัวเลขเพียงจำนวนเดียว",
        "“{value}” cannot be read as a number; give one number only",
    ),
    "number_dots": (
        "“{value}” อาจเป็นหลักพันหรือทศนิยม กรุณาเขียนหลักพันด้วยจุลภาค เช่น 3,000",
        "“{value}” may be thousands or a decimal fraction; write thousands with a comma, like 3,000",
    ),
    "number_not_whole": (
        "“{value}” ต้องเป็นจำนวนเต็ม ไม่มีทศนิยม",
        "“{value}” must be a whole number",
    ),
    "number_negative": ("“{value}” ต้องไม่ติดลบ", "“{value}” must not be negative"),
    "number_too_large": ("“{value}” มากเกินกว่าที่รับได้", "“{value}” is larger than what is accepted"),
    "number_range": (
        "“{value}” เป็นช่วงตัวเลข กรุณาใส่ตัวเลขเพียงจำนวนเดียว",
        "“{value}” is a range; give one number only",
    ),
    "span_reversed": (
        "ช่วง “{value}” มีค่าต่ำสุดมากกว่าค่าสูงสุด",
        "the range “{value}” has its lowest above its highest",
    ),
    "pin_length": (
        "เลขประจำตัวประชาชนต้องมี 13 หลัก แต่พบ {count} หลัก",
        "a national identity number has 13 digits; {count} were found",
    ),
    "pin_characters": (
        "เลขประจำตัวประชาชนต้องมีแต่ตัวเลข (เว้นวรรคหรือขีดได้)",
        "a national identity number has digits only (spaces and hyphens are allowed)",
    ),
    "pin_scientific": (
        "โปรแกรมตารางย่อเลขประจำตัวจนตัวเลขหาย กรุณาจัดเซลล์เป็น “ข้อความ” แล้วพิมพ์เลขใหม่",
        "the spreadsheet shortened this number and lost digits; format the cell as text and type it again",
    ),
    "pin_one_digit": (
        "ตัวเลขเดียวกันทั้ง 13 หลักไม่ใช่เลขประจำตัวของใคร ถ้าไม่มีเลข กรุณาเว้นว่างไว้",
        "one digit thirteen times is nobody's identity number; leave it empty where there is none",
    ),
    "phone_unreadable": (
        "อ่าน “{value}” เป็นหมายเลขโทรศัพท์ไม่ได้ ตัวอย่างที่ถูก: 081-234-5678 หรือ 043-123-456",
        "“{value}” cannot be read as a telephone number; write it like 081-234-5678 or 043-123-456",
    ),
    "area_code": (
        "รหัสพื้นที่ “{value}” ต้องเป็นตัวเลข 2, 4, 6 หรือ 8 หลัก",
        "an area code has 2, 4, 6 or 8 digits; “{value}” was read",
    ),
    "name_empty": ("ไม่พบชื่อ", "no name was found"),
}

EXCERPT = 60  # characters of a bad value that a message may repeat


class ThaiValueError(ValueError):
    """A text that could not be read. `code` is a key of MESSAGES; `params` fill its sentence."""

    def __init__(self, code: str, value: object = "", **params: object) -> None:
        text = str(value)
        excerpt = text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
        self.code = code
        self.params: dict[str, object] = {"value": excerpt, **params}
        super().__init__(self.message("en"))

    def message(self, lang: Lang = "th") -> str:
        """The sentence for people, in Thai or English."""
        thai, english = MESSAGES[self.code]
        return (thai if lang == "th" else english).format(**self.params)
