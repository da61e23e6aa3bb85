"""The import's pages: sent, corrected, seen, all or nothing, taken back; nobody else's file opens."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.people.conftest import City
from tests.people.test_imports import HEAD, ROWS, workbook
from tests.signing import sign_in_fully

from okat.city.core.models import AuditEntry
from okat.city.people.models import ImportBatch, Person

START = reverse("people:import", kwargs={"kind": "people"})
BAD = [*ROWS, [4, "=cmd|นายใคร", "123", "31 ก.พ. 2530", "", "ศิลา", "", "", ""]]


@pytest.fixture
def office(city: City, client: Client) -> Client:
    sign_in_fully(client, city.officer)
    return client


def send(client: Client, data: bytes, name: str = "รายชื่อ.xlsx", **more: str) -> str:
    """The address that the sending leads to."""
    page = client.post(START, {"file": SimpleUploadedFile(name, data), **more})
    assert page.status_code == 302, page.content.decode()
    return str(page.headers["Location"])


def say_law(office: Client, where: str) -> None:
    """None of these files has a column of consent."""
    assert (
        office.post(where + "columns/", {"of_law": "1", "law": "s26_5", "rows": told(office, where)}).status_code == 302
    )


def told(office: Client, where: str) -> str:
    """Of how many rows the page asks for the law."""
    found = re.search(r'name="rows" value="(\d+)"', office.get(where).content.decode())
    assert found
    return found[1]


def test_a_law_is_said_of_as_many_rows_as_the_page_told(office: Client, city: City) -> None:
    where = send(office, workbook(ROWS))
    count = told(office, where)
    other = send(office, workbook(ROWS[:1]), "หนึ่งคน.xlsx")
    say_law(office, other)
    office.post(other + "run/")  # between the page and the answer
    office.post(where + "columns/", {"of_law": "1", "law": "s26_5", "rows": count})
    assert int(told(office, where)) == int(count) - 1
    assert "แถวไม่มีความยินยอมในไฟล์" in office.get(where).content.decode()
    office.post(where + "run/")
    assert Person.objects.count() == 1
    say_law(office, where)
    office.post(where + "run/")
    assert Person.objects.count() == int(count)
    for wrong in ("", "0", "-1", "x", "9" * 30):
        assert office.post(other + "columns/", {"of_law": "1", "law": "s26_5", "rows": wrong}).status_code == 302


def test_from_the_file_to_people_and_back(office: Client, city: City) -> None:
    where = send(office, workbook(ROWS))
    page = office.get(where).content.decode()
    assert "นำเข้าได้ 3 แถว" in page
    assert "สมหญิง" in page
    assert not Person.objects.exists()
    assert AuditEntry.objects.filter(verb="people.read_import", actor=city.officer).count() == 1
    say_law(office, where)
    done = office.post(where + "run/", follow=True).content.decode()
    assert "นำเข้าแล้ว 3 แถว" in done
    assert Person.objects.count() == 3
    back = office.post(where + "undo/", {"sure": "1"}, follow=True).content.decode()
    assert "ถอนออกแล้ว 3 แถว" in back
    assert not Person.objects.exists()


def test_the_same_form_sent_twice_counts_once(office: Client) -> None:
    token = "0190b4b8-0000-7000-8000-000000000001"
    assert send(office, workbook(ROWS), once=token) == send(office, workbook(ROWS), once=token)
    batch = ImportBatch.objects.get()
    run = reverse("people:import-run", args=[batch.pk])
    say_law(office, reverse("people:import-batch", args=[batch.pk]))
    once = {"once": "0190b4b8-0000-7000-8000-000000000002"}
    assert [office.post(run, once).status_code for _ in range(2)] == [302, 302]
    assert Person.objects.count() == 3


def test_errors_keep_everything_out_and_can_be_taken_along(office: Client) -> None:
    where = send(office, workbook(BAD))
    page = office.get(where).content.decode()
    assert "ต้องแก้ 1 แถวก่อน" in page
    assert reverse("people:import-run", args=[ImportBatch.objects.get().pk]) not in page
    office.post(where + "run/")
    assert not Person.objects.exists()
    lines = office.get(where + "errors.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("แถว,")
    assert any(line.startswith("6,D") for line in lines)
    sheet = load_workbook(BytesIO(office.get(where + "mend.xlsx").content)).active
    assert sheet is not None
    assert "D:" in str(sheet.cell(6, len(HEAD) + 1).value)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_what_may_be_a_no_or_somebody_else_stands_open_before_the_import(office: Client) -> None:
    rows = [["นายเอก ดี", "/", "วาจา", 70, "ห้ามเดินไกล"], ["นายโท ดี และนางตรี ดี", "/", "วาจา", 70, ""]]
    data = workbook(rows, ["ชื่อ-สกุล", "ยินยอม", "วิธีให้ความยินยอม", "อายุ", "หมายเหตุ"])
    page = office.get(send(office, data, "ผู้เสียชีวิต.xlsx")).content.decode()
    look = page.partition('id="look"')[2].partition("</section>")[0]
    for said in ("“ผู้เสียชีวิต”", "มีคนที่สอง", "คำปฏิเสธ"):
        assert said in look


def test_columns_are_corrected_and_remembered(office: Client) -> None:
    data = workbook([["สมศรี", "ป้าศรี", "ศิลา"], ["สมปอง", "ลุงปอง", "ศิลา"]], ["ผู้มาติดต่อ", "ที่นี่", "ตำบล"])
    where = send(office, data)
    chosen = {"column_A": "given", "column_B": "nickname", "column_C": "subdistrict"}
    assert "จะจำไว้ใช้" in office.post(where + "columns/", chosen, follow=True).content.decode()
    twice = office.post(where + "columns/", {**chosen, "column_B": "given"}, follow=True).content.decode()
    assert "alert no" in twice
    say_law(office, where)
    office.post(where + "run/")
    assert set(Person.objects.values_list("given", "nickname")) == {("สมศรี", "ป้าศรี"), ("สมปอง", "ลุงปอง")}
    again = office.get(send(office, data)).content.decode()
    assert "มีอยู่แล้ว 2 แถว" in again
    there, _advice, no_data = again.partition('id="out"')[2].partition("</section>")[0].partition("ใส่ลำดับที่")
    assert ["สมศรี" in there, "สมศรี" in no_data] == [True, False]  # a running number helps what looks like no data
    assert "ไฟล์เดียวกันนี้นำเข้าแล้ว" in again


def test_what_is_no_table_is_refused_beside_the_field(office: Client) -> None:
    page = office.post(START, {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.4")})
    assert page.status_code == 200
    assert 'id="id_file_error"' in page.content.decode()
    assert not ImportBatch.objects.exists()
    assert "id_file_error" in office.post(START, {"once": "-"}).content.decode()


def test_markup_in_a_file_stays_text(office: Client) -> None:
    rows = [["<script>alert(1)</script>", "ศิลา"], ["นายดี งาม", "ไม่มีที่นี่<b>"]]
    page = office.get(send(office, workbook(rows, ["ชื่อ-สกุล", "ตำบล"]), name="<img src=x>.xlsx")).content.decode()
    assert "<script>alert(1)" not in page
    assert "ไม่มีที่นี่<b>" not in page
    assert "<img src=x>" not in page


def test_only_the_office_itself_sees_its_file(office: Client, city: City, client: Client) -> None:
    where = send(office, workbook(ROWS))
    sign_in_fully(client, city.teacher)  # a field worker of another office: no permission at all
    assert client.get(where).status_code == 403
    assert client.get(START).status_code == 403
    assert office.get("/people/import/nothing/").status_code in {403, 404}


def test_a_file_that_is_given_up_is_gone(office: Client) -> None:
    where = send(office, workbook(ROWS))
    office.post(where + "drop/", {"sure": "1"})
    batch = ImportBatch.objects.get()
    assert (batch.status, batch.file, batch.key) == ("dropped", None, None)
    assert office.get(where + "errors.csv").status_code == 404
    assert "ยกเลิกไฟล์นี้แล้ว" in office.get(where).content.decode()


def test_the_empty_table_can_be_taken(office: Client) -> None:
    book = load_workbook(BytesIO(office.get(START + "template.xlsx").content))
    assert book.worksheets[0].max_column > 5
