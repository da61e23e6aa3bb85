"""Taking an import back leaves whoever somebody works with: asked of every app, and said beforehand."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from tests.cases.conftest import NOON, City
from tests.said_law import say_law
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.cases import actions
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity, Wish
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.core.in_use import uses_of
from okat.city.people.actions import run_import, undo_import, upload
from okat.city.people.models import ImportBatch, Person
from okat.city.people.rules import Law

pytestmark = pytest.mark.django_db
HISTORY = "Event"  # what the database keeps of earlier states goes by itself and holds nothing


@pytest.mark.parametrize("target", [Person, Opportunity])
def test_every_foreign_key_to_a_record_says_whether_it_holds_it(target: Any) -> None:
    pointing = {
        (relation.field.model._meta.label, relation.field.name)  # type: ignore[union-attr]
        for relation in target._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and getattr(relation, "field", None) is not None
        and not relation.field.many_to_many and not relation.field.model.__name__.endswith(HISTORY)  # type: ignore[union-attr]
    }  # fmt: skip
    assert pointing == {(use.model, use.field) for use in uses_of(target)}


def imported(city: City) -> ImportBatch:
    book, out = Workbook(), BytesIO()
    assert book.active is not None
    for row in (["ชื่อ-สกุล", "เกิด พ.ศ."], ["นายหนึ่ง ใจดี", "2520"], ["นายสอง ใจดี", "2521"], ["นายสาม ใจดี", "2522"]):
        book.active.append(row)
    book.save(out)
    batch = upload(kind="people", partner=city.town, filename="รายชื่อ.xlsx", data=out.getvalue(), by=system_user())
    batch = say_law(batch=batch, law=Law.TASK, by=system_user())
    return run_import(batch=batch, by=system_user())


def published(city: City) -> Opportunity:
    row = OpportunityRow(provider="town", area=city.town.area.code, kind="occupation", title_th="ทอผ้า")
    return Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])


def test_who_has_a_case_or_a_wish_stays_and_the_page_says_so_beforehand(city: City) -> None:
    with clock.at(NOON):
        batch = imported(city)
    first, second, third = Person.objects.filter(batch=batch).order_by("given")
    with clock.at(NOON + dt.timedelta(days=1)):
        case = actions.propose(person=first, partner=city.town, need=city.need, by=city.worker)
        Wish.objects.create(person=second, opportunity=published(city), place=1)
    client = Client()
    sign_in_fully(client, city.manager)
    page = client.get(reverse("people:import-batch", args=[batch.pk])).content.decode()
    assert "1 แถว" in page
    assert "มีเรื่องที่ส่งต่ออยู่" in page
    assert undo_import(batch=batch, by=city.manager) == (1, 2)
    assert set(Person.objects.filter(batch=batch)) == {first, second}
    assert not Person.objects.filter(pk=third.pk).exists()
    case.refresh_from_db()
    assert case.person == first
