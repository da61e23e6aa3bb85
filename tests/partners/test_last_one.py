"""At least one must remain: whoever answers for a partner, and whoever answers for the network, also at one moment."""

import threading

import pytest
from django.db import connection
from tests import small_city
from tests.signing import make_user
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.partners import actions
from okat.city.partners.models import Membership, Partner
from okat.city.partners.rules import Role


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


def second(city: SmallCity, role: Role) -> Membership:
    by = city.users[Role.COORDINATOR]
    return actions.add_member(partner=city.here, user=make_user("second"), role=role, by=by)


def at_once(pairs: list[tuple[Membership, User]]) -> list[str]:
    """What becomes of each: every one is read before any has ended, on a connection of its own."""
    start, said = threading.Barrier(len(pairs)), []

    def end(pk: int, by: int) -> None:
        try:
            member = Membership.objects.select_related("partner__area", "user").get(pk=pk)
            user = User.objects.get(pk=by)
            start.wait()
            actions.end_membership(membership=member, by=user)
            said.append("ended")
        except actions.MembershipRefusedError as error:
            said.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=[member.pk, by.pk]) for member, by in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("role", "why"), [(Role.MANAGER, "last_manager"), (Role.COORDINATOR, "last_coordinator")])
def test_two_who_end_each_other_leave_one(city: SmallCity, role: Role, why: str) -> None:
    other = second(city, role)
    for _turn in range(3):
        one = Membership.objects.get(user=city.users[role], role=role)
        assert at_once([(one, other.user), (other, one.user)]) in (["ended", why], ["ended", "role"])
        left = Membership.objects.filter(role=role, partner=city.here, ended_on=None)
        assert left.count() == 1
        Membership.objects.filter(pk__in=[one.pk, other.pk]).update(ended_on=None)


@pytest.mark.django_db
def test_the_last_of_the_city_team_stays(city: SmallCity) -> None:
    team = Membership.objects.get(role=Role.COORDINATOR)
    with pytest.raises(actions.MembershipRefusedError, match="last_coordinator"):
        actions.end_membership(membership=team, by=team.user)
    actions.add_member(partner=city.there, user=make_user("second"), role=Role.COORDINATOR, by=team.user)
    actions.end_membership(membership=team, by=team.user)
    assert Membership.objects.get(pk=team.pk).ended_on is not None


@pytest.mark.django_db
def test_a_partner_does_not_leave_with_the_whole_city_team(city: SmallCity) -> None:
    by = city.users[Role.COORDINATOR]
    with pytest.raises(actions.LeavingError) as refused:
        actions.leave_network(partner=city.here, reason="closed", by=by)
    assert refused.value.code == "last_coordinator"
    actions.add_member(partner=city.there, user=make_user("second"), role=Role.COORDINATOR, by=by)
    actions.leave_network(partner=city.here, reason="closed", by=by)
    assert Partner.objects.get(code="here").left_on is not None


@pytest.mark.django_db(transaction=True)
def test_nobody_joins_a_partner_in_the_moment_in_which_it_leaves(city: SmallCity) -> None:
    by = city.users[Role.COORDINATOR]
    start, said = threading.Barrier(2), []

    def leave() -> None:
        try:
            start.wait()
            actions.leave_network(partner=city.there, reason="closed", by=by)
        finally:
            connection.close()

    def join() -> None:
        try:
            start.wait()
            actions.add_member(partner=city.there, user=city.resident, role=Role.OFFICER, by=by)
        except actions.MembershipRefusedError as error:
            said.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=each) for each in (leave, join)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said in ([], ["left"])
    assert not Membership.objects.filter(partner=city.there, ended_on=None).exists()
