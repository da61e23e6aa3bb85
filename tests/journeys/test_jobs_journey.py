"""An employer meets the quota; a fifteen-year-old who left school finds a path."""

import pytest
from playwright.sync_api import expect
from tests import small_city
from tests.catalogue import conftest as shelf
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt
from tests.signing import PASSWORD

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.jobs import actions
from okat.city.jobs.models import Ask, Headcount
from okat.city.jobs.rules.rows import WorkRow
from okat.city.partners.models import Partner
from okat.city.taxonomy.models import Term

SCREENS = [("th", 360, True), ("en", 1280, False)]


@pytest.fixture(params=SCREENS, ids=["th-360-js", "en-1280-nojs"])
def screen(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    return page_at(*request.param)


def test_an_employer_meets_the_quota(screen: Screen) -> None:
    city = small_city.build()
    boss = city.stranger
    accounts.set_up_second_factor(user=boss, salt=queries.new_totp_salt(), by=boss)
    page = screen.visit("/jobs/quota/?heads=320&employed=1&on=1/10/2568&wage=400&helped=")
    expect(page.locator("#result")).to_be_visible()
    page.locator("#result summary").click()
    screen.check("jobs-quota")
    screen.sign_in(boss, PASSWORD)
    page = screen.visit("/jobs/employer/count/")
    page.fill("#id_heads", "๓๒๐")
    page.fill("#id_employed", "400")
    page.locator("main form button").last.click()
    expect(page.locator("#id_employed_error")).to_be_visible()
    page.fill("#id_employed", "1")
    page.locator("main form button").last.click()
    expect(page.locator("#candidates")).to_be_visible()
    screen.check("jobs-employer")
    page.locator("#candidates a.btn").first.click()
    page.fill("#id_wanted", "2")
    page.select_option("#id_to", str(city.here.pk))
    screen.check("jobs-candidates")
    page.locator("main form button").last.click()
    expect(page.locator("#asked .chip")).to_have_count(1)
    page = screen.visit("/jobs/employer/count/")
    page.fill("#id_heads", "320")
    page.fill("#id_employed", "2")
    page.fill("#id_helped", "1")
    page.locator("main form button").last.click()
    expect(page.locator("#result dd b")).to_have_text("0")
    assert Headcount.objects.get().helped == 1
    assert Ask.objects.get().wanted == 2


def test_a_fifteen_year_old_finds_a_path(screen: Screen) -> None:
    city = shelf.build()
    made = shelf.published(
        city,
        shelf.weaving(kind="job", title_th="งานดูแลผู้สูงอายุ", title_en="Care job", amount=9000, amount_per="month"),
        shelf.weaving(title_th="เรียนดูแลผู้สูงอายุ", title_en="Learn to care"),
        shelf.weaving(kind="basic_lower", title_th="เรียนให้จบ ม.3", title_en="Finish lower secondary"),
    )
    care = Term.objects.get(vocabulary="occupation", code="care-worker")
    actions.describe_many(rows=[(row.pk, WorkRow(occupation="care-worker")) for row in made[:2]], by=city.officer)
    page = screen.visit("/jobs/")
    screen.check("jobs-home")
    page.locator("a[href='/jobs/youth/']").first.click()
    screen.check("jobs-youth")
    for name in ("q4", "q10"):
        page.check(f"input[name={name}][value=yes]")
    page.locator("main form button").last.click()
    expect(page.locator("main a[href='/jobs/youth/care-worker/']").first).to_be_visible()
    screen.check("jobs-youth-found")
    page.locator("main a[href='/jobs/youth/care-worker/']").first.click()
    screen.check("jobs-path")
    page.locator("main a[href='/jobs/youth/talk/?occupation=care-worker']").first.click()
    page.fill("#id_name", "บอย")
    page.fill("#id_phone", "081 000 0000")
    page.select_option("#id_to", str(Partner.objects.get(code="education").pk))
    screen.check("jobs-talk")
    page.locator("main form button").last.click()
    expect(page).to_have_url(page.url.partition("/jobs")[0] + "/jobs/youth/")
    assert Ask.objects.get().occupation == care
