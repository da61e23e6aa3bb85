"""An office's table of people loses nobody and invents nothing."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from stdnum.th.pin import calc_check_digit
from tests.people.conftest import City, area
from tests.people.test_imports import load, workbook
from tests.said_law import say_law
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core.forms import ThaiBirthField
from okat.city.partners.models import Partner
from okat.city.people.actions import run_import, undo_import, upload
from okat.city.people.models import Consent, Household, MergeProposal, Person
from okat.city.people.queries.imports import Checked, check
from okat.city.people.rules import Law
from okat.city.taxonomy.models import Term, Vocabulary
from okat.cli import main
from okat.files.office import vocabulary
from okat.thai.partial import PartialDate

A, B = (f"{digits}{calc_check_digit(digits)}" for digits in ("110010000001", "110010000002"))
PLACE = ["ตำบล", "อำเภอ"]
HERE = ["ศิลา", "เมืองขอนแก่น"]


def checked(city: City, head: list[str], *rows: list[Any], law: str = Law.WELFARE, **said: str | None) -> Checked:
    """`said`: letters of columns and what somebody said that they are."""
    return check(workbook([*rows], head), "x.xlsx", "people", city.education, choices=said, law=law)


def imported(city: City, by: User, head: list[str], *rows: list[Any]) -> Any:
    return run_import(batch=load(city, workbook([*rows], head), by), by=by)


def notes(person: Person) -> str:
    return "\n".join(str(person.unseal(visit.note_sealed)) for visit in person.visits.all())


def codes(found: Checked) -> list[tuple[int, str]]:
    return [(told.row, told.code) for told in found.warnings]


def test_two_cards_are_two_people_and_who_is_passed_over_is_named(city: City, system: User) -> None:
    head = ["ที่", "ชื่อ", "นามสกุล", "เลขบัตรประชาชน", *PLACE]
    imported(city, system, head, [1, "สมชาย", "ใจดี", A, *HERE], [2, "มาลี", "ดี", "", *HERE])
    again = [[1, "สมชาย", "ใจดี", A, *HERE], [2, "สมชาย", "ใจดี", B, *HERE], [3, "มาลี", "ดี", "", *HERE]]
    found = checked(city, head, *again)
    assert [(row.row, row.code, row.value) for row in found.passed] == [
        (3, "known_number", "สมชาย ใจดี"), (5, "known_name", "มาลี ดี"),
    ]  # fmt: skip
    assert codes(found) == [(4, "two_people")]
    done = imported(city, system, head, *again)
    assert (done.rows, done.imported, done.known) == (3, 1, 2)
    assert Person.objects.filter(given="สมชาย").count() == 2
    told = [(entry["row"], entry["count"]) for entry in done.left if "out" in entry]
    assert told == [("1", 1), ("3", 1), ("5", 1), ("6", 1)]
    assert "มาลี" not in str(done.left)
    assert not MergeProposal.objects.exists()


def test_a_card_that_the_record_lacks_is_put_to_somebody(city: City, system: User) -> None:
    head = ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน", *PLACE]
    imported(city, system, head, ["มาลี", "ดี", "", *HERE])
    assert codes(checked(city, head, ["มาลี", "ดี", A, *HERE])) == [(3, "known_numberless")]
    assert imported(city, system, head, ["มาลี", "ดี", A, *HERE]).imported == 1
    pair = MergeProposal.objects.get()
    assert (pair.source, {pair.left.given, pair.right.given}) == ("import", {"มาลี"})
    assert imported(city, system, head, ["มาลี", "ดี", A, *HERE]).imported == 0  # the same file makes nobody twice
    other = checked(city, head, ["มานี", "ดี", A, *HERE])
    assert [(row.value, row.message("en")[:27]) for row in other.passed] == [("มานี ดี", "this identity number is her")]
    assert "another name" in other.passed[0].message("en")


def test_a_number_that_cannot_be_right_is_put_to_somebody_too(city: City, system: User) -> None:
    head = ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน", *PLACE]
    imported(city, system, head, ["มาลี", "ดี", A, *HERE])
    typing = f"{A[:-1]}{(int(A[-1]) + 1) % 10}"
    assert codes(checked(city, head, ["มาลี", "ดี", typing, *HERE])) == [
        (3, "pin_check_digit"), (3, "known_numberless"),
    ]  # fmt: skip
    imported(city, system, head, ["มาลี", "ดี", typing, *HERE])
    assert MergeProposal.objects.count() == 1


def test_every_row_of_the_sheet_is_counted(city: City) -> None:
    head = ["ลำดับ", "ชื่อ", "นามสกุล", *PLACE]
    found = checked(city, head, [1, "รวม", "ทดสอบการ", *HERE], [], [2, "บุญมี"])
    assert len(found.ready) == 2
    lines = found.lines
    assert lines == {"all": 6, "header": 1, "data": 2, "left": 2, "blank": 1}
    assert lines["all"] == sum(lines.values()) - lines["all"]
    assert [(row.row, row.code) for row in found.out] == [(1, "left_title"), (6, "left_total")]


CONSENT = ["ชื่อ-สกุล", "วันเกิด", *PLACE, "ยินยอม", "วันที่ให้ความยินยอม", "วิธีให้ความยินยอม", "ผู้ปกครอง"]


@pytest.mark.parametrize(
    ("birth", "said", "how", "guardian", "errors"),
    [
        ("2520", "1 ม.ค. 2569", "", "", ["consent_how"]),
        ("2520", "1 ม.ค. 2569", "ออนไลน์", "", ["consent_how"]),
        ("2520", "ม.ค. 2569", "ลงชื่อ", "", ["consent_day"]),
        ("2560", "1 ม.ค. 2569", "ลงชื่อ", "", ["guardian"]),
        ("2548", "1 ม.ค. 2567", "ลงชื่อ", "", ["guardian"]),
        ("2548", "1 ม.ค. 2569", "ลงชื่อ", "", []),
        ("2560", "1 ม.ค. 2559", "ผู้ปกครอง", "นางแม่ ดี", ["consent_before_birth"]),
        ("2560", "1 ม.ค. 2569", "ผู้ปกครอง", "", ["guardian_name"]),
        ("2560", "1 ม.ค. 2569", "ผู้ปกครอง", "นางแม่ ดี", []),
        ("2520", "1 ม.ค. 2569", "ลงชื่อ", "", []),
    ],
)
def test_a_consent_is_recorded_as_the_file_says_or_not_at_all(
    city: City, birth: str, said: str, how: str, guardian: str, errors: list[str]
) -> None:
    found = checked(city, CONSENT, ["มาลี ดี", birth, *HERE, "ใช่", said, how, guardian])
    assert [error.code for error in found.errors] == errors


def test_a_consent_without_a_day_is_of_the_day_of_the_import_and_that_is_said(city: City) -> None:
    found = checked(city, CONSENT, ["มาลี ดี", "2520", *HERE, "ใช่", "", "ลงชื่อ", ""])
    assert ("consent_date", "consent_day_assumed") in [(told.field, told.code) for told in found.warnings]
    assert not found.errors


def test_the_day_and_the_way_of_the_file_are_kept(city: City, system: User) -> None:
    rows = [
        ["มาลี ดี", "2520", *HERE, "ใช่", "1 ม.ค. 2569", "พิมพ์ลายนิ้วมือ", ""],
        ["ก้อง ดี", "2560", *HERE, "ใช่", "2 ม.ค. 2569", "ผู้ปกครอง", "นางแม่ ดี"],
        ["สมชาย ดี", "2520", *HERE, "", "3 ม.ค. 2569", "วาจา", ""],
    ]
    imported(city, system, CONSENT, *rows)
    given = {one.person.given: one for one in Consent.objects.select_related("person__key")}
    assert {name: (one.how, f"{one.at.astimezone():%Y-%m-%d}") for name, one in given.items()} == {
        "มาลี": ("thumb", "2026-01-01"), "ก้อง": ("guardian", "2026-01-02"),
    }  # fmt: skip
    assert given["ก้อง"].person.unseal(given["ก้อง"].witness_sealed) == "นางแม่ ดี"
    assert "วาจา 3 ม.ค. 2569" in notes(Person.objects.get(given="สมชาย"))


def test_words_of_state_are_in_no_list(city: City, system: User) -> None:
    imported(city, system, ["ชื่อ-สกุล", *PLACE], ["นายสมชาย ใจดี/พิการ ขี้ยา (ติดเชื้อ HIV)", *HERE])
    person = Person.objects.get()
    assert (person.given, person.family, person.nickname) == ("สมชาย", "ใจดี", "")
    for word in ("HIV", "พิการ", "ขี้ยา"):
        assert word in notes(person)
        assert word not in f"{person.find}{person.sort}{person.full_name}"


def test_communities_with_and_without_the_word(city: City, system: User) -> None:
    wang = area("400105-w", "ชุมชนหนองแวง", "community", city.sila)
    head = ["ชื่อ-สกุล", "บ้านเลขที่", "ชุมชน", *PLACE]
    rows = [
        ["ก ดี", "12/7", "หนองแวง", *HERE], ["ข ดี", "12/7", "ชุมชนหนองแวง", *HERE],
        ["ค ดี", "12/7", "ชุมชนโนนทัน", *HERE], ["ง ดี", "12/7", "", "", ""], ["จ ดี", "12/7", "", "", ""],
    ]  # fmt: skip
    found = checked(city, head, *rows)
    assert codes(found) == [(5, "kept_whole"), (6, "area_assumed"), (7, "area_assumed")]
    imported(city, system, head, *rows)
    people = {person.given: person for person in Person.objects.select_related("key")}
    assert [people[name].area for name in "กขค"] == [wang, wang, city.sila]
    assert people["ก"].household_id == people["ข"].household_id
    assert len({people[name].household_id for name in "กคงจ"}) == 4 == Household.objects.count()
    assert "โนนทัน" in notes(people["ค"])


@pytest.mark.parametrize(
    ("address", "code", "told"),
    [
        ("123 ม.4 ต.ศิลา อ.เมืองขอนแก่น", "400105", []),
        ("123 ม.4 ตำบลศิลา อ.เมือง จ.ขอนแก่น", "400105", []),
        ("123 ถ.มิตรภาพ", "40", ["area_assumed"]),
        ("123 ต.หมากแข้ง อ.เมืองอุดรธานี จ.อุดรธานี", "40", ["area_assumed"]),
        ("-", "40", ["area_assumed"]),
    ],
)
def test_an_address_in_one_cell(city: City, address: str, code: str, told: list[str]) -> None:
    found = checked(city, ["ชื่อ-สกุล", "ที่อยู่"], ["มาลี ดี", address])
    assert [row.area.code for row in found.ready] == [code]
    assert [warning.code for warning in found.warnings] == told
    assert address == "-" or address in found.ready[0].note


def test_the_seat_of_the_province_as_people_say_it(city: City) -> None:
    for district in ("เมือง", "อ.เมือง", "อำเภอเมืองขอนแก่น", "เมืองขอนแก่น"):
        assert checked(city, ["ชื่อ-สกุล", *PLACE], ["มาลี ดี", "ศิลา", district]).ready[0].area == city.sila
    dashes = checked(city, ["ชื่อ-สกุล", *PLACE], ["มาลี ดี", "-", "-"])
    assert codes(dashes) == [(3, "area_assumed")]


def test_an_office_of_a_district_or_sub_district_reads_what_lies_above_it(city: City) -> None:
    home = city.sila.parent
    assert home is not None
    for at in (home, city.sila):
        Partner.objects.filter(pk=city.education.pk).update(area=at)
        city.education.refresh_from_db()
        inside = checked(city, ["ชื่อ-สกุล", *PLACE], ["มาลี ดี", *HERE], ["ก ดี", "", HERE[1]])
        assert [(row.area, row.given) for row in inside.ready] == [(city.sila, "มาลี"), (at, "ก")]
        assert not inside.errors
        address = checked(city, ["ชื่อ-สกุล", "ที่อยู่"], ["มาลี ดี", "123 ต.ศิลา อ.เมืองขอนแก่น จ.ขอนแก่น"])
        assert ([row.area for row in address.ready], codes(address)) == ([city.sila], [])
    away = checked(city, ["ชื่อ-สกุล", *PLACE], ["มาลี ดี", HERE[0], "น้ำพอง"])
    assert [error.code for error in away.errors] == ["area_unknown"]


def test_the_age_column_against_the_birth_date(city: City) -> None:
    found = checked(city, ["ชื่อ-สกุล", "วันเกิด", "อายุ", *PLACE], ["มาลี ดี", "2520", 20, *HERE], ["ก ดี", "2520", 49, *HERE])
    assert codes(found) == [(3, "kept_whole")]
    assert found.ready[0].birth == PartialDate(1977)
    assert "อายุ: 20" in found.ready[0].note


SAMPLES = {
    "phones": "081-234-5678, 089-876-5432 ต่อ 12", "income": "3000.75", "education": "สูงกว่าปริญญาตรี",
    "consent_sensitive": "ใช่",
    "consent_date": "1 ม.ค. 2569", "consent_how": "วาจา", "consent_by": "นางแม่ ดี", "age": "20", "pin": A,
    "household_head": "ใช่", "birth_date": "17 พ.ค. 2520", "sex": "หญิง", "disabilities": "ทางการเห็น",
}  # fmt: skip
KEPT = {
    "phones": "089-876-5432 ต่อ 12", "income": "3000.75", "education": "สูงกว่าปริญญาตรี", "consent_date": "1 ม.ค. 2569",
    "consent_how": "วาจา", "consent_by": "นางแม่ ดี",
    "consent_sensitive": "ความยินยอมให้เก็บข้อมูลสุขภาพตามไฟล์: ใช่",
    "age": "2006", "pin": A.replace("-", ""), "household_head": "head",
    "birth_date": "1977", "sex": "'f'", "disabilities": "seeing", "refused_sensitive": "no_health=True",
}  # fmt: skip
PLACES = {"subdistrict", "district"}  # refused where they are not known
CLAIM = {"consent", "refused"}  # the first is asked about without its way, the second is a no


@pytest.mark.parametrize("name", sorted(vocabulary("people").fields))
def test_no_field_is_cut_or_dropped_untold(city: City, name: str) -> None:
    """As much as the reader takes goes into the row or its note, whole; else the row is refused."""
    field = vocabulary("people").fields[name]
    if field.type == "tick":
        return
    text = SAMPLES.get(
        name, "ใช่" if name in CLAIM | {"refused_sensitive"} else ("ก" * (field.max - 1) + "ฮ")[: field.max]
    )
    head = ["ชื่อ", field.label_th] if name not in ("given", "full_name") else [field.label_th, "ตำบล"]
    row = ["มาลี", text] if head[0] == "ชื่อ" and name != "given" else [text, "ศิลา"]
    found = checked(city, head, row)
    if found.errors:
        assert name in PLACES | CLAIM
        return
    (ready,) = found.ready
    kept = repr(ready)
    assert KEPT.get(name, text) in kept
    fields = {"pin", "age", "household_head", "birth_date", "sex", "disabilities", "refused_sensitive", "consent_by"}
    assert name not in KEPT or name in fields or "kept_whole" in [w.code for w in found.warnings]


def test_a_note_holds_what_two_columns_say_of_one_field(city: City) -> None:
    found = checked(city, ["ชื่อ-นามสกุล", "ชื่อเล่น", *PLACE], ["มาลี ดี (ชื่อเล่น แดง)", "เล็ก", *HERE])
    assert (found.ready[0].nickname, codes(found)) == ("แดง", [(3, "said_twice")])
    assert "เล็ก" in found.ready[0].note


def two_sheets() -> bytes:
    book = Workbook()
    for name, given in (("หมู่ 1", "มาลี"), ("หมู่ 2", "สมชาย")):
        sheet = book.create_sheet(name)
        for row in (["ลำดับ", "ชื่อ", "นามสกุล", "ตำบล"], [1, given, "ดี", "-"], [2, f"{given}นี", "ดี", "ศิลา"], ["รวม", 2]):
            sheet.append(row)
    book.remove(book.worksheets[0])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_command_line_tells_all_and_takes_the_sheet_that_is_named(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("okat.config.commands.boot", lambda: None)
    file = tmp_path / "a.xlsx"
    file.write_bytes(two_sheets())

    def run(*more: str) -> str:
        done = CliRunner().invoke(
            main, ["import", "people", str(file), "--partner", "education", "--by-law", "s24_4", *more]
        )
        assert done.exit_code == 0, done.output
        return done.stdout

    told = run("--dry-run")
    assert all(each in told for each in ("4: แถวรวมยอด / a total (รวม 2)", "ข้อสังเกต", "(--sheet NAME): หมู่ 2"))
    assert "4 rows in the sheet: 1 of the header, 2 with data, 1 no data, 0 blank" in told
    said = json.loads(run("--dry-run", "--json"))
    assert [(row["row"], row["code"], row["text"]) for row in said["left"]] == [(4, "left_total", "รวม 2")]
    assert (said["sheet"], said["other_sheets"]) == ("หมู่ 1", ["หมู่ 2"])
    assert [warning["code"] for warning in said["warnings"]] == ["area_assumed"]
    assert json.loads(run("--sheet", "หมู่ 2", "--json"))["imported"] == 2
    assert set(Person.objects.values_list("given", flat=True)) == {"สมชาย", "สมชายนี"}


def test_the_pages_name_what_does_not_go_in(city: City, client: Client) -> None:
    manager = city.officer
    sign_in_fully(client, manager)
    batch = upload(kind="people", partner=city.social, filename="a.xlsx", data=two_sheets(), by=manager)
    say_law(batch=batch, law=Law.TASK, by=manager)
    page = reverse("people:import-batch", args=[batch.pk])

    def seen() -> str:
        return client.get(page, headers={"accept-language": "th"}).content.decode()

    before = seen()
    for words in (
        "ไม่นำเข้า 1 แถว",
        "รวม 2",
        "แถวรวมยอด",
        "หมู่ 2",
        "จึงใช้พื้นที่ของหน่วยงาน",
        "แผ่นงานมี 4 แถว: หัวตาราง 1 ข้อมูล 2",
    ):
        assert words in before
    run_import(batch=batch, by=manager)
    after = seen()
    for words in ("สิ่งที่ไม่ได้นำเข้า", "แถวรวมยอด", "หมู่ 2"):
        assert words in after
    undo_import(batch=batch, by=manager)
    assert "ถอนออกแล้ว" in seen()
    assert "ขอคืนแล้ว" not in seen()


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("6 ธ.ค. 98", "2498"),
        ("17/5/03", "2503"),
        ("6 ธ.ค. 2469", "2469"),
        ("6 ธ.ค. 60", ""),
        ("6 ธ.ค. 68", ""),
        ("1/2/60", ""),
    ],
)
def test_the_form_asks_where_two_digits_may_be_of_two_centuries(typed: str, read_as: str) -> None:
    field = ThaiBirthField()
    if read_as:
        assert str(field.clean(typed).year + 543) == read_as
        return
    with pytest.raises(ValidationError, match=r"two centuries|คนละศตวรรษ"):
        field.clean(typed)


EXPLICIT = ["ชื่อ-สกุล", *PLACE, "ประเภทความพิการ", "ความต้องการ", "ยินยอม", "วิธีให้ความยินยอม"]


def with_explicit(heading: str, said: str, agreed: str = "ยินยอม") -> tuple[list[str], list[str]]:
    return [*EXPLICIT, heading], ["มาลี ดี", *HERE, "ทางการเห็น", "รายได้, คนช่วยดูแล", agreed, "ลงชื่อ", said]


@pytest.mark.parametrize(
    "heading",
    [
        "ยินยอมให้เก็บข้อมูลสุขภาพ",
        "ยินยอมให้เก็บ/ใช้ข้อมูลสุขภาพและความพิการ",
        "ความยินยอม (ข้อมูลอ่อนไหว)",
        "ยินยอมโดยชัดแจ้ง",
        "ให้ความยินยอมข้อมูลความพิการ",
        "Consent to health data",
    ],
)
@pytest.mark.parametrize(
    ("said", "explicit"), [("ยินยอม", True), ("ไม่ยินยอม", False), ("ไม่ให้ความยินยอม", False), ("", False)]
)
def test_health_is_kept_with_its_own_yes_alone(
    city: City, system: User, heading: str, said: str, explicit: bool
) -> None:
    need = Term.objects.filter(vocabulary=Vocabulary.NEED)
    need.filter(code="income").update(synonyms=["รายได้"])
    Term.objects.create(vocabulary=Vocabulary.NEED, code="helper", th="คนช่วยดูแล", en="helper", sensitive=True)
    head, row = with_explicit(heading, said)
    done = imported(city, system, head, row)
    person, consent = Person.objects.get(), Consent.objects.get()
    assert (consent.sensitive, person.grants.get().sensitive) == (explicit, explicit)
    assert (person.care_sealed is not None) == explicit
    assert {need.term.code for need in person.needs.all()} == ({"income", "helper"} if explicit else {"income"})
    told = [entry for entry in done.left if "explicit" in entry.get("en", "") or "says no" in entry.get("en", "")]
    assert [entry["row"] for entry in told] == ([] if explicit else ["3"])
    assert "seeing" not in str(done.left) + notes(person)


def test_a_plain_yes_is_none_to_health_and_a_register_by_law_keeps_it(city: City, system: User) -> None:
    plain = checked(city, EXPLICIT, ["มาลี ดี", *HERE, "ทางการเห็น", "", "ยินยอม", "ลงชื่อ"])
    assert (codes(plain), plain.ready[0].disabilities) == ([(3, "consent_day_assumed"), (3, "not_explicit")], ())
    assert not plain.ready[0].consents[0].sensitive
    nothing = checked(city, EXPLICIT, ["มาลี ดี", *HERE, "ไม่พิการ", "", "ยินยอม", "ลงชื่อ"])
    assert codes(nothing) == [(3, "consent_day_assumed")]
    row = ["มาลี ดี", *HERE, "ทางการเห็น"]
    law = checked(city, EXPLICIT[:4], row)
    assert (codes(law), len(law.ready[0].disabilities), law.ready[0].law) == ([], 1, Law.WELFARE)
    task = checked(city, EXPLICIT[:4], row, law=Law.TASK)
    assert (codes(task), task.ready[0].disabilities, task.ready[0].law) == ([(3, "not_explicit")], (), Law.TASK)
    unsaid = checked(city, EXPLICIT[:4], row, law="")
    assert (unsaid.ready[0].disabilities, unsaid.ready[0].law, unsaid.law_unsaid) == ((), None, True)
    refused = checked(city, *with_explicit("ยินยอมให้เก็บข้อมูลสุขภาพ", "ไม่ยินยอม", ""))
    assert ("not_explicit" in {code for _row, code in codes(refused)}, refused.ready[0].disabilities) == (True, ())


def test_a_row_without_a_yes_rests_on_nothing_that_nobody_said(city: City, system: User) -> None:
    head = ["ชื่อ-สกุล", *PLACE, "ประเภทความพิการ", "ยินยอม", "วิธีให้ความยินยอม"]
    rows = [["มาลี ดี", *HERE, "ทางการเห็น", "", ""], ["ก ดี", *HERE, "-", "ใช่", "ลงชื่อ"]]
    unsaid = checked(city, head, *rows, law="")
    assert (unsaid.law_unsaid, unsaid.lawful, unsaid.agreed) == (True, 1, 1)
    found = checked(city, head, *rows, law=Law.TASK)
    assert [(row.law, row.disabilities, bool(row.consents)) for row in found.ready] == [
        (Law.TASK, (), False), (None, (), True),
    ]  # fmt: skip
    assert (3, "not_explicit") in codes(found)
    imported(city, system, ["ชื่อ-สกุล", *PLACE, "ประเภทความพิการ", "ยินยอมให้เก็บข้อมูลสุขภาพ"],
             ["มาลี ดี", *HERE, "ทางการเห็น", "ไม่ยินยอม"])  # fmt: skip
    person = Person.objects.get(given="มาลี")
    assert (person.care_sealed, person.grants.get().sensitive) == (None, False)


def test_the_page_says_first_what_goes_in_without(city: City, client: Client) -> None:
    sign_in_fully(client, city.officer)
    data = workbook([["มาลี ดี", *HERE, "ทางการเห็น", "", "ยินยอม", "ลงชื่อ"]], EXPLICIT)
    batch = upload(kind="people", partner=city.social, filename="a.xlsx", data=data, by=city.officer)
    page = reverse("people:import-batch", args=[batch.pk])
    words = "1 แถวนำเข้าโดยไม่มีความพิการและความต้องการด้านสุขภาพ"
    assert words in client.get(page, headers={"accept-language": "th"}).content.decode()
    run_import(batch=batch, by=city.officer)
    assert "ไฟล์ไม่ได้บอกว่ายินยอมโดยชัดแจ้ง" in client.get(page, headers={"accept-language": "th"}).content.decode()


def test_the_page_says_first_which_hidden_rows_go_in(city: City, client: Client) -> None:
    book = load_workbook(BytesIO(workbook([["มาลี ดี", *HERE], ["สมชาย ดี", *HERE]], ["ชื่อ-สกุล", *PLACE])))
    book.worksheets[0].row_dimensions[4].hidden = True
    target = BytesIO()
    book.save(target)
    sign_in_fully(client, city.officer)
    batch = upload(kind="people", partner=city.social, filename="a.xlsx", data=target.getvalue(), by=city.officer)
    page = client.get(reverse("people:import-batch", args=[batch.pk]), headers={"accept-language": "th"})
    assert "1 แถวที่ซ่อนหรือถูกกรองออกในไฟล์จะนำเข้าด้วย: แถว 4" in page.content.decode()
