"""A teacher sets what completes a course and notes what a learner can do; the learner reads what is missing."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests import small_city
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt
from tests.learning.making import course_of, resident_of
from tests.learning.test_assessing import instruments
from tests.pictures import JPEG
from tests.signing import PASSWORD

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.partners.rules import Role


@pytest.fixture(params=[("th", 360, True), ("en", 1280, False)], ids=["th-360-js", "en-1280-nojs"])
def screen(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    return page_at(*request.param)


def test_a_teacher_says_what_completes_a_course_and_assesses(screen: Screen, page_at: PageAt) -> None:
    city = small_city.build()
    instruments()
    teacher, start = city.users[Role.OFFICER], clock.now() - dt.timedelta(hours=1)
    days = [start + dt.timedelta(days=n) for n in range(3)]
    row = OpportunityRow(
        provider=city.here.code, area=city.here.area.code, kind="literacy", title_th="อ่านออกเขียนได้", title_en="Reading",
        sessions=tuple(SessionRow(day, day + dt.timedelta(hours=3)) for day in days),
    )  # fmt: skip
    course = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    place = actions.enrol(person=resident_of(city), opportunity=course, case=None, by=teacher)
    accounts.set_up_second_factor(user=teacher, salt=queries.new_totp_salt(), by=teacher)
    screen.sign_in(teacher, PASSWORD)
    page = screen.visit(f"/learning/{course.pk}/")
    page.click(f"a[href$='/{course.pk}/rule/']")
    page.fill("#id_hours", "๙๙")
    page.locator("main form button").last.click()
    screen.check("learning-rule")
    page.fill("#id_hours", "6")
    page.check("#id_required_0")
    page.select_option("#id_assessment", "literacy")
    page.locator("main form button").last.click()
    page.click(f"a[href$='/learners/{place.pk}/']")
    screen.check("learning-learner")
    page.click("a[href$='/literacy/before/']")
    page.fill("#id_letters", "3")
    page.check("#id_name_1")
    screen.check("learning-assess")
    page.locator("main form button").last.click()
    learner = page_at(screen.language, screen.width, screen.javascript)
    learner.sign_in(city.resident, PASSWORD)
    learner.visit("/learning/mine/").click(f"a[href$='/courses/{place.pk}/']")
    learner.check("learning-progress")


def test_a_weaver_asks_a_school_to_recognise_what_life_taught(screen: Screen, page_at: PageAt) -> None:
    city = small_city.build()
    course_of(city)
    screen.sign_in(city.resident, PASSWORD)
    page = screen.visit("/learning/mine/")
    page.click("a[href$='/mine/recognition/']")
    page.check("#id_kind_1")
    page.fill("#id_what", "ทอผ้าไหมมายี่สิบปี")
    page.fill("#id_where", "ที่บ้าน")
    page.fill("#id_wanted", "๓")
    page.locator("main form button").last.click()
    expect(page.locator("#id_picture_error")).to_be_visible()
    screen.check("recognition-ask")
    loom = {"name": "loom.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
    page.set_input_files("#id_picture", files=[loom])  # type: ignore[list-item]
    page.check("#id_plain")
    page.locator("main form button").last.click()
    expect(page.locator("main article")).to_have_count(1)
    screen.check("recognition-asked")
    screen.visit("/people/mine/files/")
    expect(page.locator("main section.card a")).to_have_count(1)
    screen.check("my-files")
    screen.visit("/learning/mine/recognition/")
    teacher = city.users[Role.OFFICER]
    accounts.set_up_second_factor(user=teacher, salt=queries.new_totp_salt(), by=teacher)
    office = page_at(screen.language, screen.width, screen.javascript)
    office.sign_in(teacher, PASSWORD)
    desk = office.visit("/learning/")
    desk.click("a[href$='/learning/recognition/']")
    office.check("recognition-waiting")
    desk.click("main table a, main .table a")
    desk.fill("#id_credits", "3")
    desk.fill("#id_reason", "เห็นผลงานจริง")
    office.check("recognition-sign")
    desk.locator("main form button").last.click()
    expect(desk.locator("main table, main .table")).to_contain_text("1/2")
