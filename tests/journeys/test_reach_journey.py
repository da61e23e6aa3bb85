"""A daughter looks for a weaving course that her deaf mother can follow, finds one near, and waits for another."""

from playwright.sync_api import expect
from tests.catalogue.conftest import build, published, weaving
from tests.catalogue.test_fits import FOR_DEAF
from tests.journeys.browser import Screen
from tests.journeys.conftest import on
from tests.signing import make_user

from okat.city.catalogue.models import Lookout, Unmet
from okat.city.catalogue.rules.access import answered, merged
from okat.city.notices.models import Notice
from okat.city.partners.models import Partner, Venue
from okat.city.places.models import Area

BASKETS = "จักสานไม้ไผ่กับล่ามภาษามือ"


@on(("th", 360, True), ("th", 360, False))
def test_a_daughter_looks_for_a_course_that_her_deaf_mother_can_follow(walk: Screen) -> None:
    city, daughter = build(), make_user("daughter", name="ลูกสาว (สมมติ)")
    venue = Venue.objects.create(
        partner=Partner.objects.get(code="nfe"), th="ศูนย์ฝึกอาชีพ", en="Training centre", lat=16.44, lon=102.84,
        area=Area.objects.get(code="400101"), open_to_all=True, kind="community",
        opening={day: [["00:00", "23:59"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        accessibility={"wheelchair": "yes"},
    )  # fmt: skip
    here = merged(FOR_DEAF, answered("session:onsite"))
    signed, *_others = published(
        city, weaving(title_th="ทอผ้าไหมมีล่ามภาษามือ", access=here, venue=venue.pk),
        weaving(title_th="ทอผ้าไหมไม่มีล่าม", area="400102", access=answered("session:onsite")),
        weaving(title_th="ซ่อมรถ", title_en="", summary_th="เรียนที่อู่", access=here, needs=("job",)),
    )  # fmt: skip
    page = walk.visit("/catalogue/?q=ทอผ้า")
    expect(page.locator("main article")).to_have_count(2)
    page.locator("main details.card > summary").first.click()
    page.select_option("main form.form select[name=near]", "400101")
    page.check("main form.form input[name=usable][value=deaf]")
    page.locator("main form.form button").first.click()
    expect(page.locator("main article")).to_have_count(1)
    expect(page.locator("main article h2, main article h3").first).to_contain_text("ทอผ้าไหมมีล่ามภาษามือ")
    assert "usable=deaf" in page.url  # the address can be sent to her sister
    walk.check("reach-search")
    page.locator("a[href*='ask=1']").first.click()
    expect(page.locator("main article").first).to_contain_text("ทอผ้าไหมไม่มีล่าม")
    walk.check("reach-ask")
    page.go_back()
    page.locator("a[href*='/catalogue/reach/']").click()
    expect(page.locator("h1")).to_contain_text("20")
    walk.check("reach-places")
    page.locator("main article h2 a").first.click()
    page.locator("main article a").first.click()
    assert str(signed.pk) in page.url
    walk.check("reach-open")
    page.goto("/catalogue/spaces/?open=1")
    expect(page.locator("main article")).to_have_count(1)
    walk.check("reach-spaces")

    walk.sign_in(daughter)
    page.goto("/catalogue/?q=จักสาน&usable=deaf&near=400101")
    page.locator("a[href*='/catalogue/tell/']").click()
    expect(page.locator("#id_area")).to_have_value("400101")
    page.locator("main form button").last.click()
    expect(page.locator("#errors")).to_be_visible()  # what she looks for is not said yet
    walk.check("reach-tell-error")
    page.select_option("#id_need", "sell")
    page.locator("main form button").last.click()
    expect(page.locator("main article")).to_have_count(1)
    walk.check("reach-lookouts")
    assert (Unmet.objects.count(), Lookout.objects.get().user) == (1, daughter)
    published(city, weaving(title_th=BASKETS, title_en="", needs=("sell",), access=here))
    assert Notice.objects.filter(user=daughter, kind="catalogue.found").count() == 1
    page.goto("/catalogue/lookouts/")
    expect(page.locator("main article a")).to_contain_text(BASKETS)
    walk.check("reach-told")
