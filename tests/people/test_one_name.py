"""Somebody who withdrew, or who died, does not come back because a file or a pin says less of them; and one person who
stands in a register twice is put to somebody who decides."""

import datetime as dt
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from stdnum.th.pin import calc_check_digit
from tests.people.conftest import City, member
from tests.people.test_imports import workbook
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people.actions import (
    ConsentRow,
    HouseRow,
    PinRow,
    merge,
    pin_household,
    pin_many,
    pin_person,
    propose_merge,
    run_import,
    set_status,
    upload,
    withdraw_consent,
)
from okat.city.people.actions._same import resembling, sought, who_is
from okat.city.people.models import Consent, ImportBatch, MergeProposal, Person
from okat.city.people.queries.imports import Checked, check
from okat.city.people.rules import How, PeopleError, Purpose, Status
from okat.city.people.rules.same_person import may_be_one
from okat.files.office import vocabulary
from okat.thai.dates import format_be
from okat.thai.partial import PartialDate

A, B = (f"{digits}{calc_check_digit(digits)}" for digits in ("110010000001", "110010000002"))
HEAD = ["ชื่อ-สกุล", "เลขบัตร", "วันเกิด", "โทร", "ตำบล", "ยินยอม", "วันที่ให้ความยินยอม", "วิธีให้ความยินยอม"]
WHOLE = ("นายพรชัย คำหล้า", A, "2 ก.พ. 2521", "0811110041", "ศิลา")
# Whatever of it a later file leaves out, or says less exactly: nothing of this is another person's.
NAMES = ("นายพรชัย คำหล้า", "พรชัย  คำหล้า", "นาย พรไชย คำหล้า", "พรชัย (ชัย) คำหล้า")
BIRTHS = ("", "2521", "ก.พ. 2521", "2 ก.พ. 2521", "1 ม.ค. 2521", "2520")
LESS = list(product(NAMES, ("",), BIRTHS, ("", "0811110041", "0811119999"), ("ศิลา", "")))
# And each of this is.
OTHERS = [
    ("นายพรชัย คำหล้า", "", "2 ก.พ. 2524", "0811110041", "ศิลา"), ("นายพรชัย คำหล้า", B, "", "0811110041", "ศิลา"),
    ("นายพรชัย คำหล้า", "", "2518", "", "ศิลา"), ("นายพรชัย คำหล้า", "", "3 ก.พ. 2521", "", ""),
    ("นายพรชัย คำหล้า", "", "2521", "0811119999", "บ้านเป็ด"), ("นายพรชัย คำดี", "", "2521", "0811110041", "ศิลา"),
    ("นายสมชาย คำหล้า", "", "2 ก.พ. 2521", "0811110041", "ศิลา"),
]  # fmt: skip


def rows(*told: tuple[str, ...], days: int = -20) -> list[list[Any]]:
    agreed = ["ยินยอม", format_be(clock.today() + dt.timedelta(days=days)), "ลงชื่อ"]
    return [[*row, *agreed] for row in told]


def checked(partner: Partner, *told: tuple[str, ...], days: int = -20) -> Checked:
    return check(workbook(rows(*told, days=days), HEAD), "x.xlsx", "people", partner)


def sent(partner: Partner, by: User, *told: tuple[str, ...], days: int = -20) -> ImportBatch:
    data = workbook(rows(*told, days=days), HEAD)
    return run_import(batch=upload(kind="people", partner=partner, filename="x.xlsx", data=data, by=by), by=by)


def withdraws(by: User) -> None:
    for consent in Consent.objects.filter(withdrawn_at=None):
        withdraw_consent(consent=consent, by=by)
    ended = timezone.make_aware(dt.datetime.combine(clock.today() - dt.timedelta(days=10), dt.time(12)))
    Consent.objects.update(withdrawn_at=ended)


def dies(by: User) -> None:
    set_status(person=Person.objects.get(), status=Status.DIED, by=by)


@pytest.mark.parametrize(("ends", "code"), [(withdraws, "withdrew"), (dies, "died_here")])
def test_no_row_that_says_less_brings_anybody_back(city: City, system: User, ends: Any, code: str) -> None:
    sent(city.education, system, WHOLE)
    ends(system)
    found = checked(city.education, *LESS)
    assert not found.ready
    assert [told.code for told in found.passed] == [code] * len(LESS)
    for told in found.passed:
        assert "ถ้าเป็นคนละคน" in told.message("th")
        assert "ลบแถวนี้ออก" in told.message("th")
    assert sent(city.education, system, *LESS).imported == 0
    assert Person.objects.count() == 1
    others = checked(city.education, *OTHERS)
    assert (len(others.ready), others.passed) == (len(OTHERS), ())


def test_nobody_learns_of_another_offices_people(city: City, system: User) -> None:
    sent(city.education, system, WHOLE)
    for ends in (withdraws, dies):
        ends(system)
        (one,) = (checked(city.social, ("พรชัย คำหล้า", "", "2521", "0811110041", "ศิลา")),)
        assert (len(one.ready), one.passed) == (1, ())
        assert [told.code for told in one.warnings] == []


def test_a_later_consent_lets_the_name_in_and_is_put_to_somebody(city: City, system: User) -> None:
    sent(city.education, system, WHOLE)
    withdraws(system)
    row = ("พรชัย คำหล้า", "", "2521", "", "")
    assert [told.code for told in checked(city.education, row, days=-9).warnings if told.field == ""] == ["agreed_anew"]
    assert sent(city.education, system, row, days=-9).imported == 1
    assert MergeProposal.objects.count() == 1


def test_a_row_with_the_number_of_who_died_says_that_they_died(city: City, system: User) -> None:
    sent(city.education, system, WHOLE)
    dies(system)
    (told,) = checked(city.education, ("นายพรชัย คำหล้า", A, "2 ก.พ. 2521", "0899999999", "ศิลา")).passed
    assert told.code == "known_number"
    assert "เสียชีวิตแล้วเมื่อ" in told.message("th")
    assert "noted as died on" in told.message("en")


def of(city: City, given: str, family: str, birth: PartialDate | None, **values: Any) -> PinRow:
    return city.row(given, family, birth=birth, sex="m", **values)


@pytest.mark.parametrize("birth", [None, PartialDate(1978), PartialDate(1978, 2), PartialDate(1978, 2, 2)])
@pytest.mark.parametrize(
    ("given", "family", "nickname"),
    [("พรชัย", "คำหล้า", ""), ("นายพรชัย", "คำหล้า", ""), ("พรชัย คำหล้า", "", ""), ("พรไชย", "คำหล้า", "ชัย")],
)
def test_no_pin_that_waited_and_no_household_brings_anybody_back(
    city: City, given: str, family: str, nickname: str, birth: PartialDate | None
) -> None:
    gone = pin_person(
        row=of(city, "พรชัย", "คำหล้า", PartialDate(1978, 2, 2), pin=A), partner=city.education, by=city.teacher
    )
    withdraw_consent(consent=gone.consents.get(), by=city.teacher)
    late = of(city, given, family, birth, nickname=nickname, noted_at=clock.now() - dt.timedelta(days=1))
    ways: list[Any] = [
        lambda: pin_person(row=late, partner=city.education, by=city.teacher),
        lambda: pin_household(rows=[late], house=HouseRow(house="1"), partner=city.education, by=city.teacher),
    ]
    for way in ways:
        with pytest.raises(PeopleError, match="คนละคน") as refused:
            way()
        assert refused.value.code == "withdrawn"
    social = (ConsentRow(Purpose.CARE, city.social, How.SIGNATURE),)
    elsewhere = of(city, given, family, birth, consents=social, noted_at=late.noted_at)
    assert pin_person(row=elsewhere, partner=city.social, by=city.officer)
    again = of(city, given, family, birth, nickname=nickname)  # agreed now, face to face
    assert pin_person(row=again, partner=city.education, by=city.teacher)


def test_whoever_may_be_one_is_looked_at(city: City) -> None:
    """By whatever facts two records are judged to be of one person, by these they are found."""
    told = list(
        product(
            (("พรชัย", ""), ("พรไชย", "ชัย"), ("นายพรชัย", "ชัย"), ("", "ชัย"), ("สมชาย", "ชัย"), ("พรชัย คำหล้า", "")),
            ("คำหล้า", "", "คำดี"), (None, PartialDate(1978), PartialDate(1978, 1, 1), PartialDate(1978, 2, 2)),
            ("", "0811110041"),
        )
    )  # fmt: skip
    rows = [
        of(city, given, family, birth, nickname=nickname, phone=phone)
        for (given, nickname), family, birth, phone in told
    ]
    pin_many(rows=rows, partner=city.education, by=city.teacher)
    people = list(Person.objects.select_related("area"))
    alike = 0
    for one in sought(rows):
        found = set(Person.objects.filter(resembling([one])).values_list("pk", flat=True))
        judged = {person.pk for person in people if may_be_one(who_is(person), one.who)}
        assert judged <= found, one.row
        alike += len(judged)
    assert len(people) < alike < len(people) ** 2 / 2


@pytest.mark.parametrize(
    ("birth", "nickname", "given", "phone"),
    [
        (PartialDate(1978, 2, 2), "ชัย", "", ""), (PartialDate(1978, 2, 2), "ชัย", "พรชัย", ""), (None, "ชัย", "", ""),
        (None, "ชัย", "พรชัย", "0811110041"),
    ],
)  # fmt: skip
def test_who_is_known_by_a_nickname_alone_is_not_brought_back_either(
    city: City, birth: PartialDate | None, nickname: str, given: str, phone: str
) -> None:
    known = of(city, "", "คำหล้า", birth, nickname="ชัย", phone=phone)
    gone = pin_person(row=known, partner=city.education, by=city.teacher)
    withdraw_consent(consent=gone.consents.get(), by=city.teacher)
    before = clock.now() - dt.timedelta(days=1)
    late = of(city, given, "คำหล้า", birth, nickname=nickname, phone=phone, noted_at=before)
    with pytest.raises(PeopleError, match="คนละคน"):
        pin_person(row=late, partner=city.education, by=city.teacher)
    sister = of(city, "", "คำหล้า", None, nickname="นุช", phone=phone, noted_at=before)
    assert pin_person(row=sister, partner=city.education, by=city.teacher)


@pytest.mark.parametrize("birth", ["", "2521", "2 ก.พ. 2521"])
@pytest.mark.parametrize("given", ["พรชัย", "นายพรชัย"])
def test_the_form_asks_about_somebody_who_died_before_it_saves(
    client: Client, city: City, given: str, birth: str
) -> None:
    dead = city.pin("พรชัย", "คำหล้า", birth=PartialDate(1978, 2, 2))
    set_status(person=dead, status=Status.DIED, by=city.teacher)
    sign_in_fully(client, city.teacher)
    somebody = {"given": given, "family": "คำหล้า", "birth": birth}
    for page, lead in (("people:pin", ""), ("people:pin-household", "m0-")):
        opened = client.get(reverse(page)).context["form"]
        hidden = {name: opened[name].value() for name in ("once", "words")}
        typed = {f"{lead}{name}": value for name, value in somebody.items()}
        form = {**hidden, **typed, "where": "บ้านเป็ด", "care": "on", "how": "signature", "lines": "1"}
        answer = client.post(reverse(page), form)
        assert not answer.context["form"].errors
        assert [one.person for one in answer.context["alike"]] == [dead]
        assert "<b>เสียชีวิต</b>" in answer.content.decode()
    assert Person.objects.count() == 1


def test_somebody_who_lives_here_and_of_whom_a_file_says_less_is_put_to_somebody(city: City, system: User) -> None:
    sent(city.education, system, WHOLE)
    for number, row in enumerate(LESS):
        if row[0] == "นายพรชัย คำหล้า" and row[3:] == ("0811110041", "ศิลา") and row[2] != "2 ก.พ. 2521":
            found = checked(city.education, row)
            assert (len(found.ready), [told.code for told in found.warnings]) == (1, ["may_be_here"]), (number, row)
    sent(city.education, system, ("นายพรชัย คำหล้า", "", "2521", "", "ศิลา"))
    assert MergeProposal.objects.count() == 1


def test_a_row_like_a_joined_record_is_put_to_whoever_decides_about_the_one_it_leads_to(
    city: City, system: User
) -> None:
    """What the remark says is done."""
    sent(city.education, system, WHOLE, ("นางพรทิพย์ คำหล้า", B, "5 พ.ค. 2520", "", "ศิลา"))
    gone, keep = (Person.objects.get(given=given) for given in ("พรชัย", "พรทิพย์"))
    joining = propose_merge(one=keep, other=gone, by=city.officer)
    merge(proposal=joining, keep=keep, by=member(city.education, Role.MANAGER, "manager"))
    row = ("นายพรชัย คำหล้า", "", "2521", "", "ศิลา")
    assert [told.code for told in checked(city.education, row).warnings] == ["may_be_here"]
    sent(city.education, system, row)
    asked = MergeProposal.objects.get(status=MergeProposal.Status.OPEN)
    assert {asked.left, asked.right} == {keep, Person.objects.get(given="พรชัย", status=Status.ACTIVE)}


def test_one_person_in_one_file_twice_is_told_and_put_to_somebody(city: City, system: User) -> None:
    told = [
        ("นายวันชัย แก้วใส", "", "5 พ.ค. 2510", "0823330001", "ศิลา"),
        ("นาย วันชัย  แก้วใส", "", "๕ พฤษภาคม ๒๕๑๐", "0823330002", "ต.ศิลา"),
        ("วันชัย แก้วใส", B, "5/5/2510", "0823330001", "ศิลา"), ("นายวันไชย แก้วใส", "", "", "0823330001", "ศิลา"),
        ("นายวันชัย แก้วใส", "", "5 พ.ค. 2540", "", "บ้านเป็ด"), ("นางวันดี แก้วใส", "", "", "0823330001", "ศิลา"),
    ]  # fmt: skip
    found = checked(city.education, *told)
    assert [(each.row, each.message("en")[:31]) for each in found.warnings if each.code == "twice_here"] == [
        (row, "may be the same person as row 3") for row in (4, 5, 6)
    ]
    assert sent(city.education, system, *told).imported == len(told)
    pairs = {(pair.left.phone, pair.right.phone) for pair in MergeProposal.objects.all()}
    assert MergeProposal.objects.count() == 3
    assert len(pairs) == 2
    assert sent(city.education, system, *told).imported == 0


def test_the_columns_of_this_test_are_read() -> None:
    assert {"pin", "birth_date", "phones", "subdistrict"} <= set(vocabulary("people").fields)


def test_a_number_that_a_spreadsheet_shortened_is_remarked_and_one_that_fills_the_box_is_none(city: City) -> None:
    found = checked(city.education, ("สมชาย ใจดี", "1234500000000", "", "", "ศิลา"), ("มาลี ดี", "0" * 13, "", "", "ศิลา"))
    assert [(told.row, told.code) for told in found.errors] == [(4, "pin_one_digit")]
    assert (3, "pin_zeros") in [(told.row, told.code) for told in found.warnings]
