"""An address is confirmed, a role is accepted, a record is linked: each by the person whom it concerns."""

import re

import pytest
from playwright.sync_api import expect
from tests import small_city
from tests.journeys.browser import Screen
from tests.journeys.conftest import on
from tests.signing import PASSWORD, make_user
from tests.small_city import SmallCity

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.models import User
from okat.city.accounts.rules import Channel
from okat.city.core import fresh
from okat.city.core.sessions import SessionStore
from okat.city.partners import actions as partners
from okat.city.partners.models import Invitation, Membership
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.rules import Purpose
from okat.thai.partial import PartialDate

ENDS = (("th", 360, False), ("en", 1280, True))


@pytest.fixture
def city(live_city: str) -> SmallCity:
    return small_city.build()


def later(walk: Screen, user: User) -> None:
    """Signed in, and longer than five minutes ago."""
    walk.sign_in(user)
    key = next(c["value"] for c in walk.page.context.cookies() if c["name"] == "sessionid")  # type: ignore[typeddict-item]
    session = SessionStore(key)
    del session[fresh.KEY]
    session.save()


def with_factor(user: User) -> User:
    accounts.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    return user


@on(*ENDS)
def test_an_address_is_given_and_confirmed(walk: Screen, city: SmallCity) -> None:
    walk.sign_in(city.resident)
    page = walk.visit("/accounts/")
    walk.check("account")
    page = walk.visit("/accounts/address/email/")
    walk.check("account-address")
    page.fill("#id_value", "New@ไทย.ไทย")
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/accounts/$"))
    walk.check("account-waiting")
    waiting = queries.waiting(city.resident, Channel.EMAIL)
    assert waiting is not None
    walk.visit(f"/accounts/confirm/{waiting.token()}/")
    walk.check("account-confirm")
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/accounts/$"))
    page = walk.visit("/accounts/address/sms/")
    page.fill("#id_value", "081-234-5678")
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/accounts/code/$"))
    walk.check("account-code")


@on(*ENDS)
def test_a_role_is_offered_and_accepted(walk: Screen, city: SmallCity) -> None:
    walk.sign_in(with_factor(city.users[Role.MANAGER]))
    page = walk.visit("/partners/mine/members/invite/")
    page.fill("#id_name", "ชาวบ้าน ใจดี")
    page.fill("#id_email", "resident@example.org")
    page.select_option("#id_role", "officer")
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile("/members/$"))
    walk.check("members-waiting")
    link = f"/partners/invitation/{Invitation.objects.get().token()}/"
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "okat_language", "value": walk.language, "url": page.url}])
    walk.visit(link)
    walk.check("invitation-known")
    new = partners.invite_member(
        partner=city.here, name="ครูใหม่", email="kru@example.org", role=Role.FIELD_WORKER, by=city.users[Role.MANAGER]
    )
    walk.visit(f"/partners/invitation/{new.token()}/")
    walk.check("invitation-new")
    walk.sign_in(city.resident)
    walk.visit(link)
    walk.check("invitation-answer")
    page.locator("main form button").first.click()
    expect(page).not_to_have_url(re.compile("/invitation/"))
    assert Membership.objects.filter(user=city.resident, role=Role.OFFICER).exists()
    walk.expect_refusal("/invitation/")
    walk.visit(link)
    walk.check("invitation-over")


@on(*ENDS)
def test_the_password_is_asked_again_and_what_was_sent_is_done(walk: Screen, city: SmallCity) -> None:
    later(walk, city.resident)
    page = walk.visit("/accounts/address/email/")
    page.fill("#id_value", "new@example.org")
    page.locator("main form button").first.click()
    walk.check("again")
    page.fill("#id_proof", PASSWORD)
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/accounts/$"))
    assert queries.waiting(city.resident, Channel.EMAIL) is not None


@on(*ENDS)
def test_a_record_is_linked_by_its_owner(walk: Screen, city: SmallCity) -> None:
    worker, owner = city.users[Role.FIELD_WORKER], make_user("owner", name="มาลี ศรีสุข")
    row = PinRow(
        area=city.here.area,
        given="มาลี",
        family="ศรีสุข",
        birth=PartialDate(1960, 5, 17),
        consents=(ConsentRow(Purpose.CARE, city.here),),
    )
    person = people.pin_person(row=row, partner=city.here, by=worker)
    walk.sign_in(with_factor(worker))
    page = walk.visit(f"/people/{person.pk}/link/")
    walk.check("link")
    page.fill("#id_login", "owner")
    page.locator("main form button").last.click()
    walk.check("link-asked")
    walk.sign_in(owner)
    walk.visit("/people/mine/")
    walk.check("mine-asked")
    walk.visit("/people/mine/links/")
    walk.check("mine-links")
    page.fill("#id_birth", "17/5/2503")
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("/people/mine/$"))
    assert Person.objects.get(pk=person.pk).user == owner
    walk.visit("/people/mine/unlink/")
    walk.check("mine-unlink")
