"""A role comes by an accepted invitation and in no other way: never by typing somebody's address."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests import small_city
from tests.signing import PASSWORD, make_user, run_jobs, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts import actions as accounts
from okat.city.accounts.models import User
from okat.city.accounts.queries import reachable, user_called
from okat.city.accounts.rules import Channel
from okat.city.core import clock, permissions
from okat.city.core.permissions import Permission
from okat.city.notices.models import Notice
from okat.city.partners import actions, queries
from okat.city.partners.models import Invitation, Membership
from okat.city.partners.rules import Answer, Role

pytestmark = pytest.mark.django_db
INVITE = "/partners/mine/members/invite/"
WISH = {"name": "ครูใหม่", "email": "Kru@Example.org", "role": "officer"}
OWN = {"name": "ครูใหม่ ใจดี", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


@pytest.fixture
def manager(city: SmallCity) -> Client:
    return entered(city.users[Role.MANAGER])


def entered(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


def link_of_letter() -> str:
    run_jobs()
    return next(line for line in mail.outbox[-1].body.splitlines() if "/invitation/" in line).removeprefix(
        "http://127.0.0.1:8000"
    )


def has_role(user: User) -> bool:
    return Permission.MANAGE_OPPORTUNITIES in permissions.of(User.objects.get(pk=user.pk))


def test_somebody_new_opens_an_account_by_the_link_and_works_here(manager: Client) -> None:
    assert manager.post(INVITE, WISH).status_code == 302
    assert user_called("kru@example.org") is None
    assert Membership.objects.filter(role=Role.OFFICER).count() == 1  # the city's own officer
    page = manager.get("/partners/mine/members/").content.decode()
    assert "ครูใหม่" in page
    assert "kru@example.org" in page
    link = link_of_letter()
    assert mail.outbox[-1].to == ["kru@example.org"]
    seen = Client().get(f"{link}?lang=en").content.decode()
    assert "Municipality" in seen
    assert "Officer" in seen
    newcomer = Client()
    assert newcomer.post(link, OWN).status_code == 302
    user = user_called("kru@example.org")
    assert user is not None
    assert has_role(user)
    assert reachable([user])[user.pk] == {Channel.EMAIL: "kru@example.org"}
    page = manager.get("/partners/mine/members/").content.decode()
    assert "ครูใหม่ ใจดี" in page
    assert "kru@example.org" not in page
    again = manager.post(INVITE, WISH)
    assert "already" in again.context["form"].errors.as_text()


def test_typing_the_address_that_will_be_invited_gains_nothing(city: SmallCity, manager: Client) -> None:
    thief = entered(city.resident)
    thief.post("/accounts/address/email/", {"value": "new.colleague@nfe.example"})
    manager.post(INVITE, {**WISH, "email": "new.colleague@nfe.example"})
    assert not has_role(city.resident)
    assert thief.get("/people/").status_code == 403
    invitation = Invitation.objects.get()
    # The thief has no link; with one of a letter to somebody else it is refused by the address that the account has.
    page = thief.post(f"/partners/invitation/{invitation.token()}/answer/")
    assert page.status_code == 404
    assert not has_role(city.resident)
    owner = Client()
    assert owner.post(f"/partners/invitation/{invitation.token()}/", OWN).status_code == 302
    colleague = user_called("new.colleague@nfe.example")
    assert colleague is not None
    assert has_role(colleague)


def test_whoever_has_confirmed_the_address_says_yes_or_no(city: SmallCity, manager: Client) -> None:
    manager.post(INVITE, {**WISH, "email": "resident@example.org"})
    assert not has_role(city.resident)
    link = link_of_letter()
    assert "Sign in" in Client().get(f"{link}?lang=en").content.decode()
    assert Client().post(link, OWN).status_code == 200  # no second account for the address
    assert User.objects.filter(name=OWN["name"]).count() == 0
    resident = entered(city.resident)
    page = resident.get(resident.get(link)["Location"]).content.decode()
    for words in ("Municipality", "Officer", "Opens the records", "คน manager"):
        assert words in page
    assert not has_role(city.resident)
    assert resident.post(f"{link}answer/").status_code == 302
    assert has_role(city.resident)
    assert Notice.objects.filter(user=city.resident, kind="account.role").count() == 1
    assert resident.post(f"{link}answer/").status_code == 410  # once


def test_no_is_no(city: SmallCity, manager: Client) -> None:
    manager.post(INVITE, {**WISH, "email": "resident@example.org"})
    link, resident = link_of_letter(), entered(city.resident)
    resident.post(f"{link}answer/", {"no": "1"})
    assert resident.post(f"{link}answer/").status_code == 410
    assert not has_role(city.resident)
    assert Invitation.objects.get().answer == Answer.DECLINED


def test_another_account_cannot_take_it(city: SmallCity, manager: Client) -> None:
    manager.post(INVITE, {**WISH, "email": "resident@example.org"})
    link = link_of_letter()
    other = make_user("other", email="")
    for client in (entered(city.stranger), entered(other)):
        assert client.post(f"{link}answer/").status_code == 404
    assert not has_role(other)


def test_an_account_without_an_address_gets_it_by_the_link(city: SmallCity, manager: Client) -> None:
    manager.post(INVITE, WISH)
    link, user = link_of_letter(), make_user("wisa", email="")
    assert entered(user).post(f"{link}answer/").status_code == 302
    assert has_role(user)
    assert reachable([user])[user.pk] == {Channel.EMAIL: "kru@example.org"}


def test_a_link_that_is_too_old_or_was_sent_anew_is_over(city: SmallCity, manager: Client) -> None:
    manager.post(INVITE, WISH)
    old = Invitation.objects.get()
    link = f"/partners/invitation/{old.token()}/"
    with clock.at(clock.now() + dt.timedelta(days=8)):
        assert Client().post(link, OWN).status_code == 410
        accounts_before = User.objects.count()
        actions.invite_again(invitation=old, by=city.users[Role.MANAGER])
        assert Client().get(link).status_code == 410
        new = Invitation.objects.get()
        assert Client().get(f"/partners/invitation/{new.token()}/").status_code == 200
    assert User.objects.count() == accounts_before


def test_one_that_was_called_back_says_so(manager: Client) -> None:
    manager.post(INVITE, WISH)
    invitation = Invitation.objects.get()
    link = f"/partners/invitation/{invitation.token()}/"
    assert manager.post(f"/partners/mine/invitations/{invitation.pk}/recall/").status_code == 302
    page = Client().post(f"{link}?lang=en", OWN)
    assert page.status_code == 410
    assert "called it back" in page.content.decode()
    assert user_called("kru@example.org") is None
    run_jobs()
    assert mail.outbox == []  # the letter that had not gone yet does not go


def test_inviting_again_calls_the_earlier_one_back(manager: Client) -> None:
    for _ in range(2):
        manager.post(INVITE, WISH)
    assert [i.answer for i in Invitation.objects.order_by("pk")] == [Answer.RECALLED, ""]


def test_whoever_may_no_longer_give_the_role_gave_none(city: SmallCity, manager: Client) -> None:
    manager.post(INVITE, {**WISH, "email": "resident@example.org"})
    link = link_of_letter()
    Membership.objects.filter(user=city.users[Role.MANAGER]).update(ended_on=clock.today())
    page = entered(city.resident).post(f"{link}answer/")
    assert page.status_code == 200
    assert "city team alone" in page.content.decode()
    assert not has_role(city.resident)


def test_two_who_accept_at_once_are_one_member(city: SmallCity) -> None:
    """The second comes from a page that was drawn before the first answered."""
    made = actions.invite_member(
        partner=city.here, name="x", email="kru@example.org", role=Role.OFFICER, by=city.users[Role.MANAGER]
    )
    user = actions.accept_as_new(invitation=made, name="x", password=PASSWORD, by=None)
    with pytest.raises(actions.InvitationOverError, match="accepted"):
        actions.accept_invitation(invitation=made, by=user)
    with pytest.raises(actions.InvitationOverError, match="accepted"):
        actions.accept_as_new(invitation=made, name="y", password=PASSWORD, by=None)
    assert Membership.objects.filter(user=user).count() == 1


def test_an_account_that_was_never_opened_is_woken_by_the_link_and_not_by_anybody_else(city: SmallCity) -> None:
    asleep = make_user("kru@example.org", password=None, email="kru@example.org")
    asleep.addresses.all().delete()
    made = actions.invite_member(
        partner=city.here, name="x", email="kru@example.org", role=Role.OFFICER, by=city.users[Role.MANAGER]
    )
    assert Client().post(f"/partners/invitation/{made.token()}/", OWN).status_code == 302
    assert user_called("kru@example.org") == asleep
    assert has_role(asleep)


def test_a_manager_weakens_nobody_of_another_partner(city: SmallCity) -> None:
    officer = city.users[Role.OFFICER]
    accounts.set_up_second_factor(user=officer, salt="ab" * 20, by=officer)
    actions.add_member(partner=city.there, user=officer, role=Role.MANAGER, by=city.users[Role.COORDINATOR])
    here = Membership.objects.get(user=officer, partner=city.here)
    with pytest.raises(actions.MembershipRefusedError, match="elsewhere"):
        actions.reset_member(membership=here, by=city.users[Role.MANAGER])
    assert User.objects.get(pk=officer.pk).second_factor
    actions.reset_member(membership=here, by=city.users[Role.COORDINATOR])
    assert not User.objects.get(pk=officer.pk).second_factor


def test_a_role_in_one_partner_gives_no_roles_in_another(city: SmallCity) -> None:
    with pytest.raises(actions.MembershipRefusedError, match="role"):
        actions.invite_member(
            partner=city.there, name="x", email="x@example.org", role=Role.OFFICER, by=city.users[Role.MANAGER]
        )
    theirs = Membership.objects.get(user=city.stranger)
    with pytest.raises(actions.MembershipRefusedError, match="role"):
        actions.change_areas(membership=theirs, areas=[], by=city.users[Role.MANAGER])
    assert queries.permissions_in(city.users[Role.MANAGER], city.there) == frozenset()


def test_a_partner_shows_only_its_own_invitations(city: SmallCity, manager: Client) -> None:
    made = actions.invite_member(
        partner=city.there, name="x", email="x@example.org", role=Role.OFFICER, by=city.stranger
    )
    assert "x@example.org" not in manager.get("/partners/mine/members/").content.decode()
    assert manager.post(f"/partners/mine/invitations/{made.pk}/again/").status_code == 404


@pytest.mark.parametrize("sends", [True, False])
@pytest.mark.parametrize(("role", "url"), [(Role.MANAGER, INVITE), (Role.COORDINATOR, "/partners/there/manager/")])
def test_an_invitation_is_said_to_be_on_its_way_only_where_mail_goes(
    city: SmallCity, role: Role, url: str, sends: bool, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org" if sends else ""
    client = entered(city.users[role])
    page = client.get(url).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once is not None
    said = client.post(url, {**WISH, "once": once[1]}, follow=True).content.decode()
    assert Invitation.objects.filter(name=WISH["name"]).exists()
    assert ("This city sends no e-mail yet: the invitation waits" in said) is not sends
    assert ("accepted." in said) is sends
