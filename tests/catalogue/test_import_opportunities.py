"""Opportunities from an office's table: read as it is, all or none, never doubled, undone as one."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook
from tests.catalogue.conftest import SmallCity

from okat.city.catalogue import actions
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import read
from okat.city.partners.models import Partner
from okat.city.people.actions import NotReadyError, run_import, undo_import, upload
from okat.city.people.models import ImportBatch
from okat.city.people.queries.imports import check
from okat.cli import main
from okat.files.office import OfficeError, vocabulary

HEAD = ["ที่", "หลักสูตร/กิจกรรม", "ตำบล", "สถานที่", "จำนวน (คน)", "วันที่เริ่ม", "ค่าใช้จ่าย", "ชั่วโมง", "อายุ", "คุณสมบัติ", "วัน-เวลา"]
ROWS: list[list[Any]] = [
    ["๑", "ฝึกทอผ้าไหมมัดหมี่", "ในเมือง", "ศาลาประชาคม", "๒๐ คน", "6 ธ.ค. 2569", "ฟรี", "45 ชม.", "60 ปีขึ้นไป", "", "เสาร์"],
    ["๒", "ทำขนมไทย", "ต.สำราญ", "", 15, "๖/๑๒/๖๙", "1,500 บาท", 30, "15-59", "สำเนาบัตรประชาชน", "ทุกวันพุธ"],
    ["๓", "ซ่อมรถจักรยานยนต์ไฟฟ้า", "สำราญ", "อู่ช่าง", "10", "06-12-2569", "๕๐๐", "", "", "ไม่ใช้บัตรประชาชน", "ตอนเย็น"],
    ["๔", "เย็บผ้า", "ในเมือง", "", "ไม่จำกัด", "6 ธันวาคม พ.ศ. 2569", "ไม่มีค่าใช้จ่าย", "", "", "", ""],
    ["๕", "ปลูกผักปลอดสาร", "ในเมือง", "", 30, "2569-12-06", "0", "", "", "", ""],
    ["๖", "อ่านออกเขียนได้", "ในเมือง", "", 12, dt.date(2026, 12, 6), "-", "", "", "", ""],
]  # fmt: skip


def workbook(rows: list[list[Any]], head: list[str] = HEAD) -> bytes:
    """Two merged title rows above the header, and totals with a signature below."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["แผนการจัดการศึกษาต่อเนื่อง ปีงบประมาณ 2570"])
    sheet.append(["ศูนย์ส่งเสริมการเรียนรู้อำเภอเมืองขอนแก่น"])
    for line in ("A1:K1", "A2:K2"):
        sheet.merge_cells(line)
    for row in (head, *rows):
        sheet.append(row)
    sheet.append(["", "รวมทั้งสิ้น", "", "", sum(row[4] for row in rows if isinstance(row[4], int)), "", "", ""])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def nfe(city: SmallCity) -> Partner:
    return Partner.objects.select_related("area").get(code="nfe")


def load(city: SmallCity, data: bytes, name: str = "แผน.xlsx") -> ImportBatch:
    partner = Partner.objects.select_related("area").get(code="nfe")
    return upload(kind="opportunities", partner=partner, filename=name, data=data, by=city.officer)


def imported(city: SmallCity, data: bytes, name: str = "แผน.xlsx") -> ImportBatch:
    return run_import(batch=load(city, data, name), by=city.officer)


def test_areas_are_read_once_and_without_their_boundaries(city: SmallCity, nfe: Partner) -> None:
    head = [*HEAD, "อำเภอ"]
    asked = []
    for count in (1, 3):
        data = workbook([[*row, "เมืองขอนแก่น"] for row in ROWS[:count]], head)
        with CaptureQueriesContext(connection) as queries:
            found = check(data, "แผน.xlsx", "opportunities", nfe)
        assert (len(found.ready), found.errors) == (count, ())
        asked.append(len(queries))
        assert not [query["sql"] for query in queries if '"boundary"' in query["sql"]]
    assert asked[0] == asked[1]


def test_a_table_as_offices_keep_it(city: SmallCity) -> None:
    done = imported(city, workbook(ROWS))
    assert (done.rows, done.imported, done.known) == (6, 6, 0)
    made = {o.title_th: o for o in Opportunity.objects.select_related("area")}
    assert {o.starts_on for o in made.values()} == {dt.date(2026, 12, 6)}  # six ways to write one day
    assert [made[row[1]].cost for row in ROWS] == [Decimal(n) for n in (0, 1500, 500, 0, 0, 0)]
    assert [made[row[1]].capacity for row in ROWS] == [20, 15, 10, None, 30, 12]
    assert [made[row[1]].area.code for row in ROWS] == ["400101", "400102", "400102", *["400101"] * 3]
    assert [made[row[1]].needs_papers for row in ROWS[:3]] == [False, True, False]
    assert [made[row[1]].slots for row in ROWS[:3]] == [["weekend"], ["weekday_day"], ["weekday_evening"]]
    assert made["อ่านออกเขียนได้"].kind == "literacy"
    weaving = made["ฝึกทอผ้าไหมมัดหมี่"]
    assert weaving.rule is not None
    assert (weaving.rule["age"], weaving.rule["op"], weaving.rule["years"]) == ("birth_date", ">=", 60)
    assert weaving.rule["source"]["verified"] is False  # nobody has looked at the law for it
    assert weaving.status == "published"


def test_a_table_in_tis_620(city: SmallCity) -> None:
    lines = [",".join(HEAD[1:7]), "ทอผ้า,ในเมือง,ศาลา,๒๐,๖ ธ.ค. ๒๕๖๙,ฟรี", "ทำขนม,สำราญ,วัด,10,๗ ธ.ค. ๒๕๖๙,๓๐๐ บาท"]
    assert imported(city, "\r\n".join(lines).encode("cp874"), "แผน.csv").imported == 2
    assert Opportunity.objects.get(title_th="ทำขนม").cost == 300


def test_the_same_file_twice_makes_no_doubles_and_a_changed_row_changes_its_own(city: SmallCity) -> None:
    imported(city, workbook(ROWS))
    again = imported(city, workbook(ROWS))
    assert (again.imported, again.known) == (0, 6)
    changed = [[*ROWS[0][:4], 25, *ROWS[0][5:]], *ROWS[1:]]
    third = imported(city, workbook(changed))
    assert (third.imported, third.known, Opportunity.objects.count()) == (1, 5, 6)
    weaving = Opportunity.objects.get(title_th="ฝึกทอผ้าไหมมัดหมี่")
    assert (weaving.capacity, weaving.version) == (25, 2)


def test_undo_brings_back_what_stood_before_and_leaves_what_somebody_worked_with(city: SmallCity) -> None:
    first = imported(city, workbook(ROWS))
    second = imported(city, workbook([[*ROWS[0][:4], 25, *ROWS[0][5:]], *ROWS[1:]]))
    assert undo_import(batch=second, by=city.officer) == (1, 0)
    weaving = Opportunity.objects.get(title_th="ฝึกทอผ้าไหมมัดหมี่")
    assert weaving.capacity == 20
    used = Opportunity.objects.get(title_th="ทำขนมไทย")
    Opportunity.objects.filter(pk=used.pk).update(seats_taken=1)
    actions.write(
        row=replace(read.row_of(Opportunity.objects.get(title_th="เย็บผ้า")), capacity=9), version=1, by=city.officer,
        opportunity=Opportunity.objects.get(title_th="เย็บผ้า"),
    )  # fmt: skip
    gone, kept = undo_import(batch=first, by=city.officer)
    assert (gone, kept) == (4, 2)
    assert used in Opportunity.objects.all()
    assert set(Opportunity.objects.values_list("title_th", flat=True)) == {"ทำขนมไทย", "เย็บผ้า"}


def test_one_bad_row_keeps_all_out_and_says_where(city: SmallCity, nfe: Partner) -> None:
    bad = [*ROWS, ["๗", "งานที่ไม่มีจริง", "ดาวอังคาร", "", -3, "31 ก.พ. 2569", "เยอะ", "", "", "", ""]]
    data = workbook(bad)
    with pytest.raises(NotReadyError):
        imported(city, data)
    assert not Opportunity.objects.exists()
    errors = check(data, "x.xlsx", "opportunities", nfe).errors
    assert {(e.row, e.column) for e in errors} >= {(10, "E"), (10, "F"), (10, "G")}
    assert all(e.message("th") != e.message("en") for e in errors)
    place = [["๗", "งาน", "ดาวอังคาร", *[""] * 8]]
    assert [(e.row, e.column, e.code) for e in check(workbook(place), "x.xlsx", "opportunities", nfe).errors] == [
        (4, "C", "area_unknown")
    ]


@pytest.mark.parametrize("data", [b"", b"\x00" * 2000, b"%PDF-1.4", b"PK\x03\x04broken", b"a,b\n1,2\n"])
def test_a_broken_or_hostile_file_leaves_nothing(city: SmallCity, data: bytes) -> None:
    with pytest.raises((OfficeError, NotReadyError)):
        imported(city, data)
    assert not Opportunity.objects.exists()


def test_markup_and_formulas_stay_text(city: SmallCity) -> None:
    title = "=1+1<script>alert(1)</script>"
    text = f"{','.join(HEAD[1:3])}\n{title},ในเมือง\nทอผ้า,ในเมือง\n"
    imported(city, text.encode(), "แผน.csv")
    assert Opportunity.objects.filter(title_th=title).exists()


def test_statements_do_not_grow_with_the_rows(
    city: SmallCity, nfe: Partner, django_assert_max_num_queries: Any
) -> None:
    rows = [["", f"หลักสูตรที่ {n}", "ในเมือง", "", 10, "6 ธ.ค. 2569", "ฟรี", "", "", "", ""] for n in range(400)]
    batch = load(city, workbook(rows))
    with django_assert_max_num_queries(60):
        run_import(batch=batch, by=city.officer)
    assert Opportunity.objects.count() == 400


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, dict[str, Any]]:
    monkeypatch.setattr("okat.config.commands.boot", lambda: None)
    done = CliRunner().invoke(main, ["import", "opportunities", *arguments, "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_the_command_line(city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "แผน.xlsx"
    file.write_bytes(workbook(ROWS))
    code, told = run(monkeypatch, str(file), "--partner", "nfe", "--dry-run")
    assert (code, told["rows"], told["imported"], Opportunity.objects.count()) == (0, 6, 0, 0)
    code, told = run(monkeypatch, str(file), "--partner", "nfe")
    assert (code, told["imported"], told["errors"]) == (0, 6, [])
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(workbook([*ROWS, ["", "ทอผ้า", "ดาวอังคาร", "", -1, "", "", "", "", "", ""]]))
    for more in ((), ("--dry-run",)):
        code, told = run(monkeypatch, str(bad), "--partner", "nfe", *more)
        assert (code, told["imported"]) == (2, 0)
        assert {"row", "column", "message"} <= told["errors"][0].keys()
        assert told["errors"][0]["row"] == 10
    assert run(monkeypatch, str(file), "--partner", "nobody")[0] == 2


@pytest.mark.parametrize("name", sorted(vocabulary("opportunities").fields))
def test_no_field_is_cut_or_dropped_untold(city: SmallCity, nfe: Partner, name: str) -> None:
    """As much as the reader takes goes into the row or its description, whole; else it is refused."""
    field = vocabulary("opportunities").fields[name]
    samples = {
        "phones": ", ".join(f"08123456{n}" for n in range(10, 20)), "cost": "100 บาท/วัน", "stipend": "300 บาท/ชั่วโมง",
        "level": "สูงกว่าปริญญาตรี", "email": "a@b.th", "url": "https://a.th/" + "x" * 380, "sex": "หญิง",
    }  # fmt: skip
    kept = {
        "phones": "0812345619", "cost": "100 บาท ต่อวัน", "stipend": "300 บาท ต่อชั่วโมง", "level": "สูงกว่าปริญญาตรี",
        "sex": "'f'",
    }  # fmt: skip
    if not field.max and name not in samples:
        return  # a number, a day or one of our own words: read or refused
    text = samples.get(name, ("ก" * (field.max - 1) + "ฮ")[: field.max])
    head, row = (
        (["ชื่อโอกาส", field.label_th], ["ทอผ้า", text]) if name != "title" else ([field.label_th, "ตำบล"], [text, ""])
    )
    found = check(workbook([[*row, None, None, None]], [*head, "สถานที่ 2"]), "x.xlsx", "opportunities", nfe)
    if found.errors:
        assert name in {"subdistrict", "district"}, found.errors
        return
    assert kept.get(name, text) in repr(found.ready[0])
