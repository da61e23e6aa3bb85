"""An officer sends in the year's plan, finds a referral in the queue, takes the case on to its completion, and records
an outcome that is due; a resident says yes; a worker proposes and refers."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect
from tests.cases.conftest import City, build
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt
from tests.signing import code_for

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.models import User
from okat.city.cases import actions
from okat.city.cases.models import Case
from okat.city.cases.rules import Sector, State
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.places.models import Area, Level

SCREENS = [("th", 360, True), ("en", 1280, False)]
# Files and many steps: the pairs that the other journeys leave out.
OFFICE = [("th", 360, False), ("en", 1280, True)]
# As offices keep it: a title above, a heading that nobody knows, Thai dates and digits, a total below.
PLAN = """แผนการเรียนรู้ ปีงบประมาณ 2570,,,,
ที่เราจัด,ตำบล,จำนวน (คน),วันที่เริ่ม,ค่าใช้จ่าย
ทอผ้าไหมมัดหมี่,ในเมือง,๒๐ คน,๖ ธ.ค. ๒๕๖๙,ฟรี
ทำขนมไทยขาย,ในเมือง,15,07-12-2569,"1,500 บาท"
รวม,2 กิจกรรม,35,,
"""


@pytest.fixture(params=SCREENS, ids=["th-360-js", "en-1280-nojs"])
def screen(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    return page_at(*request.param)


def sign_in(screen: Screen, user: User) -> None:
    """Staff, with the second factor that their first page of work asks for."""
    accounts.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    screen.sign_in(user)
    page = screen.visit("/cases/")
    if "second-factor" in page.url:
        page.fill("main form input[name=code]", code_for(user))
        page.click("main form button")
    # Signing in brings the account's own language along.
    page.context.add_cookies([{"name": "okat_language", "value": screen.language, "url": page.url}])


def an_old_case(city: City) -> Case:
    """Of the school itself, completed 31 days ago: the first follow-up is due."""
    city.consent(city.school)
    case = actions.refer(case=city.accepted(), to=city.school, note="โทรหาก่อนไป", by=city.worker).case
    case = actions.hand_over(
        case=actions.return_referral(case=case, reason="full", by=city.officer), to=city.school, by=city.worker
    )
    actions.refer(case=case, to=city.school, by=city.officer)
    actions.receive(case=case, by=city.officer)
    actions.start(case=case, by=city.officer)
    return actions.complete(case=case, by=city.officer)


def a_new_case(city: City) -> Case:
    person = city.pin("บัวผัน")
    city.person = person
    case = actions.propose(
        person=person, partner=city.town, need=city.need, goal="อยากอ่านป้ายรถเมล์ได้เอง", by=city.worker
    )
    actions.add_goal(case=case, sector=Sector.TRAINING, partner=city.town, text="อ่านออกเขียนได้ในหกเดือน", by=city.worker)
    city.consent(city.school)
    case = actions.accept(case=case, by=city.worker)
    return actions.refer(case=case, to=city.school, note="มาได้เฉพาะวันเสาร์ หูไม่ค่อยดี พูดช้า ๆ", by=city.worker).case


@pytest.mark.parametrize("at", OFFICE, ids=["th-360-nojs", "en-1280-js"])
def test_an_officer_imports_a_plan_answers_a_referral_and_records_an_outcome(
    live_city: str, page_at: PageAt, at: tuple[str, int, bool]
) -> None:
    with clock.at(clock.now() - dt.timedelta(days=31)):
        city = build()
        old = an_old_case(city)
    town = Area(code="4001", level=Level.DISTRICT, th="เมืองขอนแก่น", parent=city.town.area)
    town.save()
    Area(code="400101", level=Level.SUBDISTRICT, th="ในเมือง", parent=town).save()
    new, screen = a_new_case(city), page_at(*at)
    sign_in(screen, city.officer)
    imports(screen, city)
    answers(screen, new)
    records(screen, old)


def imports(screen: Screen, city: City) -> None:
    """One heading is not understood: the officer says what it is, looks, brings the rows in, and could undo it."""
    page = screen.visit("/people/import/opportunities/")
    screen.check("import-start")
    plan = PLAN.encode("cp874")
    page.set_input_files("#id_file", {"name": "แผน.csv", "mimeType": "text/csv", "buffer": plan})
    page.locator("main form button").first.click()
    expect(page.locator("#columns")).to_have_attribute("open", "")
    screen.check("import-columns")
    page.locator("#columns select").first.select_option("title")
    page.locator("#columns button").click()
    expect(page.locator("#preview tbody tr")).to_have_count(2)
    screen.check("import-preview")
    page.locator("form[action$='/run/'] button").click()
    expect(page.locator("form[action$='/undo/'] button")).to_be_visible()
    screen.check("import-done")
    made = Opportunity.objects.filter(provider=city.school).values_list("title_th", "capacity", "cost", "starts_on")
    assert sorted(made) == [
        ("ทอผ้าไหมมัดหมี่", 20, 0, dt.date(2026, 12, 6)), ("ทำขนมไทยขาย", 15, 1500, dt.date(2026, 12, 7)),
    ]  # fmt: skip


def answers(screen: Screen, case: Case) -> None:
    page = screen.visit("/cases/")
    expect(page.locator("tbody tr")).to_have_count(2)
    screen.check("case-queue")
    page.locator("tbody tr", has_text="บัวผัน").get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("มาได้เฉพาะวันเสาร์")
    screen.check("case-referred")
    step(page)
    step(page)
    screen.check("case-active")
    step(page)
    assert page.url.endswith("/cases/")  # completed: the referral and the access ended
    case.refresh_from_db()
    assert case.stage is State.COMPLETED
    page.goto(f"/cases/{case.pk}/")
    screen.check("case-gone")


def records(screen: Screen, case: Case) -> None:
    page = screen.visit(f"/cases/{case.pk}/")
    step(page)  # nothing chosen: the form says so
    expect(page.locator("#errors")).to_be_visible()
    screen.check("case-outcome-errors")
    page.locator("#step input[value=working]").check()
    page.locator("#step textarea").fill("ขายผักได้วันละสามร้อย")
    step(page)
    expect(page.locator("main")).to_contain_text("ขายผักได้วันละสามร้อย")
    screen.check("case-outcome")
    page.goto(f"/cases/{case.pk}/sheet/")
    screen.check("case-sheet")


def step(page: Page) -> None:
    page.locator("#step button").click()


def test_a_resident_says_yes_to_an_offer(screen: Screen) -> None:
    city = build()
    case = city.offered()
    screen.sign_in(city.resident)
    page = screen.visit("/cases/mine/")
    screen.check("my-cases")
    page.locator("main article a").click()
    screen.check("my-offer")
    step(page)
    case.refresh_from_db()
    assert case.stage is State.ACCEPTED
    screen.check("my-case")


def test_a_worker_proposes_and_refers(screen: Screen) -> None:
    city = build()
    sign_in(screen, city.worker)
    city.person.needs.create(term=city.need, since=clock.now(), partner=city.town)
    page = screen.visit(f"/cases/refer/?person={city.person.pk}")
    screen.check("refer-search")
    page.goto(f"/cases/refer/?person={city.person.pk}&about=need")
    page.locator("input[name=need]").first.check()
    page.locator("select[name=to]").select_option(str(city.school.pk))
    page.locator("main form.card button").click()
    expect(page.locator("#errors")).to_be_visible()
    screen.check("refer-without-consent")
    city.consent(city.school)
    page.locator("main form.card button").click()
    expect(page.locator("ol.timeline li")).to_have_count(4)
    screen.check("refer-done")
