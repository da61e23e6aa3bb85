"""What a file says of pay is published as it is: for what, and only where a record can say it."""

from decimal import Decimal
from typing import Any

import pytest
from tests.catalogue.conftest import SmallCity
from tests.catalogue.test_import_opportunities import workbook

from okat.city.partners.models import Partner
from okat.city.people.queries.imports import Checked, check


def checked(heading: str, cell: Any, kind: str = "งาน") -> Checked:
    data = workbook([["ช่างไฟฟ้า", kind, "ในเมือง", cell, ""]], ["ตำแหน่งงาน", "ประเภท", "ตำบล", heading, "หมายเหตุ"])
    return check(data, "งาน.xlsx", "opportunities", Partner.objects.select_related("area").get(code="nfe"))


@pytest.mark.parametrize(
    ("heading", "cell", "per", "told"),
    [
        ("ค่าจ้าง (บาท/วัน)", 350, "day", False),
        ("ค่าแรงรายวัน", "๓๕๐", "day", False),
        ("ค่าตอบแทน (บาท/ชั่วโมง)", 350, "hour", False),
        ("ค่าจ้าง", "วันละ ๓๕๐ บาท", "day", False),
        ("เงินเดือน", 350, "month", False),
        ("ค่าจ้าง", 350, "month", True),
    ],
)
def test_a_wage_is_for_what_its_file_says(city: SmallCity, heading: str, cell: Any, per: str, told: bool) -> None:
    done = checked(heading, cell)
    assert not done.errors
    assert [(row.amount, row.amount_per) for row in done.ready] == [(Decimal(350), per)]
    assert ("pay_month_assumed" in {each.code for each in done.warnings}) is told


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("ค่าจ้าง (บาท/สัปดาห์)", "350 บาท/สัปดาห์"),
        ("ค่าจ้างสัปดาห์ละ", "350 บาท/สัปดาห์"),
        ("ค่าจ้างต่อครั้ง", "350 บาท/ครั้ง"),
        ("ค่าจ้าง", "500 บาท/คน"),
        ("ค่าจ้าง", "500 บาท/หลักสูตร"),
    ],
)
def test_pay_that_no_record_can_say_is_asked_for_otherwise(city: SmallCity, heading: str, cell: str) -> None:
    done = checked(heading, cell)
    assert [(error.row, error.column, error.code) for error in done.errors] == [(4, "D", "pay_unit")]
    assert not done.ready


def test_a_stipend_by_the_day_is_none_in_all(city: SmallCity) -> None:
    (row,) = checked("เบี้ยเลี้ยง (บาท/วัน)", 120, "หลักสูตรอาชีพ").ready
    assert row.stipend is None
    assert "120 บาท ต่อวัน" in row.about_th
    (row,) = checked("เบี้ยเลี้ยง", 1200, "หลักสูตรอาชีพ").ready
    assert row.stipend == 1200


@pytest.mark.parametrize("heading", ["ค่าจ้าง (บาท/วัน/เดือน)", "ค่าจ้างรายวัน/รายเดือน"])
def test_nothing_is_published_of_pay_whose_heading_says_two_units(city: SmallCity, heading: str) -> None:
    done = checked(heading, 12000)
    assert [(error.row, error.column, error.code) for error in done.errors] == [(4, "D", "heading_two_units")]
    assert not done.ready
    assert checked(heading, "12,000 บาท/เดือน").ready[0].amount_per == "month"
