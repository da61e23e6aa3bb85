"""Something changed in a life; somebody is away; a partner leaves: the screens that say first what follows."""

import pytest
from tests.journeys.browser import Screen
from tests.learning.conftest import DAY, FIRST, School, make
from tests.learning.test_line import ask, course_of
from tests.signing import make_user

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries as users
from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.models import Person


def ready(user: User) -> User:
    accounts.set_up_second_factor(user=user, salt=users.new_totp_salt(), by=user)
    return user


@pytest.fixture
def school(live_city: str) -> School:
    """The dates of the courses are moved with today, for the site runs by the real clock."""
    made = make(sessions=1)
    course = course_of(made, start=clock.now() + 20 * DAY)
    for person in [made.city.pin(name) for name in ("หนึ่ง", "สอง")]:
        ask(made, course, person)
    assert FIRST
    return made


def test_what_changed_is_said_before_it_is_done(walk: Screen, school: School) -> None:
    page, one = walk.page, Person.objects.get(given="หนึ่ง")
    walk.sign_in(ready(school.city.worker))
    walk.visit(f"/people/{one.pk}/")
    page.click(f"a[href='/people/{one.pk}/changed/'] >> nth=0")
    assert {"ทำขนม", "Sweets"} & set(page.inner_text("main").split())
    walk.check("life-changed")
    walk.visit(f"/people/{one.pk}/changed/?kind=died")
    page.check("input[name=sure]")
    page.click("button:below(input[name=sure]) >> nth=0")
    page.wait_for_url(f"**/people/{one.pk}/")
    walk.visit(f"/people/{one.pk}/changed/")
    walk.check("life-back")
    walk.visit("/learning/offers/")
    assert "สอง" in page.inner_text("main")
    walk.check("offers-to-tell")
    walk.visit("/partners/mine/away/")
    walk.check("away")
    for path, name in (("/people/visits/", "visits"), ("/people/grown/", "grown"), ("/people/handed-over/", "handed")):
        walk.visit(path)
        walk.check(f"none-{name}")


def test_a_household_that_was_noted_by_mistake_is_noted_again(walk: Screen, school: School) -> None:
    page, one, two = walk.page, Person.objects.get(given="หนึ่ง"), Person.objects.get(given="สอง")
    worker = ready(school.city.worker)
    people.change_household(people=[one, two], living=people.Living(house="5 ซอยเก่า"), by=worker)
    people.change_household(people=[one], living=people.Living(house="99 ซอยทดลอง"), roles={one.pk: "head"}, by=worker)
    walk.sign_in(worker)
    walk.visit(f"/people/{one.pk}/")
    assert "99 ซอยทดลอง" in page.inner_text("main")
    walk.check("life-house")
    walk.visit(f"/people/{one.pk}/changed/?kind=home&q=ไม่มีใคร")
    walk.check("life-nobody")
    walk.visit(f"/people/{one.pk}/changed/")
    page.click("a[href='?kind=home&before=0#home']")
    walk.check("life-before")
    page.click("#home .buttons button")
    page.wait_for_url(f"**/people/{one.pk}/#home")  # a browser keeps what the address before ended in
    assert "5 ซอยเก่า" in page.inner_text("main")
    walk.visit(f"/people/{one.pk}/link/")
    walk.check("account-asked")


def test_a_leaving_partner_settles_what_it_holds(walk: Screen, school: School) -> None:
    system = users.system_user()
    lead = make_user("lead", name="ผู้ประสานงาน")
    partners.add_member(partner=school.city.hospital, user=lead, role=Role.COORDINATOR, by=system)
    partners.add_member(partner=school.city.hospital, user=make_user("head"), role=Role.MANAGER, by=system)
    walk.sign_in(ready(lead))
    walk.visit("/partners/school/leave/?to=hospital")
    walk.check("partner-leaves")
    walk.visit("/people/deserted/")
    walk.check("deserted")
    walk.visit("/partners/school/rename/")
    walk.check("partner-rename")
