"""A field worker pins somebody on a phone, is warned of a double, asks the questions and notes a visit."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import FilePayload, expect
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt, on
from tests.shared_city import khon_kaen
from tests.signing import PASSWORD, code_for, make_user

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.models import User
from okat.city.partners.actions import add_member
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Evidence, MergeProposal, Person
from okat.city.people.queries import open_person
from okat.city.people.rules import Emergency, Purpose
from okat.city.places.models import Area

TABLE = """ทะเบียนผู้รับบริการ ปี 2569,,,
ชื่อ-สกุล,วันเกิด,ตำบล,โทร
นางสมหญิง ใจดี,17 พ.ค. 2503,บ้านเป็ด,081-234-5678
นายสมชาย ใจดี,วันไหนนะ,ดาวอังคาร,
รวม,2 คน,,
"""


def member(login: str, role: Role, *places: str) -> User:
    """Somebody of the non-formal education office, ready to sign in with two factors."""
    user, nfe = make_user(login, name="ครูสมใจ ดีงาม"), Partner.objects.get(code="nfe")
    areas = list(Area.objects.filter(th__in=places, level="subdistrict"))
    add_member(partner=nfe, user=user, role=role, areas=areas, by=queries.system_user())
    accounts.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    return user


@pytest.fixture
def worker(live_city: str) -> User:
    khon_kaen()
    return member("worker", Role.FIELD_WORKER, "บ้านเป็ด")


def fill_pin(walk: Screen) -> None:
    page = walk.page
    page.fill("#id_given", "มาลี")
    page.fill("#id_family", "ศรีสุข")
    page.fill("#id_birth", "๖ ธ.ค. ๒๕๐๓")
    page.check("input[name=sex][value=f]")
    page.fill("#id_phone", "081-234-5678")
    page.fill("#id_where", "บ้านเป็ด")
    page.check("input[name=needs][value=income], input[name=needs][value=capital]")
    page.check("input[name=papers][value=elsewhere]")


def test_a_worker_pins_and_follows(walk: Screen, worker: User) -> None:
    walk.sign_in(worker)
    page = walk.visit("/people/")
    walk.check("people-search")
    page.locator(".page-head a.btn").click()
    walk.check("people-pin")
    fill_pin(walk)
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("#errors")).to_be_focused()  # nobody asked whether the record may be kept
    expect(page.locator("#id_given")).to_have_value("มาลี")
    walk.check("people-pin-errors")
    page.check("#id_care")
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("h1")).to_have_text("มาลี ศรีสุข")
    walk.check("people-person-new")

    person = Person.objects.get()
    walk.visit(f"/people/{person.pk}/questions/vulnerability/")
    page.locator("input[type=radio]").first.check()
    walk.check("people-questions")
    page.locator("main form button").last.click()
    walk.visit(f"/people/{person.pk}/visit/")
    page.fill("#id_note", "คุยเรื่องทุนทำกิน อยากทอผ้าขาย")
    walk.check("people-visit")
    page.locator("main form button").last.click()
    walk.check("people-person")
    walk.visit(f"/people/{person.pk}/change/")
    walk.check("people-change")
    walk.visit(f"/people/{person.pk}/consent/")
    walk.check("people-consent")
    walk.visit("/people/emergency/")
    page.fill("#id_find", "0812345678")
    page.locator("main form button").last.click()
    expect(page.locator("#errors")).to_be_visible()  # nobody said why
    expect(page.locator("#id_find")).to_have_value("0812345678")
    walk.check("people-emergency")


@on(("th", 360, True), ("en", 1280, False))
def test_a_worker_is_warned_of_a_double(walk: Screen, worker: User) -> None:
    walk.sign_in(worker)
    page = walk.visit("/people/pin/")
    fill_pin(walk)
    page.check("#id_care")
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("h1")).to_have_text("มาลี ศรีสุข")
    walk.visit("/people/pin/")
    fill_pin(walk)
    page.locator("#id_phone").blur()
    if walk.javascript:
        expect(page.locator("#alike a")).to_have_text("มาลี ศรีสุข")  # while typing
    page.check("#id_care")
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("#errors a")).to_have_text("มาลี ศรีสุข")  # and once more before saving
    walk.check("people-double")
    page.check("input[name=sure]")
    page.locator("form[data-pin] button").last.click()
    expect(page.locator("h1")).to_have_text("มาลี ศรีสุข")
    assert Person.objects.count() == 2


def test_a_pin_without_a_network_waits_and_is_sent(page_at: PageAt, worker: User) -> None:
    walk = page_at("th", 360, True, service_workers="allow")
    walk.sign_in(worker)
    page = walk.visit("/people/pin/")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_function("caches.open('okat-pin-page').then((kept) => kept.match('/people/pin/')).then(Boolean)")
    page.context.set_offline(True)
    for given, born, number in (("มาลี", "2503", "0812345678"), ("ปิติ", "2531", "0898765432")):
        fill_pin(walk)
        for name, value in {"given": given, "family": f"{given}กุล", "birth": born, "phone": number}.items():
            page.fill(f"#id_{name}", value)
        page.check("#id_care")
        page.locator("form[data-pin] button.big").click()
        expect(page.locator("[data-queue] li", has_text=given)).to_be_visible()
        expect(page.locator("#id_given")).to_have_value("")
    expect(page.locator("[data-count]")).to_have_text("รอส่ง 2 รายการ")
    walk.shot("people-offline")
    walk.no_sideways_scroll()
    walk.axe()
    walk.complaints.clear()  # the browser tells of each request that found no network
    assert not Person.objects.exists()
    page.reload()  # as after a loss of power: the page opens from the device, and the queue is still there
    expect(page.locator("#id_given")).to_be_visible()
    page.context.set_offline(False)  # some browsers forget over a reload that they are offline, and send at once
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert sorted(Person.objects.values_list("given", flat=True)) == ["ปิติ", "มาลี"]
    walk.complaints.clear()


def test_a_photo_that_waits_survives_the_mending_of_its_pin(page_at: PageAt, worker: User) -> None:
    walk = page_at("en", 360, True)
    walk.sign_in(worker)
    page = walk.visit("/people/pin/")
    fill_pin(walk)
    page.fill("#id_birth", "someday")
    page.check("#id_care")
    photo: FilePayload = {"name": "signed.jpg", "mimeType": "image/jpeg", "buffer": page.screenshot(type="jpeg")}
    page.set_input_files("#id_photo", photo)
    page.context.set_offline(True)
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("[data-queue] li")).to_contain_text("no network yet")
    page.context.set_offline(False)
    expect(page.locator("[data-queue] li")).to_contain_text("to be mended")
    walk.complaints.clear()  # the browser tells of each request that found no network
    expect(page.locator("[data-queue] [data-tomend]")).to_be_visible()
    expect(page.locator("[data-queue] [data-kept]")).to_be_hidden()  # it waits for no network
    assert not Person.objects.exists()
    page.locator("[data-queue] li button").first.click()
    expect(page.locator("[data-held]")).to_contain_text("signed.jpg")
    walk.check("people-photo-waits")
    page.locator("form[data-pin] button.big").click()  # not mended yet: the page comes back from the server
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("[data-held]")).to_contain_text("signed.jpg")
    page.fill("#id_birth", "2503")
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("h1")).to_have_text("มาลี ศรีสุข")
    assert Evidence.objects.get().person == Person.objects.get()


def test_a_pin_that_waited_while_the_words_changed_is_read_aloud_again(page_at: PageAt, worker: User) -> None:
    walk = page_at("en", 360, True)
    walk.sign_in(worker)
    page = walk.visit("/people/pin/")
    fill_pin(walk)
    page.check("#id_care")
    page.evaluate("document.querySelector('form[data-pin]').elements.words.value = '2560-1:0'")  # of another day
    page.context.set_offline(True)
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("[data-queue] li")).to_contain_text("no network yet")
    page.context.set_offline(False)
    expect(page.locator("[data-queue] li")).to_contain_text("to be mended")
    walk.complaints.clear()  # the browser tells of each request that found no network
    assert not Person.objects.exists()
    page.locator("[data-queue] li button").first.click()
    expect(page.locator("#id_given")).to_have_value("มาลี")
    expect(page.locator("#id_care")).not_to_be_checked()
    page.check("#id_care")
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("h1")).to_have_text("มาลี ศรีสุข")
    assert Person.objects.get().consents.get().words is not None


def test_a_pin_that_is_asked_to_wait_is_sent_again_by_itself(page_at: PageAt, worker: User) -> None:
    walk = page_at("en", 360, True)
    walk.expect_refusal("/people/pin/queue/")
    walk.sign_in(worker)
    page = walk.visit("/people/pin/")
    busy = {"status": 429, "headers": {"Retry-After": "2", "Content-Type": "text/html"}, "body": "wait"}
    page.route("**/people/pin/queue/", lambda route: route.fulfill(**busy), times=1)  # type: ignore[arg-type]
    fill_pin(walk)
    page.check("#id_care")
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("[data-queue] li")).to_contain_text("wait a little")
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert Person.objects.get().given == "มาลี"


@on(("th", 1280, False), ("en", 360, False))
def test_a_form_whose_session_ended_is_there_again(walk: Screen, worker: User) -> None:
    walk.sign_in(worker)
    page = walk.visit("/people/pin/")
    fill_pin(walk)
    page.check("#id_care")
    photo: FilePayload = {"name": "signed.jpg", "mimeType": "image/jpeg", "buffer": page.screenshot(type="jpeg")}
    page.set_input_files("#id_photo", photo)
    Session.objects.all().delete()
    page.locator("form[data-pin] button.big").click()
    walk.check("people-session-ended")
    page.fill("#id_login", worker.login)
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    page.fill("main form input[name=code]", code_for(worker, step=1))
    page.locator("main form button").first.click()
    expect(page.locator("[data-form-again]")).to_contain_text("signed.jpg")
    expect(page.locator("#id_given")).to_have_value("มาลี")
    expect(page.locator("#id_care")).to_be_checked()
    walk.check("people-form-again")
    assert not Person.objects.exists()
    page.locator("form[data-pin] button.big").click()
    expect(page.locator("h1")).to_have_text("มาลี ศรีสุข")
    assert Person.objects.get().given == "มาลี"


@on(("th", 1280, True), ("en", 360, False))
def test_a_manager_decides_and_reviews(walk: Screen, worker: User) -> None:
    manager, system = member("manager", Role.MANAGER), queries.system_user()
    nfe = Partner.objects.get(code="nfe")
    place = Area.objects.get(th="บ้านเป็ด", level="subdistrict")
    care = (ConsentRow(Purpose.CARE, nfe),)
    rows = [
        PinRow(area=place, given=given, family="รักเรียน", pin="1100100000010", consents=care, needs=("income",))
        for given in ("มานี", "มาณี")
    ]
    made = [actions.pin_person(row=row, partner=nfe, by=worker) for row in rows]
    poor = [PinRow(area=place, given=f"คน{n}", papers="none", needs=("capital",), consents=care) for n in range(12)]
    actions.pin_many(rows=poor, partner=nfe, by=system)
    why = "พบหมดสติที่ตลาด ต้องหาญาติ"
    opened = actions.break_glass(person=made[0], reason=Emergency.LIFE, note=why, partner=nfe, by=worker)
    batch = actions.upload(kind="people", partner=nfe, filename="รายชื่อ.csv", data=TABLE.encode("cp874"), by=manager)
    walk.sign_in(manager)
    pair = MergeProposal.objects.get()
    for name, url in (
        ("doubles", "/people/doubles/"), ("double", f"/people/doubles/{pair.pk}/"),
        ("openings", "/people/emergency/openings/"), ("opening", f"/people/emergency/openings/{opened.pk}/"),
        ("urban", "/people/urban/?papers=none"), ("household", "/people/pin/household/"),
        ("import", "/people/import/people/"), ("import-batch", f"/people/import/file/{batch.pk}/"),
    ):  # fmt: skip
        walk.visit(url)
        walk.check(f"people-{name}")
    page = walk.visit(f"/people/emergency/openings/{opened.pk}/")
    page.locator("input[name=finding]").first.check()
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile("/people/emergency/openings/$"))
    walk.check("people-opening-reviewed")


@on(("th", 360, False), ("en", 1280, True))
def test_a_resident_reads_their_page(walk: Screen, worker: User) -> None:
    resident, nfe = make_user("resident", name="มาลี ศรีสุข"), Partner.objects.get(code="nfe")
    place = Area.objects.get(th="บ้านเป็ด", level="subdistrict")
    care = (ConsentRow(Purpose.CARE, nfe),)
    row = PinRow(area=place, given="มาลี", family="ศรีสุข", needs=("capital",), consents=care)
    person = actions.pin_person(row=row, partner=nfe, by=worker)
    actions.link_account(person=person, user=resident, by=worker)
    open_person(worker, person.pk)
    walk.sign_in(resident)
    walk.visit("/people/mine/")
    walk.check("people-mine")
    walk.visit("/people/mine/allow/")
    walk.check("people-allow")


@on(("th", 360, False), ("en", 1280, True))
def test_an_officer_reads_what_a_file_says_around_its_rows(walk: Screen, worker: User) -> None:
    manager = member("manager", Role.MANAGER)
    rows = [
        "ที่,ชื่อ-สกุล,ตำบล,อายุ,ยินยอม,วิธีให้ความยินยอม,หมายเหตุ", "1,นายเสือ อยู่ดี (เสียชีวิต),บ้านเป็ด,70,/,วาจา,",
        "2,นางมาลี ดี,บ้านเป็ด,70,/,วาจา,ขอตัดชื่อออก 5 พ.ย. 69", "3,ด.ช.เอก ดี,บ้านเป็ด,40,/,วาจา,ห้ามเดินไกล",
        "4,นายโท ดี และนางตรี ดี,บ้านเป็ด,50,/,วาจา,", "ผู้ไม่ยินยอมให้เก็บข้อมูล,,,,,,", "5,นายจัตวา ดี,บ้านเป็ด,50,/,วาจา,ไม่ไหว",
    ]  # fmt: skip
    nfe, data = Partner.objects.get(code="nfe"), "\n".join(rows).encode("cp874")
    batch = actions.upload(kind="people", partner=nfe, filename="ผู้เสียชีวิต.csv", data=data, by=manager)
    walk.sign_in(manager)
    page = walk.visit(f"/people/import/file/{batch.pk}/")
    expect(page.locator("#errors tbody tr")).to_have_count(3)
    expect(page.locator("#look tbody tr")).to_have_count(4)  # the file's name, two nos in the notes, a child, a second
    walk.check("people-import-around")


@on(("th", 360, False), ("en", 1280, True))
def test_an_officer_says_what_a_file_rests_on(walk: Screen, worker: User) -> None:
    manager = member("manager", Role.MANAGER)
    nfe = Partner.objects.get(code="nfe")
    table = "ชื่อ-สกุล,ตำบล,ความพิการ,อนุญาตให้ใช้ข้อมูล\nนางสมหญิง ใจดี,บ้านเป็ด,ทางการเห็น,อนุญาต\nนายสมชาย ใจดี,บ้านเป็ด,,\n"
    batch = actions.upload(kind="people", partner=nfe, filename="รายชื่อ.csv", data=table.encode("cp874"), by=manager)
    walk.sign_in(manager)
    page = walk.visit(f"/people/import/file/{batch.pk}/")
    expect(page.locator("#errors")).to_be_visible()
    walk.check("people-import-asked")
    page.select_option("#id_column_D", "")
    page.locator("#columns form button").click()
    expect(page.locator("#law")).to_be_visible()
    walk.check("people-import-law")
    page.check("#law input[value=s26_5]")
    page.locator("#law form button").click()
    walk.check("people-import-law-said")
    page.locator("main .row form button").first.click()
    expect(page.locator("dl.facts")).to_contain_text("26(5)")
    walk.check("people-import-done")
