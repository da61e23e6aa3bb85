"""What a case leads to is cancelled: whoever's turn it is hears of it, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import City
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.cases import actions
from okat.city.cases.models import Case
from okat.city.cases.rules import CaseError, Verb
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.notices.models import Notice


def offer_of(city: City) -> Opportunity:
    row = OpportunityRow(provider=city.school.code, area=city.school.area.code, kind="service", title_th="พาไปหาหมอ")
    return Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])


def one(city: City, case: Case) -> None:
    actions.refer(case=case, to=city.school, by=city.worker)


def many(city: City, case: Case) -> None:
    actions.move_many(cases=[case], verb=Verb.REFER, by=city.manager)


@pytest.mark.parametrize("refer", [one, many])
def test_a_case_that_had_come_back_does_not_go_on_towards_what_was_called_off(
    city: City, client: Client, refer: Callable[[City, Case], None]
) -> None:
    offer = offer_of(city)
    case = actions.propose(person=city.person, partner=city.town, opportunity=offer, by=city.worker)
    case = actions.accept(case=case, by=city.resident)
    city.consent(city.school)
    case = actions.refer(case=case, to=city.school, by=city.worker).case
    case = actions.return_referral(case=case, reason="full", by=city.officer)
    sign_in_fully(client, city.worker)
    address = reverse("cases:case", args=[case.pk])
    assert "ถูกยกเลิกแล้ว" not in client.get(address).content.decode()
    catalogue.cancel(opportunity=offer, reason="หมอลา", by=system_user(), version=1)
    page = client.get(address).content.decode()
    assert "ถูกยกเลิกแล้ว" in page
    assert f'action="{reverse("cases:act", args=[case.pk, Verb.REFER])}"' not in page
    with pytest.raises(CaseError) as refused:
        refer(city, case)
    assert refused.value.code == "called_off"


def test_whoever_acts_next_is_told_of_a_cancelled_opportunity(
    city: City, django_capture_on_commit_callbacks: Any
) -> None:
    offer = offer_of(city)
    actions.propose(person=city.person, partner=city.town, opportunity=offer, by=city.worker)
    with django_capture_on_commit_callbacks(execute=True):
        catalogue.cancel(opportunity=offer, reason="หมอลา", by=system_user(), version=1)
    told = set(Notice.objects.filter(kind="cases.cancelled").values_list("user__login", flat=True))
    assert told
    assert city.stranger.login not in told


def test_what_is_over_is_not_told_to_be_called_off(city: City, client: Client) -> None:
    """The course that somebody has completed is called off later: there is nothing else to look for by that."""
    offer = offer_of(city)
    case = actions.propose(person=city.person, partner=city.town, opportunity=offer, by=city.worker)
    case = actions.accept(case=case, by=city.resident)
    for verb in (Verb.REFER, Verb.RECEIVE, Verb.START, Verb.COMPLETE):
        actions.move_many(cases=[case], verb=verb, by=city.manager)
    catalogue.cancel(opportunity=offer, reason="หมอลา", by=system_user(), version=1)
    sign_in_fully(client, city.worker)
    assert "ถูกยกเลิกแล้ว" not in client.get(reverse("cases:case", args=[case.pk])).content.decode()
