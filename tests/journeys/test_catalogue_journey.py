"""An officer writes a course, says who may take part and publishes it; a worker finds what fits and orders wishes;
a visitor answers a few questions."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect
from tests.catalogue.conftest import OLDER, PASSWORD, SOURCE, SmallCity, build, published, weaving
from tests.catalogue.test_fits import FOR_DEAF
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt
from tests.signing import code_for

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import wishes
from okat.city.catalogue.rules.access import answered, merged
from okat.city.core import clock
from okat.city.partners.models import Partner
from okat.city.people.actions import ConsentRow, PinRow, pin_person
from okat.city.people.models import Person
from okat.city.people.rules import Disability, How, Purpose
from okat.city.places.models import Area
from okat.thai.partial import PartialDate

SCREENS = [("th", 360, True), ("th", 1280, False), ("en", 1280, True)]


@pytest.fixture(params=SCREENS, ids=["th-360-js", "th-1280-nojs", "en-1280-js"])
def screen(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    return page_at(*request.param)


def sign_in(screen: Screen, user: User) -> None:
    """Staff, with the second factor that their first page of work asks for."""
    accounts.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    screen.sign_in(user, PASSWORD)
    page = screen.visit("/catalogue/manage/")
    if "second-factor" in page.url:
        page.fill("main form input[name=code]", code_for(user))
        page.click("main form button")
    # Signing in brings the account's own language along.
    page.context.add_cookies(
        [{"name": "okat_language", "value": screen.language, "url": page.url.partition("/catalogue")[0]}]
    )


def shelf(city: SmallCity) -> None:
    card = {"is": "disability_card", "source": SOURCE}
    deaf = {"has_any": "disability_types", "values": ["hearing"], "source": SOURCE}
    usable = merged(FOR_DEAF, answered("session:onsite"))  # the one who looks is deaf
    young = {"age": "birth_date", "op": "<=", "years": 24, "source": SOURCE}
    published(
        city,
        weaving(summary_th="เรียนทอผ้าตั้งแต่เริ่มต้น มีอุปกรณ์ให้ยืม", needs=("skill-work",), place_note="ศาลากลางบ้าน",
                access=usable),
        weaving(title_th="เงินกู้ยืมประกอบอาชีพสำหรับผู้สูงอายุ", title_en="Loans for older persons' work", kind="loan_person",
                rule=OLDER, needs=("capital",), capacity=None, amount=30000, access=usable),
        weaving(title_th="ทำขนมไทยกับล่ามภาษามือ", title_en="Thai sweets with sign language", rule=deaf, area="400102",
                access=usable),
        weaving(title_th="งานบรรจุสินค้าในโควตาคนพิการ", title_en="Packing work in the disability quota", kind="job_quota",
                rule={"all": [card, {"age": "birth_date", "op": ">=", "years": 18, "source": SOURCE}]}, amount=12000,
                amount_per="month"),
        weaving(title_th="ค่ายเยาวชนช่างไฟฟ้า", title_en="Youth camp for electricians", rule=young),
    )  # fmt: skip


def pinned(city: SmallCity) -> Person:
    partner = Partner.objects.get(code="nfe")
    row = PinRow(
        area=Area.objects.get(code="400101"), given="บัวผัน", family="สายทอง", sex="f", birth=PartialDate(1955, 5),
        needs=("skill-work",), disabilities=(Disability("hearing", "2555"),),
        consents=(ConsentRow(Purpose.CARE, partner, How.SIGNATURE, sensitive=True),),
    )  # fmt: skip
    return pin_person(row=row, partner=partner, by=city.officer)


def press(page: Page, value: str) -> None:
    """A button of the rule builder, told by what it sends."""
    page.locator(f"#builder button[name=do][value='{value}']:visible").last.click()


def test_an_officer_writes_a_course_and_says_who_may_take_part(screen: Screen) -> None:
    city = build()
    with clock.at(clock.now() - dt.timedelta(days=3)):
        shelf(city)
    sign_in(screen, city.officer)
    page = screen.visit("/catalogue/manage/")
    screen.check("catalogue-manage")
    page.locator(".page-head a.btn").click()
    page.fill("#id_title_th", "ซ่อมรถจักรยานยนต์ไฟฟ้า")
    page.fill("#id_closes_on", "ปีหน้า")
    page.locator("main form button").first.click()
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("#id_title_th")).to_have_value("ซ่อมรถจักรยานยนต์ไฟฟ้า")
    screen.check("catalogue-form")
    page.fill("#id_closes_on", "๓๑ ธ.ค. ๒๕๗๐")
    page.fill("#id_summary_th", "เรียนซ่อมจริงที่อู่ จบแล้วรับงานได้")
    page.fill("#id_place_note", "อู่ช่างแดง")
    page.fill("#id_capacity", "๑๕")
    page.check("input[name=formats][value=onsite]")
    page.locator("button[name=then]").click()
    page.select_option("#new-0", "birth_date")
    press(page, "add:0")
    page.select_option("[name=g0-c0-test]", "age:<=")
    page.fill("[name=g0-c0-value]", "๒๔")
    page.select_option("#new-0", "education")
    press(page, "add:0")
    expect(page.locator("[name=g0-c0-value]")).to_have_value("๒๔")
    page.locator("[name=g0-c1-values]").first.check()
    page.locator("#builder details.card summary").click()
    page.fill("[name=x-birth_date]", "2550")
    press(page, "try")
    expect(page.locator("details[open] [role=status]")).to_be_visible()
    screen.check("catalogue-rule")
    press(page, "save")
    screen.check("catalogue-draft")
    page.locator("main form[action$='/publish/'] button").click()
    made = Opportunity.objects.get(title_th="ซ่อมรถจักรยานยนต์ไฟฟ้า")
    assert (made.status, made.capacity) == ("published", 15)
    assert made.rule is not None
    page.goto(f"/catalogue/manage/{made.pk}/cancel/")
    screen.check("catalogue-cancel")


def test_a_worker_sees_what_fits_and_orders_the_wishes(screen: Screen) -> None:
    city = build()
    shelf(city)
    person = pinned(city)
    sign_in(screen, city.officer)
    page = screen.visit(f"/catalogue/fits/?person={person.pk}")
    for _ in range(3):
        page.locator("button[name=do][value=add]").first.click()
    expect(page.locator("#wishes li")).to_have_count(3)
    first = page.locator("#wishes li a").nth(2).inner_text()
    page.locator("#wishes li").nth(2).locator("button[value=up]").click()
    expect(page.locator("#wishes li a").nth(1)).to_have_text(first)
    page.locator("article details summary").first.click()
    screen.check("catalogue-fits")
    assert len(wishes(person)) == 3
    page.goto(f"/catalogue/fits/{person.pk}/?show=nearly")
    screen.check("catalogue-nearly")
    page.goto(f"/catalogue/fits/{person.pk}/?show=no")
    screen.check("catalogue-no")


def test_a_visitor_answers_a_few_questions(screen: Screen) -> None:
    shelf(build())
    page = screen.visit("/catalogue/fits/")
    screen.check("catalogue-visitor")
    page.fill("#id_birth_date", "2498")
    page.select_option("#id_where", "400101")
    page.locator("main form button").last.click()
    expect(page.locator("main article")).not_to_have_count(0)
    assert "2498" not in page.url
    screen.check("catalogue-visitor-found")
