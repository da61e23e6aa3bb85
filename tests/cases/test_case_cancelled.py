"""What a case leads to is cancelled: whoever's turn it is hears of it, and nobody else."""

from typing import Any

from tests.cases.conftest import City

from okat.city.accounts.queries import system_user
from okat.city.cases import actions
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.notices.models import Notice


def test_whoever_acts_next_is_told_of_a_cancelled_opportunity(
    city: City, django_capture_on_commit_callbacks: Any
) -> None:
    row = OpportunityRow(provider=city.school.code, area=city.school.area.code, kind="service", title_th="พาไปหาหมอ")
    offer = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    actions.propose(person=city.person, partner=city.town, opportunity=offer, by=city.worker)
    with django_capture_on_commit_callbacks(execute=True):
        catalogue.cancel(opportunity=offer, reason="หมอลา", by=system_user(), version=1)
    told = set(Notice.objects.filter(kind="cases.cancelled").values_list("user__login", flat=True))
    assert told
    assert city.stranger.login not in told
