"""A teacher sets what completes a course and notes what a learner can do; the learner reads what is missing."""

import datetime as dt

import pytest
from tests import small_city
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt
from tests.learning.making import resident_of
from tests.learning.test_assessing import instruments
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
