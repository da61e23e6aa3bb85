"""A consent that was withdrawn does not come back with an older one, whichever way it is sent again."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stdnum.th.pin import calc_check_digit
from tests.people.conftest import City
from tests.people.test_imports import workbook

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.partners.models import Partner
from okat.city.people.actions import (
    ConsentRow,
    HouseRow,
    grant,
    pin_household,
    pin_many,
    pin_person,
    record_basis,
    run_import,
    upload,
    withdraw_consent,
)
from okat.city.people.models import Consent, Grant, ImportBatch, MergeProposal, Person
from okat.city.people.queries import sees_by_it_alone, visible_to
from okat.city.people.queries.imports import Checked, check
from okat.city.people.rules import How, Law, PeopleError, Purpose, Why
from okat.thai.dates import format_be
from okat.thai.partial import PartialDate

A, B = (f"{digits}{calc_check_digit(digits)}" for digits in ("110010000001", "110010000002"))
HEAD = ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน", "ตำบล", "อำเภอ", "ยินยอม", "วันที่ให้ความยินยอม", "วิธีให้ความยินยอม"]


def row(pin: str = A, day: dt.date | None = None, agreed: str = "ยินยอม", family: str = "ดี") -> list[Any]:
    return ["มาลี", family, pin, "ศิลา", "เมืองขอนแก่น", agreed, format_be(day) if day else "", "ลงชื่อ"]


def today(days: int = 0) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def checked(partner: Partner, *rows: list[Any]) -> Checked:
    return check(workbook([*rows], HEAD), "x.xlsx", "people", partner)


def sent(partner: Partner, by: User, *rows: list[Any]) -> ImportBatch:
    data = workbook([*rows], HEAD)
    return run_import(batch=upload(kind="people", partner=partner, filename="x.xlsx", data=data, by=by), by=by)


def end_consent(by: User, days: int = 0) -> None:
    for consent in Consent.objects.filter(withdrawn_at=None):
        withdraw_consent(consent=consent, by=by)
    moment = timezone.make_aware(dt.datetime.combine(today(days), dt.time(12)))
    Consent.objects.exclude(withdrawn_at=None).update(withdrawn_at=moment)


@pytest.mark.parametrize("pin", [A, ""])
@pytest.mark.parametrize(
    ("day", "agreed"),
    [(-20, "ยินยอม"), (-10, "ยินยอม"), (None, "ยินยอม"), (None, "")],
    ids=["before", "same", "no day", "law"],
)
def test_the_file_that_is_sent_again_brings_nobody_back(
    city: City, system: User, pin: str, day: int | None, agreed: str
) -> None:
    assert sent(city.education, system, row(pin, today(-20))).imported == 1
    end_consent(system, -10)
    again = row(pin, None if day is None else today(day), agreed)
    (told,) = checked(city.education, again).passed
    assert (told.code, told.value, format_be(today(-10)) in told.message("th")) == ("withdrew", "มาลี ดี", True)
    done = sent(city.education, system, again)
    assert (done.imported, done.known, Person.objects.count()) == (0, 0, 1)
    assert "มาลี" not in str(done.left)
    assert not Grant.objects.in_force().exists()


@pytest.mark.parametrize("pin", [A, ""])
def test_who_agreed_anew_goes_in_and_is_put_to_somebody(city: City, system: User, pin: str) -> None:
    sent(city.education, system, row(pin, today(-20)))
    end_consent(system, -10)
    found = checked(city.education, row(pin, today(-9)))
    assert [warning.code for warning in found.warnings] == ["agreed_anew"]
    assert sent(city.education, system, row(pin, today(-9))).imported == 1
    pair = MergeProposal.objects.get()
    assert {pair.left.given, pair.right.given} == {"มาลี"}
    assert sent(city.education, system, row(pin, today(-9))).imported == 0
    end_consent(system, -5)  # and once more
    assert [told.code for told in checked(city.education, row(pin, today(-9))).passed] == ["withdrew"]


def test_two_cards_are_two_people_and_another_office_learns_nothing(city: City, system: User) -> None:
    sent(city.education, system, row(A, today(-20)))
    end_consent(system, -10)
    other = checked(city.education, row(B, today(-20)))
    assert (len(other.ready), other.passed) == (1, ())
    elsewhere = checked(city.social, row(A, today(-20)))
    assert (len(elsewhere.ready), elsewhere.passed, elsewhere.warnings) == (1, (), ())
    assert sent(city.social, system, row(A, today(-20))).imported == 1
    assert not visible_to(city.teacher).exists()


def test_a_pin_that_waited_and_a_household_bring_nobody_back_either(city: City, system: User) -> None:
    person = city.pin(pin=A)
    withdraw_consent(consent=person.consents.get(), by=city.teacher)
    before = clock.now() - dt.timedelta(days=1)
    late = city.row("สมหญิง", "ใจดี", pin=A, noted_at=before)
    filed = city.row(pin=A, consents=(ConsentRow(Purpose.CARE, city.education, How.SIGNATURE, on=today(-1)),))
    ways: list[Any] = [
        lambda: pin_person(row=late, partner=city.education, by=city.teacher),
        lambda: pin_household(rows=[late], house=HouseRow(house="1"), partner=city.education, by=city.teacher),
        lambda: pin_many(rows=[filed], partner=city.education, by=system),
        lambda: pin_many(rows=[city.row(pin=A, consents=(), law=Law.WELFARE)], partner=city.education, by=system),
    ]
    for way in ways:
        with pytest.raises(PeopleError) as refused:
            way()
        assert refused.value.code == "withdrawn"
    assert Person.objects.count() == 1
    elsewhere = city.row(pin=A, noted_at=before, consents=(ConsentRow(Purpose.CARE, city.social, How.SIGNATURE),))
    assert pin_person(row=elsewhere, partner=city.social, by=city.officer)
    assert pin_person(row=city.row(pin=A), partner=city.education, by=city.teacher)  # agreed now, face to face


def test_a_pin_that_waited_without_a_number_is_known_by_name_birth_and_place(city: City) -> None:
    """As a row of a file is: the same name, born and living alike, where either has no number."""
    born, before = PartialDate(1980, 5, 17), clock.now() - dt.timedelta(days=1)
    for number in (A, ""):
        person = city.pin("มาลี", "ดี", pin=number, birth=born)
        withdraw_consent(consent=person.consents.get(), by=city.teacher)
    late: Any = {"noted_at": before, "birth": born}
    for row in (city.row("มาลี", "ดี", **late), city.row(" มาลี", "ดี", **late, pin=B)):
        with pytest.raises(PeopleError, match="คนละคน") as refused:
            pin_person(row=row, partner=city.education, by=city.teacher)
        assert refused.value.code == "withdrawn"
    others = [
        city.row("มาลี", "ดีใจ", **late), city.row("มาลี", "ดี", **{**late, "birth": PartialDate(1981, 5, 17)}),
        city.row("มาลี", "ดี", **late, area=city.sila),
    ]  # fmt: skip
    assert all(pin_person(row=row, partner=city.education, by=city.teacher) for row in others)
    social = (ConsentRow(Purpose.CARE, city.social, How.SIGNATURE),)
    assert pin_person(row=city.row("มาลี", "ดี", **late, consents=social), partner=city.social, by=city.officer)
    assert pin_person(row=city.row("มาลี", "ดี", birth=born), partner=city.education, by=city.teacher)


def test_two_cards_and_two_nicknames_are_two_people_in_a_pin_that_waited(city: City) -> None:
    before = clock.now() - dt.timedelta(days=1)
    for row in (city.row("มาลี", "ดี", pin=A), city.row("", "", nickname="แดง")):
        person = pin_person(row=row, partner=city.education, by=city.teacher)
        withdraw_consent(consent=person.consents.get(), by=city.teacher)
    for row in (
        city.row("มาลี", "ดี", pin=B, noted_at=before), city.row("", "", nickname="ดำ", noted_at=before),
    ):  # fmt: skip
        assert pin_person(row=row, partner=city.education, by=city.teacher)


def test_whether_an_office_sees_by_one_word_alone_costs_the_same_however_many_rest_on_it(city: City) -> None:
    person = city.pin()
    consent = person.consents.get()
    counts = []
    for n in range(4):
        with CaptureQueriesContext(connection) as asked:
            assert sees_by_it_alone(consent)
        counts.append(len(asked))
        grant(
            person=person, partner=city.education, source=f"case:{n}", reason=Why.CONSENT, rests_on=consent,
            by=city.teacher,
        )  # fmt: skip
    assert len(set(counts)) == 1
    by_law = record_basis(partner=city.education, law=Law.WELFARE, source="law:x", by=city.teacher)
    grant(person=person, partner=city.education, source="law:x", reason=Why.CONSENT, rests_on=by_law, by=city.teacher)
    assert not sees_by_it_alone(consent)
