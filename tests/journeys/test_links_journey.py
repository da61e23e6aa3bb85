"""What shows a learning passport to others, on the screens of whoever may close it; and tries that opened nothing."""

from tests import small_city
from tests.journeys.browser import Screen
from tests.journeys.conftest import on
from tests.learning.making import course_of, resident_of
from tests.rounds.access import made as round_of

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.models import User
from okat.city.learning import actions as learning
from okat.city.partners.rules import Role
from okat.city.people import actions as people


def verified(user: User) -> User:
    accounts.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    return user


@on(("th", 360, False), ("en", 1280, True))
def test_a_worker_closes_a_link_that_shows_somebody_s_passport(walk: Screen) -> None:
    city = small_city.build()
    course_of(city)
    person = resident_of(city)
    learning.share_passport(person=person, days=30, by=city.resident)
    walk.sign_in(verified(city.users[Role.FIELD_WORKER]))
    page = walk.visit(f"/people/{person.pk}/")
    walk.check("links-person")
    page.locator(f"a[href='/learning/people/{person.pk}/links/']").click()
    walk.check("links-list")
    page.locator("main form button").last.click()
    walk.check("links-ending")
    page.locator("main form button").last.click()
    walk.check("links-closed")
    walk.visit(f"/people/{person.pk}/link/")
    walk.check("links-account")


@on(("th", 360, False), ("en", 1280, True))
def test_an_auditor_finds_the_tries_that_opened_nothing(walk: Screen) -> None:
    city = small_city.build()
    round_of(city)
    worker = verified(city.users[Role.FIELD_WORKER])
    walk.sign_in(worker)
    for _turn in range(2):
        page = walk.visit("/people/emergency/")
        page.locator("input[name=find]").fill("089-999-9999")
        page.locator("input[name=reason]").first.check()
        page.locator("textarea[name=note]").fill("หมดสติที่ตลาด ต้องถามญาติ")
        page.locator("main form button").last.click()
    walk.check("tries-refused")
    people.note_try(key="0" * 64, partner=city.here, by=worker)
    walk.sign_in(verified(city.users[Role.AUDITOR]))
    walk.visit("/people/emergency/openings/")
    walk.check("tries-listed")
    walk.visit("/rounds/manage/")
    walk.check("asked-list")
