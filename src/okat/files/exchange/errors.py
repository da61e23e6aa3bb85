"""What can be wrong with a package or a calendar: each sentence says what it is and how to mend it."""

from __future__ import annotations

from okat.files.office.errors import OfficeError, RowError, excerpt
from okat.thai.errors import Lang

MESSAGES: dict[str, tuple[str, str]] = {
    "package_descriptor": (
        "อ่าน datapackage.json ไม่ได้ ({why}) กรุณาส่งออกชุดข้อมูลใหม่",
        "datapackage.json cannot be read ({why}); export the package again",
    ),
    "package_no_descriptor": (
        "ในชุดข้อมูลไม่มีไฟล์ datapackage.json กรุณาส่งออกใหม่เป็น HSDS Tabular Data Package",
        "the package has no datapackage.json; export it again as an HSDS Tabular Data Package",
    ),
    "package_no_services": (
        "ชุดข้อมูลไม่มีตาราง services กรุณาเพิ่มไฟล์ services.csv และบอกไว้ใน datapackage.json",
        "the package has no table of services; add services.csv and name it in datapackage.json",
    ),
    "package_path": (
        "ที่อยู่ไฟล์ “{value}” ชี้ออกนอกชุดข้อมูล ใช้ได้เฉพาะชื่อไฟล์ในชุดเดียวกัน",
        "the path “{value}” leads out of the package; name a file inside it",
    ),
    "package_missing": (
        "datapackage.json บอกว่ามีไฟล์นี้ แต่ไม่พบในชุดข้อมูล กรุณาใส่ไฟล์หรือตัดชื่อออก",
        "datapackage.json names this file, but it is not in the package; add it or take its name out",
    ),
    "package_twice": (
        "ตาราง “{value}” มีมากกว่าหนึ่งไฟล์ กรุณาเหลือไว้ไฟล์เดียว",
        "the table “{value}” stands in more than one file; keep one",
    ),
    "table_file": ("{thai}", "{english}"),
    "column_missing": ("ไม่มีคอลัมน์ “{value}” ซึ่งต้องมี กรุณาเพิ่ม", "the column “{value}” is missing; add it"),
    "column_twice": ("คอลัมน์ “{value}” มีสองครั้ง กรุณาตัดออกหนึ่ง", "the column “{value}” stands twice; take one out"),
    "cells_too_many": (
        "แถวนี้มีช่องมากกว่าหัวตาราง กรุณาตรวจเครื่องหมายคำพูดและลูกน้ำ",
        "the row has more cells than the header; check quotes and commas",
    ),
    "empty": ("ต้องมีค่าในช่อง “{value}”", "“{value}” must not be empty"),
    "id_twice": (
        "รหัส “{value}” ซ้ำกับแถว {other} แต่ละแถวต้องมีรหัสของตัวเอง",
        "the id “{value}” is that of row {other}; give each row its own",
    ),
    "reference": (
        "ไม่มี “{value}” ใน {table} กรุณาเพิ่มแถวนั้นหรือแก้รหัส",
        "there is no “{value}” in {table}; add that row or mend the id",
    ),
    "enum": ("“{value}” ใช้ไม่ได้ ใช้ได้: {allowed}", "“{value}” is not one of: {allowed}"),
    "number": ("“{value}” ไม่ใช่ตัวเลข", "“{value}” is no number"),
    "range": ("“{value}” อยู่นอกช่วง {low} ถึง {high}", "“{value}” is outside {low} to {high}"),
    "date": ("“{value}” ไม่ใช่วันที่แบบ 2026-12-31", "“{value}” is no date such as 2026-12-31"),
    "buddhist": (
        "ปี “{value}” เป็น พ.ศ. มาตรฐานนี้ใช้ ค.ศ. (ลบ 543)",
        "“{value}” is a Buddhist year; the standard's are of the common era (subtract 543)",
    ),
    "time": ("“{value}” ไม่ใช่เวลาแบบ 09:00", "“{value}” is no time such as 09:00"),
    "email": ("“{value}” ไม่ใช่ที่อยู่อีเมล", "“{value}” is no e-mail address"),
    "uri": ("“{value}” ไม่ใช่ที่อยู่เว็บ (ขึ้นต้นด้วย https://)", "“{value}” is no web address (https://...)"),
    "too_long": ("ยาว {count} ตัวอักษร เกินที่รับได้ {limit}", "{count} characters are more than the {limit} accepted"),
    "rule": ("อ่านวันเรียนที่ทำซ้ำไม่ได้: {why}", "the repeating days cannot be read: {why}"),
    "reversed": ("เวลาเลิกไม่อยู่หลังเวลาเริ่ม", "the end does not lie after the start"),
    "ages": ("อายุต่ำสุดมากกว่าอายุสูงสุด", "the lowest age is above the highest"),
    "currency": ("จำนวนเงินเป็น {value} กรุณาให้เป็นบาท (THB)", "the amount is in {value}; give it in baht (THB)"),
    "meetings": (
        "มีนัดเกิน {limit} ครั้งในสองปีข้างหน้า กรุณาบอกวันสิ้นสุดหรือแบ่งเป็นหลายรายการ",
        "there are more than {limit} meetings in the next two years; give an end or divide it",
    ),
    "too_many_rows": (
        "มี {count} แถว เกินที่รับได้ {limit} กรุณาแบ่งไฟล์",
        "there are {count} rows, more than the {limit} accepted; divide the file",
    ),
    # Calendars
    "calendar_damaged": (
        "อ่านปฏิทินไม่ได้ ({why}) กรุณาส่งออกเป็น .ics ใหม่",
        "the calendar cannot be read ({why}); export it again as .ics",
    ),
    "calendar_empty": ("ปฏิทินไม่มีนัดหมาย (VEVENT)", "the calendar has no event (VEVENT)"),
    "calendar_needs_too_much": (
        "ปฏิทินนี้ใช้เวลาหรือหน่วยความจำเกินกำหนด กรุณาแบ่งเป็นหลายไฟล์",
        "the calendar needs more time or memory than is allowed; divide it",
    ),
    "no_uid": (
        "นัดนี้ไม่มี UID จึงแก้ไขครั้งหน้าไม่ได้ กรุณาส่งออกใหม่",
        "the event has no UID by which it could be changed later; export it again",
    ),
    "no_title": ("นัดนี้ไม่มีชื่อ (SUMMARY)", "the event has no title (SUMMARY)"),
    "no_start": ("นัดนี้ไม่มีเวลาเริ่ม (DTSTART) หรืออ่านไม่ได้", "the event has no start (DTSTART), or none that can be read"),
    "too_often": (
        "ทำซ้ำถี่กว่าวันละครั้ง ({value}) กรุณาใช้ DAILY ขึ้นไป",
        "it repeats more often than daily ({value}); use DAILY or longer",
    ),
    "zone": (
        "ไม่รู้จักเขตเวลา “{value}” กรุณาใช้ชื่อแบบ Asia/Bangkok",
        "the time zone “{value}” is not known; use a name such as Asia/Bangkok",
    ),
    "year": (
        "ปี {value} อยู่นอกช่วงที่เป็นไปได้ กรุณาแก้ปีในปฏิทินต้นทางแล้วส่งออกใหม่",
        "the year {value} makes no sense here; mend it in your calendar and export it again",
    ),
    "uid_twice": ("UID “{value}” ซ้ำกับบรรทัด {other}", "the UID “{value}” is that of line {other}"),
    # Remarks
    "file_unknown": ("ไม่รู้จักตารางนี้ จึงไม่ได้อ่าน", "this table is not known and was not read"),
    "columns_unknown": ("ไม่ได้อ่านคอลัมน์: {value}", "columns that were not read: {value}"),
    "id_no_uuid": (
        "รหัส “{value}” ไม่ใช่ UUID ตามมาตรฐาน แต่ใช้ได้",
        "the id “{value}” is no UUID, which the standard asks for; it is taken as it is",
    ),
    "open_ended": (
        "วันที่ทำซ้ำไม่มีวันสิ้นสุด จึงบอกไว้เป็นคำ ไม่แยกเป็นนัด",
        "the days repeat without an end, so they are told in words and not as meetings",
    ),
    "far_away": ("นัดหลังจากสองปีข้างหน้าไม่ได้นำเข้า", "meetings after the next two years were left out"),
    "several_costs": ("มีค่าใช้จ่ายหลายแบบ ใช้จำนวนที่มากที่สุด", "of several costs the greatest was taken"),
    "not_event": ("มีสิ่งที่ไม่ใช่นัดหมาย {count} รายการ จึงไม่ได้อ่าน", "{count} entries are no events and were not read"),
    "buddhist_read": (
        "“{value}” เป็นปี พ.ศ. จึงลบ 543 ให้แล้ว กรุณาตรวจวัน",
        "“{value}” is a Buddhist year and was read as such (543 less); check the days",
    ),
    "floating": ("เวลาไม่บอกเขต จึงถือเป็นเวลาไทย", "the time names no zone and was taken as Thai time"),
    "all_day": ("นัดทั้งวันไม่มีเวลา จึงเก็บเป็นวันที่เริ่มและวันสิ้นสุด", "all-day events have no hours; first and last day were kept"),
}  # fmt: skip


class ListingError(OfficeError):
    """A package or calendar that cannot be read at all. `file` is the one inside it, where one is to blame."""

    def __init__(self, code: str, value: object = "", *, file: str = "", **params: object) -> None:
        self.file = file
        super().__init__(code, value, **params)

    def message(self, lang: Lang = "th") -> str:
        text = _sentence(self.code, lang, self.params)
        return f"{self.file}: {text}" if self.file else text


def _sentence(code: str, lang: Lang, params: dict[str, object]) -> str:
    thai, english = MESSAGES[code]
    return (thai if lang == "th" else english).format(**params)


def fault(file: str, row: int, column: str, code: str, value: object = "", **params: object) -> RowError:
    """An error (or remark) about one cell, row or file: row 0 is the file itself."""
    filled: dict[str, object] = {"value": excerpt(value), **params}
    thai, english = _sentence(code, "th", filled), _sentence(code, "en", filled)
    return RowError(row, "", column, column, code, thai, english, excerpt(value), file)
