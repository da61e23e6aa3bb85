"""A course sheet of 10,000 rows in which each clerk wrote dates in another way: Buddhist and common era in one column,
Thai digits, two-digit years, months in words, cells that the program turned into dates, and years before 1941."""

import datetime as dt
import time
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from tests.amounts import amounts
from tests.catalogue.conftest import SmallCity

from okat.city.catalogue.models import Opportunity
from okat.city.partners.models import Partner
from okat.city.people.actions import NotReadyError, run_import, upload
from okat.city.people.queries.imports import check

HEAD = ["ที่", "หลักสูตร/กิจกรรม", "ตำบล", "จำนวน (คน)", "วันที่เริ่ม", "ค่าใช้จ่าย"]
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
FULL = [
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
]  # fmt: skip
WAYS = (
    lambda day: f"{day.day}/{day.month}/{day.year + 543}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}".translate(THAI),
    lambda day: f"{day.day} {FULL[day.month - 1]} พ.ศ. {day.year + 543}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {(day.year + 543) % 100}",
    lambda day: day.isoformat(),
    lambda day: f"{day.year + 543}-{day.month:02d}-{day.day:02d}",
    lambda day: day,  # a cell that is a date
    lambda day: dt.date(day.year + 543, day.month, min(day.day, 28)),  # ... into which a Buddhist year was typed
)


def day_of(number: int) -> dt.date:
    return dt.date(2026, 12, 1) + dt.timedelta(days=number % 27)


def workbook(rows: int, more: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["แผนการจัดการศึกษาต่อเนื่อง ปีงบประมาณ ๒๕๗๐"])
    sheet.append(HEAD)
    for n in range(rows):
        day = WAYS[n % len(WAYS)](day_of(n))
        sheet.append([str(n + 1).translate(THAI), f"หลักสูตรที่ {n + 1}", "ในเมือง", 10 + n % 20, day, "ฟรี"])
    for row in more:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@amounts("rows", 1_000, 10_000)
def test_every_way_to_write_a_day_in_many_rows(rows: int, city: SmallCity) -> None:
    nfe = Partner.objects.select_related("area").get(code="nfe")
    old = [
        ["", "ก่อนเปลี่ยนปีใหม่", "ในเมือง", 5, "3 ก.พ. 2483", "ฟรี"],  # that winter belongs to 1941
        ["", "คริสต์ศักราชเก่า", "ในเมือง", 5, "3/2/1939", "ฟรี"],
        ["", "ปีสองหลักที่โปรแกรมเดา", "ในเมือง", 5, dt.date(1969, 12, 6), "ฟรี"],
    ]
    wrong = check(workbook(90, old), "แผน.xlsx", "opportunities", nfe)
    assert [(e.row, e.column, e.code) for e in wrong.errors] == [
        (93 + n, "E", "date_too_early") for n in range(len(old))
    ]
    assert ["1941" in wrong.errors[0].message("en"), "1939" in wrong.errors[1].message("en")] == [True, True]
    started = time.process_time()
    batch = upload(kind="opportunities", partner=nfe, filename="แผน.xlsx", data=workbook(rows, []), by=city.officer)
    done = run_import(batch=batch, by=city.officer)
    spent = time.process_time() - started
    assert (done.rows, done.imported, done.known) == (rows, rows, 0)
    made = dict(Opportunity.objects.values_list("title_th", "starts_on"))
    wanted = {f"หลักสูตรที่ {n + 1}": day_of(n) for n in range(rows)}
    assert {title: day for title, day in made.items() if day != wanted[title]} == {}
    print(f"{rows:,} rows: {spent:.1f} s of this process from the bytes to the catalogue")
    assert spent < 60


def test_one_old_year_keeps_ten_rows_out(city: SmallCity) -> None:
    nfe = Partner.objects.select_related("area").get(code="nfe")
    text = "หลักสูตร,วันที่เริ่ม\n" + "".join(f"ทอผ้า {n},6 ธ.ค. 2569\n" for n in range(9)) + "เย็บผ้า,6 ธ.ค. 2469\n"
    batch = upload(kind="opportunities", partner=nfe, filename="แผน.csv", data=text.encode(), by=city.officer)
    with pytest.raises(NotReadyError):
        run_import(batch=batch, by=city.officer)
    assert not Opportunity.objects.exists()
