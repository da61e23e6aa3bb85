"""What is given to an office at the moment in which it leaves: it goes along, or is refused; never to nobody."""

import contextlib
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import City, build
from tests.meanwhile import Meanwhile
from tests.partners.giving import GIVES, Giving, propose, refer
from tests.read_aloud import words_on
from tests.signing import PASSWORD, make_user, sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.cases.models import Case
from okat.city.catalogue.models import Opportunity
from okat.city.core.refusals import UndoneError
from okat.city.partners import actions as partners
from okat.city.partners.actions._may import lock_partner
from okat.city.partners.models import Invitation, Partner
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
    assert refused.value.code in ("partner_left", "provider", "closed")
    manager = new.memberships.get(role=Role.MANAGER).user
    assert set(Person.objects.all()) == set(visible_to(manager))


@each_way
def test_whoever_gives_asks_for_the_office_before_anybody_is_held(
    prepare: Callable[[City, Partner], Giving],
) -> None:
    """Else a leaving office that waits for a person meets somebody who holds them and waits for the office."""
    city, _new, give = _made(prepare)
    with transaction.atomic():
        lock_partner(city.town)
        giving = Meanwhile(give)
        assert not giving.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        for model in (Person, Consent, Case, Opportunity):
            list(model._default_manager.select_for_update(of=("self",)).order_by("pk"))
    with contextlib.suppress(RoundError):  # a round that is only planned takes nobody
        giving.done()


def test_whoever_gave_something_reads_beside_the_form_that_the_office_has_left(client: Client) -> None:
    city = build()
    sign_in_fully(client, city.worker)
    page = reverse("people:consent", kwargs={"pk": city.person.pk})
    sent = {"purpose": "refer", "recipient": "school", "how": "verbal", **words_on(client, page)}
    with transaction.atomic():
        partners.leave_network(partner=Partner.objects.get(pk=city.school.pk), reason="ended", by=system_user())
        posting = Meanwhile(lambda: client.post(page, sent))
        assert not posting.settled()
    answer = posting.done()
    assert isinstance(answer, HttpResponse)
    shown = answer.content.decode()
    assert "หน่วยงานนี้ออกจากเครือข่ายแล้ว เลือกหน่วยงานอื่น" in shown
    assert 'name="recipient"' in shown


def test_what_one_office_settles_goes_to_no_other_that_is_just_leaving() -> None:
    city, new, _give = _made(refer)  # the school has a case
    settle = lambda: partners.settle(partner=city.school, key="50 cases.owned", to=city.town, by=system_user())  # noqa: E731
    with transaction.atomic():
        town = Partner.objects.get(pk=city.town.pk)
        partners.leave_network(partner=town, reason="merged", successor=new, by=system_user())
        settling = Meanwhile(settle)
        assert not settling.settled()
    with pytest.raises(partners.LeavingError, match="successor"):
        settling.done()
    assert Case.objects.get().owner == city.school


@pytest.mark.parametrize("turned", [False, True])
def test_two_offices_are_held_in_the_order_of_their_ids(turned: bool) -> None:
    city, _new, _give = _made(propose)
    first, second = sorted((city.town, city.school), key=lambda one: one.pk)
    gives, takes = (second, first) if turned else (first, second)
    partners.add_member(partner=takes, user=make_user("head", name="head"), role=Role.MANAGER, by=system_user())
    with transaction.atomic():
        lock_partner(first)
        settling = Meanwhile(lambda: partners.settle(partner=gives, key="50 cases.owned", to=takes, by=system_user()))
        assert not settling.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        lock_partner(second)
    settling.done()


def test_a_link_is_followed_after_the_office_by_whoever_opens_an_account_too() -> None:
    city = build()
    made = partners.invite_member(
        partner=city.town, name="ใหม่", email="new@example.org", role=Role.OFFICER, by=city.manager
    )
    opened = {"name": "ใหม่", "password": PASSWORD, "by": None}
    with transaction.atomic():
        lock_partner(city.town)
        opening = Meanwhile(lambda: partners.accept_as_new(invitation=made, **opened))  # type: ignore[arg-type]
        assert not opening.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        Invitation.objects.select_for_update(of=("self",)).get(pk=made.pk)
    opening.done()
