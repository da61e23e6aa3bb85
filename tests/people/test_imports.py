"""People from an office's table: read as it is, all rows or none, nobody twice, undone as one."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from tests.people.conftest import City, member
from tests.said_law import say_law
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core.models import DataKey
from okat.city.partners.rules import Role
from okat.city.people.actions import NotReadyError, run_import, set_columns, undo_import, update_person, upload
from okat.city.people.models import ColumnMapping, ImportBatch, MergeProposal, Person
from okat.city.people.queries import visible_to
from okat.city.people.queries.imports import check, check_batch
from okat.city.people.rules import Law, PeopleError
from okat.cli import main
from okat.files.office import OfficeError

HEAD = ["ที่", "ชื่อ-สกุล", "เลขบัตรประชาชน", "วันเกิด", "โทร", "ตำบล", "ประเภทความพิการ", "ความต้องการ", "รายได้"]
ROWS: list[list[Any]] = [
    [
        1,
        "นางสมหญิง ใจดี",
        "1-1001-00000-01-0",
        "17 พ.ค. 2503",
        "081-234-5678",
        "บ้านเป็ด",
        "ทางการเห็น",
        "รายได้",
        "1,500 บาท",
    ],
    [2, "นายสมชาย ใจดี", "", "๖/๑๒/๒๕๓๙", "", "ต.ศิลา", "", "อยากเลี้ยงไก่", ""],
    [3, "น.ส.กานดา", "", "2520", "", "ศิลา", "", "", "ไม่มี"],
]  # fmt: skip


def workbook(rows: list[list[Any]], head: list[str] = HEAD) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ทะเบียนผู้รับบริการ ปี 2569"])
    sheet.merge_cells("A1:I1")
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    sheet.append(["รวม", f"{len(rows)} คน"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def load(city: City, data: bytes, by: User, law: Law = Law.WELFARE) -> ImportBatch:
    batch = upload(kind="people", partner=city.education, filename="รายชื่อ.xlsx", data=data, by=by)
    return say_law(batch=batch, law=law, by=by)


def test_a_table_as_offices_keep_it(city: City, system: User) -> None:
    done = run_import(batch=load(city, workbook(ROWS), system), by=system)
    assert (done.rows, done.imported, done.known, done.file, done.key) == (3, 3, 0, None, None)
    person = Person.objects.get(given="สมหญิง")
    assert (person.title, person.birth, person.phone, person.area) == ("นาง", "1960-05-17", "0812345678", city.ban_ped)
    assert person.income == 1500
    assert person.unseal(person.care_sealed)["disabilities"][0][0] == "seeing"
    assert [need.term.code for need in person.needs.all()] == ["income"]
    chicken = Person.objects.get(given="สมชาย").visits.get()
    assert "เลี้ยงไก่" in chicken.person.unseal(chicken.note_sealed)
    assert visible_to(city.teacher).count() == 1  # the teacher's area is Ban Ped alone


def test_the_same_file_twice_makes_nobody_twice(city: City, system: User) -> None:
    for expected in (3, 0):
        assert run_import(batch=load(city, workbook(ROWS), system), by=system).imported == expected
    assert Person.objects.count() == 3


def test_one_bad_row_keeps_all_out_and_says_where(city: City, system: User) -> None:
    bad = [*ROWS, [4, "นายใคร", "123", "31 ก.พ. 2530", "", "ดาวอังคาร", "", "", ""]]
    batch = load(city, workbook(bad), system)
    with pytest.raises(NotReadyError):
        run_import(batch=batch, by=system)
    assert not Person.objects.exists()
    errors = check_batch(batch).errors
    assert {(e.row, e.column) for e in errors} == {(6, "C"), (6, "D")}
    assert all(e.message("th") and e.message("en") for e in errors)
    place = [[4, "นายใคร", "", "", "", "ดาวอังคาร", "", "", ""]]
    assert [(e.row, e.column, e.code) for e in check(workbook(place), "x.xlsx", "people", city.education).errors] == [
        (3, "F", "area_unknown")
    ]


def test_a_refusal_is_an_error(city: City) -> None:
    data = workbook([["นายก ข", "บ้านเป็ด", "ไม่"]], ["ชื่อ-สกุล", "ตำบล", "ยินยอม"])
    assert [e.code for e in check(data, "x.xlsx", "people", city.education).errors] == ["consent_refused"]


def test_corrected_columns_are_remembered(city: City, system: User) -> None:
    head = ["ผู้มาติดต่อ", "ที่นี่", "ตำบล"]
    data = workbook([["สมศรี", "ป้าศรี", "ศิลา"], ["สมปอง", "ลุงปอง", "ศิลา"]], head)
    batch = set_columns(
        batch=load(city, data, system), choices={"A": "given", "B": "nickname", "C": "subdistrict"}, by=system
    )
    with pytest.raises(PeopleError) as unsaid:  # other columns, other rows: the law is said anew
        run_import(batch=batch, by=system)
    assert unsaid.value.code == "law_unsaid"
    run_import(batch=say_law(batch=batch, law=Law.TASK, by=system), by=system)
    assert set(Person.objects.values_list("given", "nickname")) == {("สมศรี", "ป้าศรี"), ("สมปอง", "ลุงปอง")}
    assert ColumnMapping.objects.filter(partner=city.education).count() == 3
    again = check(workbook([["สมใจ", "ป้าใจ", "ศิลา"]], head), "x.xlsx", "people", city.education)
    assert [guess.field for guess in again.mapping.guesses] == ["given", "nickname", "subdistrict"]


def test_undo_takes_back_whom_nobody_touched(city: City, system: User) -> None:
    batch = run_import(batch=load(city, workbook(ROWS), system), by=system)
    person = Person.objects.get(given="สมหญิง")
    update_person(person=person, version=1, changes={"phone": "0899999999"}, by=city.teacher)
    assert undo_import(batch=batch, by=system) == (2, 1)
    assert list(Person.objects.values_list("given", flat=True)) == ["สมหญิง"]
    assert DataKey.objects.count() == 1


def test_a_number_that_another_office_has_is_a_proposal(city: City, system: User) -> None:
    city.pin(pin="1100100000010")
    batch = upload(kind="people", partner=city.social, filename="x.xlsx", data=workbook(ROWS), by=system)
    assert run_import(batch=say_law(batch=batch, law=Law.TASK, by=system), by=system).imported == 3
    assert MergeProposal.objects.get().source == "import"


@pytest.mark.parametrize("data", [b"", b"\x00" * 2000, b"%PDF-1.4", b"PK\x03\x04broken", "ชื่อ\n".encode("cp874")])
def test_a_hostile_or_broken_file_leaves_nothing(city: City, system: User, data: bytes) -> None:
    with pytest.raises(OfficeError):
        load(city, data, system)
    assert not ImportBatch.objects.exists()
    assert not DataKey.objects.exists()


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, dict[str, Any]]:
    monkeypatch.setattr("okat.config.commands.boot", lambda: None)
    done = CliRunner().invoke(main, ["import", "people", *arguments, "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_the_command_line(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes("ชื่อ-สกุล,วันเกิด,ตำบล\nนายสมชาย ใจดี,6 ธ.ค. 2539,บ้านเป็ด\n".encode("cp874"))
    bad.write_text("ชื่อ-สกุล,วันเกิด,ตำบล\nนายสมชาย ใจดี,วันไหนนะ,บ้านเป็ด\nนายสมปอง ดี,,บ้านเป็ด\n", encoding="utf-8")
    for unsaid in ([], ["--dry-run"]):
        code, told = run(monkeypatch, str(good), "--partner", "education", *unsaid)
        assert (code, told["imported"], [e["code"] for e in told["errors"]]) == (2, 0, ["law_unsaid"])
    law = ["--by-law", "s24_4"]
    code, told = run(monkeypatch, str(good), "--partner", "education", *law, "--dry-run")
    assert (code, told["rows"], told["imported"], told["errors"]) == (0, 1, 0, [])
    assert (told["law"], told["lawful"], told["by_consent"]) == ("s24_4", 1, 0)
    code, told = run(monkeypatch, str(bad), "--partner", "education", *law)
    assert (code, told["rows"], told["imported"]) == (2, 2, 0)
    assert [(e["row"], e["column"]) for e in told["errors"]] == [(2, "B")]
    assert not Person.objects.exists()
    code, told = run(monkeypatch, str(good), "--partner", "education", *law)
    assert (code, told["imported"]) == (0, 1)
    assert Person.objects.get().grants.get().basis.law == Law.TASK
    code, told = run(monkeypatch, str(good), "--partner", "nobody")
    assert (code, told["errors"][0]["row"]) == (2, 0)


def test_every_file_is_reached_from_the_list_however_many_were_sent(city: City, client: Client) -> None:
    """A file falls off the first page, and is taken back from the next."""
    lead = member(city.education, Role.MANAGER, "lead")
    made = [
        upload(
            kind="people", partner=city.education, filename=f"{n}.csv", data=f"ชื่อ,สกุล\nมาลี,ใจดี {n}\n".encode(), by=lead
        )
        for n in range(23)
    ]
    sign_in_fully(client, lead)
    first = client.get("/people/import/people/").content.decode()
    second = client.get("/people/import/people/?page=2").content.decode()
    assert "page=2" in first
    for batch in made:
        url = reverse("people:import-batch", args=[batch.pk])
        assert (url in first) != (url in second), batch.filename
