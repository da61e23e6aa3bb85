"""A coordinator enters the draw, decides, reads the certificate and publishes; a resident reads why, takes the place
and asks for a review; another applies with buttons alone."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests import small_city
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt
from tests.rounds.conftest import City
from tests.signing import PASSWORD, code_for

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries as signing
from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.rules import Family
from okat.city.core import clock
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, PinRow, link_account, pin_many
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose
from okat.city.rounds import actions
from okat.city.rounds.actions import ApplyRow
from okat.city.rounds.models import Application, Round
from okat.city.rounds.rules import Status
from okat.city.taxonomy.models import Term

SCREENS = [("th", 360, True), ("en", 1280, False)]


@pytest.fixture(params=SCREENS, ids=["th-360-js", "en-1280-nojs"])
def screen(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    return page_at(*request.param)


class Town:
    """Three people who want two places; a round that closed yesterday, and one that is open."""

    def __init__(self) -> None:
        city = small_city.build()
        Term(vocabulary="need", code="learn", th="เรียนต่อ", en="Learn").save()
        self.lead, self.system = city.users[Role.COORDINATOR], system_user()
        self.city = City(
            city.here, city.here, city.here.area, self.lead, self.lead, city.users[Role.OFFICER],
            city.users[Role.AUDITOR], self.system,
        )  # fmt: skip
        here, now = city.here, clock.now()
        agreed = tuple(ConsentRow(why, here, How.SIGNATURE) for why in (Purpose.CARE, Purpose.ROUND))
        rows = [PinRow(area=here.area, given=name, family="ใจดี", consents=agreed) for name in ("มะลิ", "บัว", "จำปา")]
        with clock.at(now - dt.timedelta(days=30)):
            ids = pin_many(rows=rows, partner=here, by=self.system)
        self.people = [Person.objects.get(pk=pk) for pk in ids]
        self.offers = self.city.offers(
            {"provider": "here", "title_th": "ทอผ้าไหมมัดหมี่", "title_en": "Silk weaving", "capacity": 1},
            {"provider": "here", "title_th": "ทำขนมไทยเพื่อขาย", "title_en": "Thai sweets", "capacity": 1},
        )
        self.closed, self.open = self._round(now, -20, -1), self._round(now, -5, 5)
        asked = [ApplyRow(person.pk, tuple(offer.pk for offer in self.offers)) for person in self.people]
        with clock.at(now - dt.timedelta(days=10)):
            actions.apply_many(round=self.closed, rows=asked, by=self.system)
        actions.close_round(round=self.closed, by=self.system)

    def _round(self, now: dt.datetime, opens: int, closes: int) -> Round:
        with clock.at(now + dt.timedelta(days=opens - 1)):
            made = actions.create_round(
                partner=self.city.team, family=Family.LEARN, title_th="รอบที่เรียน", title_en="Learning round",
                opens_at=now + dt.timedelta(days=opens), closes_at=now + dt.timedelta(days=closes),
                draw_th="สลากกินแบ่งรัฐบาล", draw_on=(now + dt.timedelta(days=closes)).date() + dt.timedelta(days=1),
                auditors=[self.city.auditor], by=self.system,
            )  # fmt: skip
            actions.add_places(round=made, opportunities=self.offers, by=self.system)
            actions.freeze_round(round=made, by=self.system)
        with clock.at(now + dt.timedelta(days=opens)):
            return actions.open_round(round=made, by=self.system)

    def account(self, person: Person, login: str) -> User:
        made = accounts.add_user(login=login, name=login, password=PASSWORD, by=self.system)
        link_account(person=person, user=made, by=self.system)
        return made


def sign_in_as_staff(screen: Screen, user: User, path: str) -> None:
    accounts.set_up_second_factor(user=user, salt=signing.new_totp_salt(), by=user)
    screen.sign_in(user)
    page = screen.visit(path)
    if "second-factor" in page.url:
        page.fill("main form input[name=code]", code_for(user))
        page.locator("main form button").first.click()
    page.context.add_cookies([{"name": "okat_language", "value": screen.language, "url": page.url}])


def test_a_coordinator_draws_decides_checks_and_publishes(screen: Screen) -> None:
    town = Town()
    url = f"/rounds/manage/{town.closed.pk}/"
    sign_in_as_staff(screen, town.lead, "/rounds/manage/")
    page = screen.visit(url)
    page.fill("#id_result", "๗๓๐๒๐๙")
    page.locator("form[action$='/draw/'] button").click()
    expect(page.locator("button[value=run]")).to_have_count(0)
    actions.enter_draw(round=town.closed, result="730209", by=town.city.auditor)
    screen.visit(url)
    page.locator("button[value=run]").click()
    expect(page.locator(".checks .passed")).to_have_count(4)
    screen.check("round-decided")
    page.locator("button[value=publish]").click()
    expect(page.locator("button[value=finish]")).to_be_visible()
    assert Round.objects.get(pk=town.closed.pk).status == Status.PUBLISHED
    screen.visit("/rounds/manage/")
    screen.check("round-list")
    screen.visit(f"{url}compare/")
    screen.check("round-compare")
    page = screen.visit("/rounds/manage/new/")
    page.fill("#id_title_th", "รอบใหม่")
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text("รอบใหม่")
    screen.check("round-planned")


def test_a_resident_reads_why_takes_the_place_and_asks_for_a_review(screen: Screen) -> None:
    town = Town()
    town.city.draw(town.closed)
    actions.run_round(round=town.closed, by=town.lead)
    actions.publish_round(round=town.closed, by=town.lead)
    row = Application.objects.get(round=town.closed, result__place__opportunity=town.offers[1])
    assert row.person is not None
    screen.sign_in(town.account(row.person, "resident-of-the-round"))
    page = screen.visit("/rounds/mine/")
    screen.check("round-mine")
    page.locator(f"a[href='/rounds/why/{row.pk}/']").click()
    ten = "อยู่ระหว่าง" if screen.language == "th" else "lies between"
    expect(page.locator("main")).to_contain_text(ten)  # one place is offered: its exact cut-off is somebody's score
    screen.check("round-why")
    page.fill("#id_reason", "คะแนนไม่ตรงกับที่บอกไว้")
    page.locator("form[action$='/appeal/'] button").click()
    expect(page.locator(".as-typed")).to_contain_text("คะแนนไม่ตรง")
    page.locator("button[value=accept]").click()
    expect(page.locator(".chip.good")).to_be_visible()
    screen.check("round-accepted")
    page.locator("button[value=decline]").click()
    screen.check("round-give-back")
    page.locator("button.refuse").click()
    page.locator("button[value=back]").click()
    expect(page.locator(".chip.good")).to_be_visible()
    screen.visit(f"/rounds/{town.closed.pk}/")
    screen.check("round-public")


def test_a_resident_applies_with_buttons_alone(screen: Screen) -> None:
    town = Town()
    screen.sign_in(town.account(town.people[0], "resident-who-applies"))
    page = screen.visit(f"/rounds/{town.open.pk}/apply/")
    for offer in town.offers:
        page.locator(f"button[value='add:{offer.pk}']").click()
    page.locator(f"button[value='up:{town.offers[1].pk}']").click()
    expect(page.locator(".ranked .rank")).to_have_count(2)
    screen.check("round-apply")
    page.locator("button[name=save]").click()
    expect(page.locator("ol.ranked li").first).to_contain_text("ทำขนมไทย" if screen.language == "th" else "Thai sweets")
    screen.check("round-applied")
