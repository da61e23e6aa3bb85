"""Opportunities from an office's table in the browser: sent, columns corrected and remembered, errors taken along,
all or nothing, taken back."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.catalogue.conftest import SmallCity, member
from tests.catalogue.test_import_opportunities import HEAD, ROWS, workbook
from tests.signing import sign_in_fully

from okat.city.catalogue.models import Opportunity
from okat.city.core.ids import new_id
from okat.city.partners.rules import Role
from okat.city.people.models import ImportBatch

BAD = [["๗", "<script>แย่</script>", "ดาวอังคาร", "", "สิบ", "31 ก.พ. 2569", "แพง", "", "", "", ""]]
START = "/people/import/opportunities/"


@pytest.fixture
def desk(city: SmallCity, client: Client) -> Client:
    sign_in_fully(client, city.officer)
    return client


def sent(client: Client, data: bytes, name: str = "แผน.xlsx", token: str = "") -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(START, {"file": file, "once": token or str(new_id())})


def post(client: Client, batch: ImportBatch, verb: str, **values: str) -> str:
    address = reverse(f"people:import-{verb}", args=[batch.pk])
    return str(client.post(address, {"once": str(new_id()), **values}, follow=True).content.decode())


def test_from_the_file_to_the_catalogue_and_back(desk: Client) -> None:
    token = str(new_id())
    for _ in range(2):  # the same form sent twice is one file
        answer = sent(desk, workbook(ROWS), token=token)
    batch = ImportBatch.objects.get()
    assert answer.headers["Location"] == reverse("people:import-batch", args=[batch.pk])
    page = desk.get(answer.headers["Location"]).content.decode()
    assert "ฝึกทอผ้าไหมมัดหมี่" in page
    assert not Opportunity.objects.exists()  # a preview stores nothing
    token = str(new_id())
    for _ in range(2):
        post(desk, batch, "run", once=token)
    assert Opportunity.objects.count() == 6
    made = Opportunity.objects.get(title_th="ทำขนมไทย")
    assert (made.provider.code, str(made.starts_on), int(made.cost), made.capacity) == ("nfe", "2026-12-06", 1500, 15)
    done = desk.get(reverse("people:import-batch", args=[batch.pk])).content.decode()
    assert reverse("people:import-undo", args=[batch.pk]) in done
    post(desk, batch, "undo", sure="1")
    assert not Opportunity.objects.exists()


def test_one_bad_row_keeps_all_out_and_its_errors_can_be_taken(desk: Client) -> None:
    sent(desk, workbook([*ROWS, *BAD]))
    batch = ImportBatch.objects.get()
    page = desk.get(reverse("people:import-batch", args=[batch.pk])).content.decode()
    assert reverse("people:import-errors", args=[batch.pk]) in page
    assert reverse("people:import-run", args=[batch.pk]) not in page
    assert "<script>แย่" not in page
    post(desk, batch, "run")  # asked for all the same
    assert not Opportunity.objects.exists()
    text = desk.get(reverse("people:import-errors", args=[batch.pk])).content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))[1:]
    assert {row[0] for row in rows} == {"10"}  # as the spreadsheet program numbers it
    assert {row[2] for row in rows} >= {"ค่าใช้จ่าย", "วันที่เริ่ม"}
    book = load_workbook(BytesIO(desk.get(reverse("people:import-mend", args=[batch.pk])).content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]  # type: ignore[union-attr]
    assert any("ดาวอังคาร" in cell for cell in cells)


def test_corrected_columns_are_remembered_for_the_office(desk: Client) -> None:
    head = [("ของดี" if name == "หลักสูตร/กิจกรรม" else name) for name in HEAD]
    sent(desk, workbook(ROWS, head))
    batch = ImportBatch.objects.get()
    form = desk.get(reverse("people:import-batch", args=[batch.pk])).context["columns"]
    choices = {field.html_name: (field.value() or "") for field in form.columns()}
    name = next(field.html_name for field in form.columns() if "ของดี" in str(field.label))
    assert choices[name] == ""
    title = next(value for value, label in form.fields[name].choices if value == "title")
    post(desk, batch, "columns", **choices | {name: title})
    page = post(desk, batch, "run")
    assert "6" in page
    assert Opportunity.objects.filter(title_th="ทำขนมไทย").exists()
    sent(desk, workbook(ROWS[:2], head), "อีกไฟล์.xlsx")
    second = ImportBatch.objects.exclude(pk=batch.pk).get()
    again = desk.get(reverse("people:import-batch", args=[second.pk])).context["columns"]
    assert next(field.value() for field in again.columns() if "ของดี" in str(field.label)) == "title"


@pytest.mark.parametrize(("name", "data"), [("x.xlsx", b"no table"), ("x.csv", b""), ("x.exe", b"MZ")])
def test_what_is_no_table_is_refused_beside_the_field(desk: Client, name: str, data: bytes) -> None:
    page = sent(desk, data, name)
    assert page.status_code == 200
    assert 'id="id_file_error"' in page.content.decode()
    assert not ImportBatch.objects.exists()


def test_others_neither_see_nor_run_it(city: SmallCity, desk: Client) -> None:
    sent(desk, workbook(ROWS))
    batch = ImportBatch.objects.get()
    other = Client()
    sign_in_fully(other, city.other)
    assert other.get(reverse("people:import-batch", args=[batch.pk])).status_code == 404
    assert other.post(reverse("people:import-run", args=[batch.pk])).status_code == 404
    worker = Client()
    sign_in_fully(worker, member("worker", "nfe", Role.FIELD_WORKER))
    assert worker.get(START).status_code == 403
