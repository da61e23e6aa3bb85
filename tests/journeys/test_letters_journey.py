"""A worker hears of somebody whom nothing reaches, prints the slip, and confirms a telephone; a reader chooses ways."""

from tests import small_city
from tests.journeys.browser import Screen
from tests.signing import PASSWORD

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.models import User
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.rules import Purpose


def ready(user: User) -> User:
    """With a password and a second factor, as staff have."""
    accounts.set_password(user=user, password=PASSWORD, by=user)
    accounts.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    return user


def test_slips_and_telephones_and_wishes(walk: Screen) -> None:
    city = small_city.build()
    worker = ready(city.users[Role.FIELD_WORKER])
    people = [
        actions.pin_person(
            row=PinRow(
                area=city.here.area, given=name, family="ใจดี", phone="0812345678",
                consents=(ConsentRow(Purpose.CARE, city.here, sensitive=True),),
            ),
            partner=city.here, by=worker,
        )
        for name in ("มาลี", "สมหญิง")
    ]  # fmt: skip
    actions.tell(people=people, kind="rounds.offered", params={"title": "x"}, by=worker)
    walk.sign_in(worker)
    walk.visit("/people/slips/")
    walk.check("people-slips")
    with walk.page.expect_navigation():
        walk.page.click("#print button")
    walk.check("people-slips-sheet")
    walk.visit(f"/people/{people[0].pk}/phone/")
    walk.check("people-phone")
    walk.visit("/notices/preference/")
    walk.check("notices-preference")
    walk.page.context.clear_cookies()
    walk.sign_in(ready(city.users[Role.COORDINATOR]))
    walk.visit("/notices/letters/")
    walk.check("notices-letters")
