"""An offer that waited for an account's answer stands on the office's Today once no account opens the record."""

import importlib
from collections.abc import Callable

import pytest
from django.apps import apps
from tests.cases.conftest import City
from tests.signing import make_user

from okat.city.cases import actions, queries
from okat.city.cases.models import Case
from okat.city.cases.rules import State
from okat.city.core.models import AuditEntry
from okat.city.core.registries import TASKS
from okat.city.people import actions as people
from okat.city.people.models import Person
from okat.city.taxonomy.models import Term


def held(city: City) -> bool:
    """Whether it stands on the Today of somebody at the responsible office."""
    worker = type(city.worker).objects.get(pk=city.worker.pk)
    lines = [line.key for _app, tasks in TASKS for line in tasks(worker)]
    return any(key.startswith("case") for key in lines)


def by_office(city: City, _case: Case) -> None:
    people.unlink_account(person=Person.objects.get(pk=city.person.pk), by=city.worker, partner=city.town)


def by_owner(city: City, _case: Case) -> None:
    people.unlink_account(person=Person.objects.get(pk=city.person.pk), by=city.resident)


@pytest.mark.parametrize("part", [by_office, by_owner])
def test_parted_from_the_account_the_office_asks(city: City, part: Callable[[City, Case], None]) -> None:
    going = city.active()
    city.need = Term(vocabulary="need", code="work", th="ทำงาน", en="Work")
    city.need.save()
    case = city.offered()
    assert not any(c.pk == case.pk for c in Case.objects.filter(acts_next=city.town))
    part(city, case)
    case.refresh_from_db()
    assert (case.acts_next, case.state) == (city.town, State.OFFERED)
    assert held(city)
    assert Case.objects.get(pk=going.pk).acts_next == city.school  # what is with somebody stays there
    assert AuditEntry.objects.filter(verb="cases.follow_account").count() == 1
    worker = type(city.worker).objects.get(pk=city.worker.pk)
    assert actions.accept(case=case, by=worker).stage is State.ACCEPTED


def test_linked_again_the_owner_of_the_account_may_answer_too(city: City) -> None:
    case = city.offered()
    by_office(city, case)
    other = make_user("other", name="อีกบัญชี")
    people.link_account(person=Person.objects.get(pk=city.person.pk), user=other, by=city.worker)
    assert [c.pk for c in queries.own_cases(other)] == [case.pk]
    assert held(city)


def test_what_was_offered_while_two_were_one_stays_with_somebody_when_the_account_goes_back(city: City) -> None:
    kept = city.pin("สมหญิงสอง")
    done = people.merge(
        proposal=people.propose_merge(one=kept, other=city.person, by=city.worker), keep=kept, by=city.manager
    )
    city.person = Person.objects.get(pk=kept.pk)
    case = city.offered()
    assert Case.objects.get(pk=case.pk).acts_next is None
    people.undo_merge(merge=done, by=city.manager)
    case.refresh_from_db()
    assert (case.person, case.acts_next) == (kept, city.town)
    assert held(city)


def test_offers_of_accounts_that_were_parted_before_are_found(city: City) -> None:
    case = city.offered()
    by_office(city, case)
    city.person = city.pin("สมชาย")
    others = city.offered()
    Case.objects.filter(pk=case.pk).update(acts_next=None)
    Case.objects.filter(pk=others.pk).update(person=None, acts_next=None)  # erased
    importlib.import_module("okat.city.cases.migrations.0003_offers_without_account").ask_by_office(apps, None)
    assert (Case.objects.get(pk=case.pk).acts_next, Case.objects.get(pk=others.pk).acts_next) == (city.town, None)
