"""On the twentieth birthday what a guardian agreed to is asked of the person; nothing is lost while they are asked."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from tests.cases.conftest import City, build
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.registries import TASKS
from okat.city.notices.models import Notice
from okat.city.people import actions, tasks
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Consent, LifeEvent, Person
from okat.city.people.queries import grown, visible_to
from okat.city.people.rules import GROWN_DAYS, How, Purpose, Status, Turn
from okat.thai.partial import PartialDate

NOON = dt.timedelta(hours=5)
BIRTHDAY = dt.datetime(2026, 12, 6, tzinfo=dt.UTC) + NOON
DAY = dt.timedelta(days=1)


@pytest.fixture
def city(db: None) -> City:
    with clock.at(BIRTHDAY - 10 * DAY):
        return build()


def child(city: City) -> Person:
    """Nineteen; a parent agreed that the town keeps the record, and passes it to the school."""
    with clock.at(BIRTHDAY - 10 * DAY):
        given = [ConsentRow(purpose, to, How.GUARDIAN, witness="แม่")
                 for purpose, to in ((Purpose.CARE, city.town), (Purpose.REFER, city.school))]  # fmt: skip
        row = PinRow(
            area=city.town.area, given="ต้น", family="ใจดี", sex="m", birth=PartialDate(2006, 12, 6),
            consents=(given[0],),
        )  # fmt: skip
        made = actions.pin_person(row=row, partner=city.town, by=city.worker)
        actions.record_consent(person=made, given=given[1], by=city.worker, partner=city.town)
        return made


def keys(user: User) -> list[str]:
    user.__dict__.pop("_memberships", None)
    return [task.key for task in TASKS["people"](user)]


def test_asked_on_the_day_and_once(city: City) -> None:
    made = child(city)
    Person.objects.filter(pk=city.person.pk).update(user=None)
    Person.objects.filter(pk=made.pk).update(user=city.resident)
    with clock.at(BIRTHDAY - DAY):
        tasks.grown(0)
        assert not LifeEvent.objects.exists()
        assert "grown" not in keys(city.worker)
    for later in (3, 4):  # the worker slept over the birthday itself
        with clock.at(BIRTHDAY + later * DAY):
            tasks.grown(0)
            tasks.grown(0)
            assert Notice.objects.filter(kind="people.grown", user=city.resident).count() == 1
            assert "grown" in keys(city.worker)
            assert Consent.objects.filter(person=made, withdrawn_at=None).count() == 2


def test_who_answers_is_asked_no_more(city: City, client: Client) -> None:
    made = child(city)
    with clock.at(BIRTHDAY + DAY):
        assert list(grown.to_ask(city.worker)) == [made]
        sign_in_fully(client, city.worker)
        assert made.full_name in client.get("/people/grown/").content.decode()
        for purpose, to in ((Purpose.CARE, city.town), (Purpose.REFER, city.school)):
            actions.record_consent(person=made, given=ConsentRow(purpose, to, How.SIGNATURE), by=city.worker)
        assert not grown.to_ask(city.worker).exists()
        tasks.grown(0)
    with clock.at(BIRTHDAY + (GROWN_DAYS + 2) * DAY):
        tasks.grown(0)
        assert Consent.objects.filter(person=made, withdrawn_at=None).count() == 2


def test_after_the_time_to_answer_what_others_were_allowed_ends_and_the_record_stays(city: City) -> None:
    made = child(city)
    with clock.at(BIRTHDAY):
        tasks.grown(0)
    with clock.at(BIRTHDAY + GROWN_DAYS * DAY):
        tasks.grown(0)
        assert Consent.objects.filter(person=made, withdrawn_at=None).count() == 2
    with clock.at(BIRTHDAY + (GROWN_DAYS + 1) * DAY):
        tasks.grown(0)
        tasks.grown(0)
        left = Consent.objects.get(person=made, withdrawn_at=None)
        assert left.purpose == Purpose.CARE
        assert visible_to(city.worker).filter(pk=made.pk).exists()
        assert "grown" in keys(city.worker)


def test_who_moved_away_is_asked_as_well_and_the_guardians_words_end_there_too(city: City) -> None:
    made = child(city)
    with clock.at(BIRTHDAY - 5 * DAY):
        actions.set_status(person=made, status=Status.MOVED, by=city.worker)
    with clock.at(BIRTHDAY):
        tasks.grown(0)
        assert LifeEvent.objects.filter(person=made, kind="grown").count() == 1
        assert Consent.objects.filter(person=made, withdrawn_at=None).count() == 2
    with clock.at(BIRTHDAY + (GROWN_DAYS + 1) * DAY):
        tasks.grown(0)
        assert [c.purpose for c in Consent.objects.filter(person=made, withdrawn_at=None)] == [Purpose.CARE]


def test_who_is_found_years_later_is_asked_first_and_has_the_whole_time_to_answer(city: City) -> None:
    """Nobody ran it in between, or the birth date was noted late."""
    made = child(city)
    Person.objects.filter(pk=city.person.pk).update(user=None)
    Person.objects.filter(pk=made.pk).update(user=city.resident)
    found = BIRTHDAY + 5 * 366 * DAY
    last = timezone.localdate(found + GROWN_DAYS * DAY)
    with clock.at(found):
        assert [grown.until(row) for row in grown.to_ask(city.worker)] == [last]  # also before the clock's turn
        tasks.grown(0)
        assert Notice.objects.get(kind="people.grown", user=city.resident).params["until"] == last.isoformat()
    for later in (1, GROWN_DAYS):
        with clock.at(found + later * DAY):
            tasks.grown(0)
            (row,) = grown.to_ask(city.worker)
            assert (row, grown.until(row)) == (made, last)
            assert Consent.objects.filter(person=made, withdrawn_at=None).count() == 2
    with clock.at(found + (GROWN_DAYS + 1) * DAY):
        tasks.grown(0)
        assert [c.purpose for c in Consent.objects.filter(person=made, withdrawn_at=None)] == [Purpose.CARE]


def test_who_has_not_spoken_stands_on_the_list_also_years_later(city: City) -> None:
    made = child(city)
    with clock.at(BIRTHDAY + DAY):
        tasks.grown(0)
    with clock.at(BIRTHDAY + 5 * 366 * DAY):
        tasks.grown(0)
        assert list(grown.to_ask(city.worker)) == [made]
        assert "grown" in keys(city.worker)
        assert [c.purpose for c in Consent.objects.filter(person=made, withdrawn_at=None)] == [Purpose.CARE]


def test_whose_time_is_over_first_stands_first(city: City) -> None:
    late, soon = child(city), child(city)
    Person.objects.filter(pk=late.pk).update(birth_first="2006-12-05", birth_last="2006-12-05")
    LifeEvent.objects.create(person=soon, kind=Turn.GROWN, at=BIRTHDAY)
    with clock.at(BIRTHDAY + 30 * DAY):
        assert list(grown.to_ask(city.worker)) == [soon, late]


def test_one_whose_record_cannot_be_opened_keeps_nobody_else_from_their_turn(city: City) -> None:
    broken, whole = child(city), child(city)
    with clock.at(BIRTHDAY):
        tasks.grown(0)
    Person.objects.filter(pk=broken.pk).update(key=None)
    with clock.at(BIRTHDAY + (GROWN_DAYS + 1) * DAY), pytest.raises(ExceptionGroup):
        tasks.grown(0)
    assert [c.purpose for c in Consent.objects.filter(person=whole, withdrawn_at=None)] == [Purpose.CARE]


def test_what_a_joined_record_had_said_ends_too_and_it_is_held_first(city: City) -> None:
    """Before the record that is kept, whose id is the higher one (tests.locks)."""
    older, made = child(city), child(city)
    assert older.pk < made.pk
    with clock.at(BIRTHDAY - 5 * DAY):
        asked = actions.propose_merge(one=made, other=older, by=city.worker)
        actions.merge(proposal=asked, keep=made, by=city.manager)
    with clock.at(BIRTHDAY):
        tasks.grown(0)
    with clock.at(BIRTHDAY + (GROWN_DAYS + 1) * DAY):
        tasks.grown(0)
        left = Consent.objects.filter(person__in=(older, made), withdrawn_at=None)
        assert {row.purpose for row in left} == {Purpose.CARE}
