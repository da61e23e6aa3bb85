"""What is said of a file's rows is true: why a pair is put up, what differs, what is missing, what stands there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City
from tests.people.test_imports import load, workbook
from tests.people.test_office_tables import HERE, PLACE, A, B, checked, imported
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.people.actions import merge, propose_merge
from okat.city.people.models import MergeProposal, Person
from okat.city.people.queries.importing import IMPORTERS
from okat.city.people.rules.told import NAMED, SOURCES, found_by
from okat.thai.partial import PartialDate, age

HEAD = ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน", "โทรศัพท์", "วันเกิด", *PLACE]
WRONG = f"{B[:-1]}{(int(B[-1]) + 1) % 10}"


def row(pin: str = "", phone: str = "", born: str = "", given: str = "มาลี") -> list[Any]:
    return [given, "ดี", pin, phone, born, *HERE]


@pytest.mark.parametrize(
    ("source", "one", "other", "says"),
    [("import", "a", "a", "import"), ("import", "a", "b", NAMED), ("import", "", "", NAMED), ("import", "a", "", NAMED),
     ("pin", "a", "a", "pin"), ("worker", "", "", "worker")],
)  # fmt: skip
def test_why_a_pair_is_put_up(source: str, one: str, other: str, says: str) -> None:
    assert found_by(source, one, other) == SOURCES[says]


def test_namesakes_of_a_file_are_not_told_to_have_one_number(city: City, client: Client, system: User) -> None:
    imported(city, system, HEAD, row(A))
    imported(city, system, HEAD, row(WRONG))
    assert MergeProposal.objects.count() == 1
    sign_in_fully(client, city.teacher)
    page = client.get(reverse("people:doubles"), headers={"accept-language": "th"}).content.decode()
    assert MergeProposal.objects.get().source == "import"
    assert "เลขบัตรประชาชนเดียวกัน" not in page


def test_which_of_two_numbers_is_in_doubt(city: City, system: User) -> None:
    imported(city, system, HEAD, row(A), row("", given="กานดา"))
    said = {told.row: told.message("en") for told in checked(city, HEAD, row(WRONG)).warnings if told.field == "pin"}
    assert "in the file cannot be right" in str(said)
    said = {told.row: told.message("en") for told in checked(city, HEAD, row(B, given="กานดา")).warnings}
    assert "is here without a certain identity number" in str(said)


def test_a_file_that_says_otherwise_of_somebody_here_is_told_in_which_cells(city: City, system: User) -> None:
    imported(city, system, HEAD, row(A, "0812345678", "6 ธ.ค. 2499"))
    (same,) = checked(city, HEAD, row(A, "081-234-5678", "6/12/2499")).passed
    assert same.message("th") == "มีเลขประจำตัวนี้อยู่แล้ว"
    (other,) = checked(city, HEAD, row(A, "0898765432", "7 ธ.ค. 2499")).passed
    assert "วันเดือนปีเกิด, โทรศัพท์ ไม่เหมือนกับที่มีอยู่" in other.message("th")
    assert "0898765432" not in other.message("th")


@pytest.mark.parametrize(
    ("record", "file", "differs"),
    [
        ("5 มี.ค. 2501", "2501", False),  # less is not otherwise
        ("2501", "5 มี.ค. 2501", False),
        ("มี.ค. 2501", "2501", False),
        ("5 มี.ค. 2501", "2502", True),
        ("5 มี.ค. 2501", "เม.ย. 2501", True),
        ("", "2501", True),
    ],
)
def test_two_births_differ_where_both_cannot_be_true(
    city: City, system: User, record: str, file: str, differs: bool
) -> None:
    imported(city, system, HEAD, row(A, "", record))
    (told,) = checked(city, HEAD, row(A, "", file)).passed
    assert ("ไฟล์บอก วันเดือนปีเกิด ไม่เหมือน" in told.message("th")) is differs


def test_an_age_or_a_missing_place_says_nothing_otherwise(city: City, system: User) -> None:
    imported(city, system, HEAD, row(A, "0812345678", "6 ธ.ค. 2499"))
    years = age(PartialDate(1956, 12, 6), clock.today()).low
    head = ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน", "อายุ", "โทรศัพท์"]
    for said in (years - 1, years, years + 1):
        (same,) = checked(city, head, ["มาลี", "ดี", A, said, "0898765432, 0812345678"]).passed
        assert same.message("th") == "มีเลขประจำตัวนี้อยู่แล้ว"
    (other,) = checked(city, head, ["มาลี", "ดี", A, years - 5, ""]).passed
    assert "ไฟล์บอก วันเดือนปีเกิด ไม่เหมือน" in other.message("th")
    (wider,) = checked(city, ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน", "อำเภอ"], ["มาลี", "ดี", A, HERE[1]]).passed
    assert wider.message("th") == "มีเลขประจำตัวนี้อยู่แล้ว"


def test_another_place_is_told_of_where_the_file_names_it(city: City, system: User) -> None:
    imported(city, system, HEAD, row(A))
    (away,) = checked(city, HEAD, ["มาลี", "ดี", A, "", "", "บ้านเป็ด", HERE[1]]).passed
    assert "ไฟล์บอก ตำบล ไม่เหมือน" in away.message("th")
    city.education.area = city.ban_ped  # an office of one sub-district: its area stands for what is not said
    city.education.save()
    (silent,) = checked(city, ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน"], ["มาลี", "ดี", A]).passed
    assert silent.message("th") == "มีเลขประจำตัวนี้อยู่แล้ว"


def test_nobody_is_asked_for_the_birth_date_that_stands_there(city: City, system: User) -> None:
    imported(city, system, HEAD, row("", "", "6 ธ.ค. 2499"), row("", "", "", given="กานดา"))
    with_birth, without = checked(city, HEAD, row("", "", "6 ธ.ค. 2499"), row("", "", "", given="กานดา")).passed
    assert "กรุณาใส่เลขประจำตัวแล้ว" in with_birth.message("th")
    assert "กรุณาใส่เลขประจำตัวหรือวันเกิดแล้ว" in without.message("th")


def test_a_row_that_is_passed_over_has_no_remark_of_rows_that_go_in(city: City, system: User) -> None:
    head = ["ชื่อ", "นามสกุล", "โทรศัพท์"]  # the office's own area stands for the place
    imported(city, system, head, ["มาลี", "ดี", "0812345678, 0898765432"])
    found = checked(city, head, ["มาลี", "ดี", "0812345678, 0898765432"], ["ใหม่", "ดี", ""])
    assert [told.row for told in found.passed] == [3]
    assert {told.row for told in found.warnings} == {4}


def test_an_error_shows_what_stands_in_its_cell_but_no_number_of_a_card(city: City) -> None:
    head = ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน", "ตำบล", "อำเภอ"]
    found = checked(
        city, head, ["มาลี", "ดี", "12345", "ไม่มีตำบลนี้", "เมืองขอนแก่น"], ["ก", "ดี", "", "ไม่มีตำบลนี้", "เมืองขอนแก่น"]
    )
    assert {(error.field, error.value) for error in found.errors} == {("pin", ""), ("subdistrict", "ไม่มีตำบลนี้")}


def test_a_file_without_a_column_of_names_says_what_to_choose(city: City) -> None:
    (error,) = checked(city, ["ผู้มาติดต่อ", "อายุ", "เพศ"], ["นายสมชาย ใจดี", 60, "ชาย"]).errors
    assert error.code == "required_column"
    assert "เลือก" in error.message("th")
    assert checked(city, ["รายชื่อสมาชิก", "อายุ", "เพศ"], ["นายสมชาย ใจดี", 60, "ชาย"]).errors == ()


def test_a_day_to_come_is_told_in_the_readers_era(city: City) -> None:
    head = ["ชื่อ", "นามสกุล", "วันเกิด", *PLACE]
    (error,) = checked(city, head, ["มาลี", "ดี", "2 ธ.ค. 2580", *HERE]).errors
    assert "2 ธ.ค. 2580" in error.message("th")
    assert "2037" in error.message("en")


def test_two_records_of_one_office_joined_are_seen_by_no_other(city: City, system: User) -> None:
    one = load(city, workbook([row(A)], HEAD), city.officer)
    kept = imported(city, system, HEAD, row(A, given="มาลี"))
    gone = imported(city, system, HEAD, row(B, given="มาลัย"))
    keep, other = Person.objects.get(batch=kept), Person.objects.get(batch=gone)
    merge(proposal=propose_merge(one=keep, other=other, by=system), keep=keep, by=city.teacher)
    assert one.partner_id == kept.partner_id
    reasons = {why for each in IMPORTERS["people"].undone(kept, city.officer).stays.values() for why in each}
    assert reasons
    assert not {why for why in reasons if "another office" in why or "หน่วยงานอื่น" in why}
