"""What is given to an office at the moment in which it leaves: it goes along, or is refused; never to nobody."""

import contextlib
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.cases.conftest import City, build
from tests.meanwhile import Meanwhile
from tests.partners.giving import GIVES, Giving
from tests.signing import make_user

from okat.city.accounts.queries import system_user
from okat.city.cases.models import Case
from okat.city.catalogue.models import Opportunity
from okat.city.core.refusals import UndoneError
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people.models import Consent, Person
from okat.city.people.queries import visible_to
from okat.city.rounds.rules import RoundError

pytestmark = pytest.mark.django_db(transaction=True)

each_way = pytest.mark.parametrize("prepare", GIVES, ids=lambda prepare: str(prepare.__name__))


def _made(prepare: Callable[[City, Partner], Giving]) -> tuple[City, Partner, Giving]:
    """With the giving as it was prepared before anything happened to the office."""
    city = build()
    new = partners.add_partner(code="new", th="ใหม่", en="new", kind="provincial", area=city.town.area, by=system_user())
    partners.add_member(partner=new, user=make_user("boss", name="boss"), role=Role.MANAGER, by=system_user())
    for partner, login in ((city.town, "lead"), (new, "other")):
        partners.add_member(partner=partner, user=make_user(login, name=login), role=Role.COORDINATOR, by=system_user())
    return city, new, prepare(city, Partner.objects.select_related("area").get(pk=city.town.pk))


@each_way
def test_what_is_given_while_an_office_leaves_goes_to_nobody_never(
    prepare: Callable[[City, Partner], Giving],
) -> None:
    city, new, give = _made(prepare)
    with transaction.atomic():
        town = Partner.objects.get(pk=city.town.pk)
        partners.leave_network(partner=town, reason="merged", successor=new, by=system_user())
        giving = Meanwhile(give)
        assert not giving.settled()
    with pytest.raises(UndoneError) as refused:
        giving.done()
    assert refused.value.code in ("partner_left", "partner", "provider", "closed")
    manager = new.memberships.get(role=Role.MANAGER).user
    assert set(Person.objects.all()) == set(visible_to(manager))


@each_way
def test_whoever_gives_asks_for_the_office_before_anybody_is_held(
    prepare: Callable[[City, Partner], Giving],
) -> None:
    """Else a leaving office that waits for a person meets somebody who holds them and waits for the office."""
    city, _new, give = _made(prepare)
    with transaction.atomic():
        Partner.objects.select_for_update().get(pk=city.town.pk)
        giving = Meanwhile(give)
        assert not giving.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        for model in (Person, Consent, Case, Opportunity):
            list(model._default_manager.select_for_update(of=("self",)).order_by("pk"))
    with contextlib.suppress(RoundError):  # a round that is only planned takes nobody
        giving.done()
