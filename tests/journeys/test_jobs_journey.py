"""An employer meets the quota; a fifteen-year-old who left school finds a path; an older person finds light work."""

import datetime as dt

from playwright.sync_api import expect
from tests import small_city
from tests.catalogue import conftest as shelf
from tests.journeys.browser import Screen
from tests.journeys.conftest import on
from tests.signing import PASSWORD

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.core import clock
from okat.city.jobs import actions
from okat.city.jobs.models import Ask, Concession, Headcount, Slot
from okat.city.jobs.rules.rows import WorkRow
from okat.city.jobs.rules.talks import How
from okat.city.partners.models import Partner
from okat.city.taxonomy.models import Term

OPPOSITE = (("th", 360, True), ("en", 1280, False))


def send(screen: Screen) -> None:
    with screen.page.expect_navigation():
        screen.page.locator("main form button").last.click()


def test_an_employer_meets_the_quota(walk: Screen) -> None:
    city = small_city.build()
    boss = city.stranger
    accounts.set_up_second_factor(user=boss, salt=queries.new_totp_salt(), by=boss)
    page = walk.visit("/jobs/quota/?heads=320&employed=1&on=1/10/2568&wage=400&helped=")
    expect(page.locator("#result")).to_be_visible()
    page.locator("#result summary").click()
    walk.check("jobs-quota")
    walk.sign_in(boss, PASSWORD)
    page = walk.visit("/jobs/employer/count/")
    page.fill("#id_heads", "๓๒๐")
    page.fill("#id_employed", "400")
    send(walk)
    expect(page.locator("#id_employed_error")).to_be_visible()
    page.fill("#id_employed", "1")
    send(walk)
    expect(page.locator("#result dd b")).to_have_text("2")
    page.locator("#given a.btn").first.click()
    page.fill("#id_what", "แผงขายของที่ตลาดวันศุกร์")
    page.fill("#id_places", "2")
    page.fill("#id_taken", "1")
    page.fill("#id_since", "1 ต.ค. 2568")
    send(walk)
    expect(page.locator("#given .num")).to_have_text("1 / 2")
    walk.check("jobs-employer")
    page.locator("#candidates a.btn").first.click()
    page.fill("#id_wanted", "2")
    page.select_option("#id_to", str(city.here.pk))
    send(walk)
    expect(page.locator("#asked .chip")).to_have_count(1)
    page = walk.visit("/jobs/employer/count/")
    expect(page.locator("#id_helped")).to_have_value("1")  # those who have a place under section 35
    page.fill("#id_heads", "320")
    page.fill("#id_employed", "2")
    send(walk)
    expect(page.locator("#result dd b")).to_have_text("0")
    assert (Headcount.objects.get().helped, Ask.objects.get().wanted, Concession.objects.get().taken) == (1, 2, 1)
    walk.visit("/jobs/concessions/")
    walk.check("jobs-concessions")


def test_a_fifteen_year_old_finds_a_path(walk: Screen) -> None:
    city = shelf.build()
    made = shelf.published(
        city,
        shelf.weaving(kind="job", title_th="งานดูแลผู้สูงอายุ", title_en="Care job", amount=9000, amount_per="month"),
        shelf.weaving(title_th="เรียนดูแลผู้สูงอายุ", title_en="Learn to care"),
        shelf.weaving(kind="basic_lower", title_th="เรียนให้จบ ม.3", title_en="Finish lower secondary"),
    )
    care = Term.objects.get(vocabulary="occupation", code="care-worker")
    rows = [WorkRow(occupation="care-worker"), WorkRow(taught=("elder-care",))]
    actions.describe_many(rows=list(zip([row.pk for row in made], rows, strict=False)), by=city.officer)
    education = Partner.objects.get(code="education")
    start = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=2)
    actions.open_slots(partner=education, starts=[start], minutes=30, how=How.PHONE, by=city.system)
    page = walk.visit("/jobs/")
    walk.check("jobs-home")
    page.locator("a[href='/jobs/youth/']").first.click()
    for name in ("q4", "q10"):
        page.check(f"input[name={name}][value=yes]")
    page.locator("main form button").last.click()
    expect(page.locator("main a[href='/jobs/youth/care-worker/']").first).to_be_visible()
    walk.check("jobs-youth-found")
    page.locator("main a[href='/jobs/youth/care-worker/']").first.click()
    walk.check("jobs-path")
    page.locator("main a[href='/jobs/youth/talk/?occupation=care-worker']").first.click()
    page.fill("#id_name", "บอย")
    page.fill("#id_phone", "081 000 0000")
    page.check(f"input[name=slot][value='{Slot.objects.get().pk}']")
    walk.check("jobs-talk")
    send(walk)
    expect(page).to_have_url(page.url.partition("/jobs")[0] + "/jobs/youth/")
    ask = Ask.objects.get()
    assert (ask.occupation, ask.slot, ask.to, ask.by) == (care, Slot.objects.get(), education, None)


@on(*OPPOSITE)
def test_an_older_person_finds_light_work_and_what_to_learn(walk: Screen) -> None:
    city = shelf.build()
    made = shelf.published(
        city,
        shelf.weaving(kind="job", title_th="ขายของหน้าร้าน", title_en="Shop work", amount=350, amount_per="day"),
        shelf.weaving(kind="job", title_th="ยกของ", title_en="Carrying", amount=12000, amount_per="month"),
        shelf.weaving(title_th="เรียนคิดเงิน", title_en="Learn to take payment"),
    )
    rows = [
        WorkRow(needed=("selling", "cash-register"), hours=20, strength="light", lodging="none"),
        WorkRow(needed=("stock-shelves",), hours=48, strength="heavy", lodging="free", lodging_contact="ป้าแดง"),
        WorkRow(taught=("cash-register",)),
    ]
    actions.describe_many(rows=list(zip([row.pk for row in made], rows, strict=True)), by=city.officer)
    page = walk.visit("/jobs/")
    page.locator("main a[href*='strength=light']").first.click()
    page.select_option("#id_where", "400101")
    page.check("input[name=skills][value=selling]")
    page.fill("#id_age", "๖๗")
    send(walk)
    expect(page.locator("main article")).to_have_count(1)
    assert "skills=selling" in page.url  # the address is the search: it can be sent on
    page.locator("main article summary").first.click()
    walk.check("jobs-find")
    page.locator("a[href='/jobs/skill/cash-register/']").first.click()
    walk.check("jobs-skill")


@on(*OPPOSITE)
def test_an_office_describes_work_opens_times_and_sees_who_stays(walk: Screen) -> None:
    city = shelf.build()
    (job,) = shelf.published(city, shelf.weaving(kind="job", amount=9000, amount_per="month"))
    accounts.set_up_second_factor(user=city.officer, salt=queries.new_totp_salt(), by=city.officer)
    walk.sign_in(city.officer, shelf.PASSWORD)
    page = walk.visit(f"/jobs/work/{job.pk}/")
    page.check("input[name=needed][value=online-selling]")
    page.fill("#id_hours", "40")
    walk.check("jobs-work")
    send(walk)
    page = walk.visit("/jobs/work/skills/?q=weave+baskets")
    page.locator("#found a.btn").first.click()
    walk.check("jobs-skills")
    page = walk.visit("/jobs/slots/")
    page.fill("#id_day", f"{clock.today() + dt.timedelta(days=1):%d/%m}/{clock.today().year + 543}")
    page.fill("#id_times", "9:00 9:30")
    send(walk)
    expect(page.locator("main .reasons li")).to_have_count(2)
    walk.check("jobs-slots")
    for name in ("hires", "lasting"):
        walk.visit(f"/jobs/{name}/")
        walk.check(f"jobs-{name}")
