"""Taking an import back tells an office nothing of what another office has written down since: a question whether two
records are one counts for those alone who see both, and no row stays for it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City, member
from tests.people.test_imports import ROWS, load, workbook
from tests.people.test_unseen_doubles import FRESH
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, pin_person, propose_merge, run_import, undo_import
from okat.city.people.models import ImportBatch, MergeProposal, Person
from okat.city.people.queries.importing import Undone
from okat.city.people.rules import How, Purpose
from okat.thai.partial import PartialDate

LATER = dt.timedelta(hours=1)
SAME_NUMBER = {"pin": "1100100000010"}
ALIKE = {"birth": PartialDate(1960, 5, 17), "phone": "0812345678"}


@pytest.fixture
def keeper(city: City) -> User:
    """Imports for the education office, wherever its people live."""
    return member(city.education, Role.MANAGER, "keeper")


@pytest.fixture
def batch(city: City, system: User) -> ImportBatch:
    return run_import(batch=load(city, workbook(ROWS), system), by=system)


def pages(user: User, batch: ImportBatch) -> list[str]:
    client = Client()
    sign_in_fully(client, user)
    names = ("people:import-batch", "people:import-undo")
    urls = [reverse(name, args=[batch.pk]) for name in names]
    return [FRESH.sub("", page.content.decode()) for page in (client.get(urls[0]), client.post(urls[1]))]


def elsewhere(city: City, **same: object) -> Person:
    """Another office writes down what is the same, with the person's word to itself alone."""
    worker = member(city.social, Role.FIELD_WORKER, "elsewhere", city.ban_ped)
    care = (ConsentRow(Purpose.CARE, city.social, How.SIGNATURE),)
    with clock.at(clock.now() + LATER):
        return pin_person(row=city.row("สมหญิง", "ใจดี", consents=care, **same), partner=city.social, by=worker)


@pytest.mark.parametrize("same", [SAME_NUMBER, ALIKE], ids=["number", "alike"])
def test_of_a_pair_out_of_sight_nothing_is_told_and_no_row_stays(
    city: City, keeper: User, batch: ImportBatch, same: dict[str, object]
) -> None:
    before = pages(keeper, batch)
    other = elsewhere(city, **same)
    assert MergeProposal.objects.exists()
    with clock.at(clock.now() + LATER):
        assert pages(keeper, batch) == before
        assert undo_import(batch=batch, by=keeper) == (3, 0)
    assert list(Person.objects.all()) == [other]
    assert not MergeProposal.objects.exists()


def test_whoever_sees_both_is_told_and_the_row_stays(city: City, keeper: User, batch: ImportBatch) -> None:
    elsewhere(city, **SAME_NUMBER)
    Membership.objects.create(partner=city.social, user=keeper, role=Role.MANAGER, began_on=dt.date(2026, 1, 1))
    with clock.at(clock.now() + LATER):
        assert "อาจเป็นคนเดียวกับคนอื่น" in pages(keeper, batch)[0]
        assert undo_import(batch=batch, by=keeper) == (2, 1)


def test_a_pair_that_the_office_itself_asked_about_keeps_the_row(city: City, keeper: User, batch: ImportBatch) -> None:
    here = Person.objects.get(given="สมหญิง")
    with clock.at(clock.now() + LATER):
        propose_merge(one=here, other=city.pin("สมหญิง", "แก้ว"), by=keeper)
        assert undo_import(batch=batch, by=keeper) == (2, 1)


def test_a_row_that_stays_is_listed_once_with_all_its_reasons() -> None:
    stays = {"one": ("a", "b", "a"), "other": ("a",), "third": ("a", "b")}
    assert Undone(goes=(), stays=stays).reasons() == [("a · b", 2), ("a", 1)]
