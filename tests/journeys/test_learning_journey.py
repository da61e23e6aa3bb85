"""A teacher runs a course from its timetable to the certificates; a learner enrols by herself and waits for nobody."""

import datetime as dt

import pytest
from playwright.sync_api import expect
from tests.cases.conftest import build
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.learning.models import Credential, Enrolment
from okat.thai.dates import format_be

SCREENS = [("th", 360, True), ("en", 1280, False)]


@pytest.fixture(params=SCREENS, ids=["th-360-js", "en-1280-nojs"])
def screen(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    return page_at(*request.param)


def test_a_teacher_runs_a_course_from_timetable_to_certificates(screen: Screen, page_at: PageAt) -> None:
    look = screen.check if screen.javascript else lambda _name: None  # the teacher's screens, once
    city = build()
    row = OpportunityRow(
        provider=city.school.code, area=city.school.area.code, kind="occupation", title_th="ทอผ้าไหม",
        title_en="Silk weaving", capacity=1,
    )  # fmt: skip
    course = publish_many(rows=[row], by=system_user()).ids[0]
    accounts.set_up_second_factor(user=city.officer, salt=queries.new_totp_salt(), by=city.officer)
    screen.sign_in(city.officer)
    page = screen.visit("/learning/")
    page.locator(f"main a[href='/learning/{course}/']").click()
    page.locator("main button[name=on][value='1']").click()

    hers = page_at(screen.language, 360, screen.javascript)
    see = hers.check if not screen.javascript else lambda _name: None  # the learner's, without scripts
    hers.sign_in(city.resident)
    seen = hers.visit(f"/catalogue/{course}/")
    see("learning-offer")
    seen.locator(f"main a[href='/learning/{course}/place/']").first.click()
    seen.check("#id_agreed")
    see("learning-place-free")
    seen.locator("main button[name=do][value=take]").click()
    expect(seen.locator("main button[name=do][value=leave]")).to_be_visible()

    page = screen.visit(f"/learning/{course}/timetable/")
    for day in range(7):
        page.check(f"#id_weekdays_{day}")
    page.fill("#id_first", format_be(clock.today() - dt.timedelta(days=9), "th"))
    page.fill("#id_count", "2")
    page.fill("#id_start", "09:00")
    page.fill("#id_end", "12.00")
    page.locator("main form button").last.click()
    expect(page.locator("input[name=day]")).to_have_count(2)
    look("learning-timetable")
    page.locator("main button[name=save]").click()
    look("learning-course")
    for number in (0, 1):
        page.locator("main a[href*='/learning/sessions/']").nth(number).click()
        page.check("main input[name=present]")
        if number == 0:
            look("learning-session")
        page.locator("main form button.btn").first.click()
    page.locator("main a[href*='/learning/sessions/']").first.click()
    page.locator("main a[href$='/sheet/']").click()
    look("learning-sheet")
    page = screen.visit(f"/learning/{course}/materials/")
    page.fill("#id_title", "ลายมัดหมี่")
    page.fill("#id_text", "พับ มัด ย้อม")
    page.locator("main form button").last.click()
    look("learning-materials")
    page = screen.visit(f"/learning/{course}/")
    page.locator(f"form[action='/learning/{course}/issue/'] button").click()
    expect(page.locator("main a[href*='/learning/certificates/']")).to_have_count(1)

    seen = hers.visit(f"/learning/{course}/place/")
    see("learning-place-after")
    seen.locator(f"main a[href='/learning/{course}/feedback/']").click()
    for name in ("useful", "clear", "again"):
        seen.check(f"input[name={name}][value='4']")
    see("learning-feedback")
    seen.locator("main form button").last.click()
    hers.visit("/learning/mine/")
    see("learning-passport")
    assert Credential.objects.get().person_id == city.person.pk
    assert Enrolment.objects.get().standing == "completed"
