"""The resident's own page, households, doubles, emergencies, the urban poor, *Today* and the search box."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.people.conftest import City, member
from tests.people.test_person_screens import ONCE, page_of, text
from tests.signing import make_user, sign_in_fully
from tests.weekly import next_monday

from okat.city.accounts.models import User
from okat.city.core.models import AuditEntry
from okat.city.core.registries import SEARCH, TASKS
from okat.city.core.templatetags.okat import be
from okat.city.notices.models import Notice
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.models import BreakGlass, Household, LinkRequest, Merge, MergeProposal, Person
from okat.city.people.queries import accesses_of, visible_to
from okat.city.people.queries.urban import by_district, headings
from okat.city.people.rules import VisitKind

MINE, HOUSE, DOUBLES, URBAN, EMERGENCY, OPENINGS = (
    reverse(f"people:{name}") for name in ("mine", "pin-household", "doubles", "urban", "emergency", "openings")
)


@pytest.fixture
def resident(city: City) -> User:
    return make_user("resident", name="สมหญิง ใจดี")


@pytest.fixture
def manager(city: City) -> User:
    return member(city.education, Role.MANAGER, "head")


def as_(client: Client, user: User) -> Client:
    sign_in_fully(client, user)
    return client


def test_a_resident_sees_their_record_and_who_looked(client: Client, city: City, resident: User) -> None:
    person = city.pin()
    client.force_login(resident, backend="okat.city.partners.queries.Accounts")
    assert "ยังไม่ผูก" in text(client, MINE)
    assert client.get(reverse("people:mine-data")).status_code == 404
    worker = as_(Client(), city.teacher)
    text(worker, page_of(person, "link"), {"login": "resident"})
    assert "ยังไม่ผูก" in text(client, MINE)
    actions.answer_link(asked=LinkRequest.objects.get(), yes=True, birth=dt.date(1960, 5, 17), by=resident)
    text(worker, page_of(person))
    shown = text(client, MINE)
    assert "สมหญิง ใจดี" in shown
    assert "kru" in shown  # the worker who has looked
    held = json.loads(client.get(reverse("people:mine-data")).content)
    assert held["people"]["given"] == "สมหญิง"
    assert AuditEntry.objects.filter(verb="people.export", actor=resident).exists()


def test_a_resident_gives_and_takes_back_consent(client: Client, city: City, resident: User) -> None:
    person = city.pin()
    actions.link_account(person=person, user=resident, by=city.teacher)
    other = city.pin("คนอื่น", "ใจร้าย", birth=None)
    client.force_login(resident, backend="okat.city.partners.queries.Accounts")
    text(client, reverse("people:mine-allow"), {"purpose": "refer", "recipient": "social", "once": ONCE + "21"})
    given = person.consents.get(purpose="refer")
    assert given.how == "online"
    text(client, reverse("people:mine-withdraw", args=[given.pk]), {"sure": "1"})
    given.refresh_from_db()
    assert given.withdrawn_at is not None
    assert client.post(reverse("people:mine-withdraw", args=[other.consents.get().pk])).status_code == 404
    assert not visible_to(resident).filter(pk=other.pk).exists()


def test_nobody_links_their_own_account(client: Client, city: City) -> None:
    person = city.pin()
    shown = text(as_(client, city.teacher), page_of(person, "link"), {"login": "kru"})
    assert "ต้องให้คนอื่นผูกให้" in shown
    assert client.post(page_of(person, "link"), {"login": "nobody"}).status_code == 302  # as of any account
    assert "ยังไม่มีคำตอบ" in text(client, page_of(person, "link"))


HOME = {
    "lines": "4", "where": "บ้านเป็ด", "house": "12 ซอยสวัสดี", "tenure": "rent", "papers": "elsewhere", "care": "on",
    "how": "signature", "m0-given": "มานี", "m0-family": "รักเรียน", "m0-birth": "2520", "m0-sex": "f",
    "m0-role": "head", "m0-needs": ["income"], "m1-given": "ปิติ", "m1-family": "รักเรียน", "m1-birth": "2560",
    "m1-role": "child",
}  # fmt: skip


def test_a_household_goes_in_whole_or_not_at_all(client: Client, city: City) -> None:
    as_(client, city.teacher)
    assert "id_guardian_error" in text(client, HOUSE, HOME)
    assert "id_m1-birth_error" in text(client, HOUSE, HOME | {"m1-birth": "31 ก.พ. 2560", "guardian": "มานี"})
    assert not Person.objects.exists()
    assert "2 คน" in text(client, HOUSE, HOME | {"guardian": "มานี รักเรียน", "once": ONCE + "31"})
    text(client, HOUSE, HOME | {"guardian": "มานี รักเรียน", "once": ONCE + "31", "sure": "1"})
    home = Household.objects.get()
    assert [(p.given, p.papers) for p in home.members.order_by("given")] == [
        ("ปิติ", "elsewhere"), ("มานี", "elsewhere")
    ]  # fmt: skip
    child = home.members.get(given="ปิติ")
    assert child.consents.get().how == "guardian"


def test_one_more_line_keeps_what_was_typed(client: Client, city: City) -> None:
    shown = text(as_(client, city.teacher), HOUSE, HOME | {"more": "1"})
    assert "m4-given" in shown
    assert "รักเรียน" in shown
    assert "m12-given" not in text(client, HOUSE, HOME | {"lines": "999999999", "more": "1"})


def test_nobody_in_a_house_is_an_error(client: Client, city: City) -> None:
    shown = text(as_(client, city.teacher), HOUSE, HOME | {"m0-given": "", "m1-given": ""})
    assert "กรุณาใส่ชื่อ" in shown
    assert not Household.objects.exists()


DECIDED = "มีคนตัดสินคู่นี้แล้ว"


def pair(city: City) -> MergeProposal:
    city.pin("มานี", "รักเรียน", pin="1100100000010")
    city.pin("มาณี", "รักเรียน", pin="1100100000010", phone="0811111111")
    return MergeProposal.objects.get()


def test_two_records_become_one_and_two_again(client: Client, city: City, manager: User) -> None:
    found = pair(city)
    as_(client, manager)
    assert "1 คู่" in text(client, DOUBLES)
    shown = text(client, reverse("people:double", args=[found.pk]))
    assert "ใกล้เคียง" in shown
    assert "1100100000010" not in shown
    assert AuditEntry.objects.filter(verb="people.read", reason_code="compare", actor=manager).count() == 2
    assert "กรุณาเลือก" in text(client, reverse("people:join", args=[found.pk]), {"keep": ""})
    text(client, reverse("people:join", args=[found.pk]), {"keep": str(found.left_id), "once": ONCE + "41"})
    assert Person.objects.get(pk=found.right_id).status == "merged"
    assert text(client, page_of(found.right)).count("มานี") > 0  # the old address leads to the kept record
    text(client, reverse("people:part", args=[Merge.objects.get().pk]), {"once": ONCE + "42"})
    assert Person.objects.get(pk=found.right_id).status == "active"


def test_a_worker_asks_whether_two_are_one(client: Client, city: City) -> None:
    one, other = city.pin("มานี", "รักเรียน"), city.pin("มาณี", "รักเรียน")
    hidden = actions.pin_person(row=city.row(), partner=city.education, by=city.officer)
    as_(client, city.teacher)
    same = page_of(one, "same")
    assert str(other.pk) in text(client, same)
    text(client, same, {"other": str(other.pk), "once": ONCE + "44"})
    assert MergeProposal.objects.get().source == "worker"
    assert "รายการเดียวกัน" in text(client, same, {"other": str(one.pk), "once": ONCE + "45"})
    Person.objects.filter(pk=hidden.pk).update(area=city.sila)  # outside the teacher's area
    for wrong in (str(hidden.pk), "nobody", ""):
        assert client.post(same, {"other": wrong}).status_code == 404


def test_two_people_are_not_asked_about_again(client: Client, city: City, manager: User) -> None:
    found = pair(city)
    text(as_(client, manager), reverse("people:refuse-pair", args=[found.pk]), {"once": ONCE + "43"})
    assert "ไม่มีคู่ที่รอตัดสิน" in text(client, DOUBLES)
    answer = client.get(reverse("people:double", args=[found.pk]))
    assert answer.headers["Location"] == DOUBLES
    assert DECIDED in text(client, DOUBLES)
    stranger = as_(Client(), member(city.social, Role.MANAGER, "elsewhere"))
    assert stranger.get(reverse("people:double", args=[found.pk])).status_code == 404


@pytest.mark.parametrize("name", ["double", "join", "refuse-pair", "part", "settle"])
def test_what_was_decided_in_another_tab_says_so(client: Client, city: City, manager: User, name: str) -> None:
    found = pair(city)
    as_(client, manager)
    keep = {"keep": str(found.left_id), "once": ONCE + "46"}
    join = reverse("people:join", args=[found.pk])
    text(client, join, keep)
    made = Merge.objects.get()
    if name in ("part", "settle"):
        text(client, reverse("people:part", args=[made.pk]), {"once": ONCE + "47"})
        url, said = reverse(f"people:{name}", args=[made.pk]), "แยกกลับไปแล้ว"
    else:
        url, said = reverse(f"people:{name}", args=[found.pk]), DECIDED
        assert client.post(join, keep).headers["Location"] == page_of(found.left)  # the same form twice
    answer = client.get(url) if name == "double" else client.post(url, {"once": ONCE + "48", "keep": keep["keep"]})
    assert answer.headers["Location"] == DOUBLES
    assert said in text(client, DOUBLES)
    stranger = as_(Client(), member(city.social, Role.MANAGER, "elsewhere"))
    other = stranger.get(url) if name == "double" else stranger.post(url, {"once": ONCE + "49"})
    assert other.status_code == 404


def test_a_pair_outside_the_scope_is_not_there(client: Client, city: City) -> None:
    found = pair(city)
    stranger = member(city.social, Role.MANAGER, "elsewhere")
    assert as_(client, stranger).get(reverse("people:double", args=[found.pk])).status_code == 404


WORRY = {"find": "1100100000010", "reason": "life", "note": "หมดสติที่ตลาด ต้องหาญาติ"}


def test_an_emergency_opens_for_reading_and_is_reviewed(client: Client, city: City) -> None:
    person = city.pin(pin="1100100000010")
    worker = member(city.social, Role.FIELD_WORKER, "rescue", city.sila)
    as_(client, worker)
    assert client.get(page_of(person)).status_code == 404
    assert "id_note_error" in text(client, EMERGENCY, WORRY | {"note": "ด่วน"})
    assert "หมายเลขนี้เปิดประวัติไม่ได้" in text(client, EMERGENCY, WORRY | {"find": "1101700000011"})
    assert "กรณีฉุกเฉิน" in text(client, EMERGENCY, WORRY | {"once": ONCE + "51"})
    opening = BreakGlass.objects.get()
    until = timezone.localtime(opening.until)
    assert f"{until:%H:%M}" in text(client, page_of(person))  # until when it may be read
    assert client.post(page_of(person, "visit"), {"kind": "home"}).status_code == 403  # reading only
    assert {(look.partner, look.reason) for look in accesses_of(person) if look.verb == "people.read"} == {
        (city.social, "view")
    }  # of which office, and nothing that was refused
    head = as_(Client(), member(city.social, Role.MANAGER, "reviewer"))
    assert "1 รายการ" in text(head, OPENINGS)
    review = reverse("people:opening", args=[opening.pk])
    assert "หมดสติที่ตลาด" in text(head, review)
    text(head, review, {"finding": "not_justified", "once": ONCE + "52"})
    told = str(Notice.objects.get(kind="people.not_justified", user=worker))
    assert "ไม่สมควร" in told
    assert "การเปิดครั้งนั้นปิดแล้ว" in told  # the record may be open to the office by a grant since
    for page in (page_of(person), page_of(person, "trail"), page_of(person, "visit")):
        closed = client.get(page)
        assert closed.status_code == 404
        assert "ไม่สมควร" in closed.content.decode()
    never = as_(Client(), member(city.social, Role.FIELD_WORKER, "never"))
    assert "ไม่สมควร" not in never.get(page_of(person)).content.decode()
    assert head.get(review).status_code == 404


def test_an_emergency_is_reviewed_by_its_own_partner_and_by_who_holds_the_record(
    client: Client, city: City, manager: User
) -> None:
    city.pin(pin="1100100000010")
    text(as_(client, member(city.social, Role.FIELD_WORKER, "rescue")), EMERGENCY, WORRY)
    page = reverse("people:opening", args=[BreakGlass.objects.get().pk])
    assert as_(Client(), manager).get(page).status_code == 200
    third = Partner.objects.create(code="third", th="ที่สาม", en="third", kind="provincial", area=city.province)
    assert as_(Client(), member(third, Role.MANAGER, "third")).get(page).status_code == 404


def test_small_groups_of_the_urban_poor_stay_hidden(client: Client, city: City) -> None:
    rows = [city.row(f"คน{n}", papers="none" if n < 11 else "elsewhere", needs=("income",)) for n in range(15)]
    actions.pin_many(rows=rows, partner=city.education, by=city.teacher)
    day, lines = by_district("none", headings())
    assert [(line.people, line.needs[0]) for line in lines] == [(10, 10)]
    assert by_district("elsewhere", headings()) == (day, [])  # four people
    assert [line.people for line in by_district("without", headings())[1]] == [20]  # 15: tens tell nobody of the four
    actions.pin_many(rows=[city.row("มาใหม่", papers="none")] * 9, partner=city.education, by=city.teacher)
    next_monday()
    assert [line.people for line in by_district("none", headings())[1]] == [10]
    shown = text(as_(client, city.teacher), URBAN + "?papers=none")
    assert f"นับคนเมื่อ {be(day)}" in shown
    assert "คน0" not in shown
    assert "nopapers=1" in shown
    assert client.get(URBAN + "?papers=none&format=csv").content.decode("utf-8-sig").count("\n") == 2
    assert text(client, URBAN + "?papers=<b>").count("<b>x") == 0


def test_today_and_the_search_box(city: City, manager: User) -> None:
    person = city.pin()
    pair(city)
    visit = actions.record_visit(person=person, kind=VisitKind.HOME, partner=city.education, by=city.teacher)
    type(visit).objects.filter(pk=visit.pk).update(next_on="2026-01-02")
    assert [t.key for t in TASKS["people"](city.teacher)] == [f"visit:{visit.pk}"]
    assert [t.key for t in TASKS["people"](manager)] == ["doubles"]
    assert [f.title for f in SEARCH["people"](city.teacher, "สมหญิง")] == ["สมหญิง ใจดี"]
    assert list(SEARCH["people"](city.officer, "สมหญิง")) == []
    actions.record_visit(person=person, kind=VisitKind.PHONE, partner=city.education, by=manager)
    assert list(TASKS["people"](city.teacher)) == []  # a colleague has been there


def hostile(client: Client, *urls: str) -> list[str]:
    return [url for url in urls if "<script>alert" in text(client, url)]


def test_hostile_names_stay_text_everywhere(client: Client, city: City, manager: User, resident: User) -> None:
    name: dict[str, Any] = {"given": "<script>alert(1)</script>", "pin": "1100100000010"}
    person = city.pin(**name)
    city.pin(**name, family="<b>")
    actions.link_account(person=person, user=resident, by=city.teacher)
    double = reverse("people:double", args=[MergeProposal.objects.get().pk])
    assert hostile(as_(client, manager), DOUBLES, double) == []
    assert hostile(as_(Client(), resident), MINE) == []
