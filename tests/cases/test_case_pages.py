"""Cases on the screen: the queue, one step at a time, refusals in words, and what a resident sees and answers."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cases.conftest import NOON, City, asked_after
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions, queries
from okat.city.cases.actions._owner import to_new_owner
from okat.city.cases.models import Case, Goal, Transition
from okat.city.cases.rules import Sector, State, Verb
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock, registries
from okat.city.core.audit import about
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.queries import has_grant
from okat.city.people.rules import How, Purpose
from okat.city.places.models import Area, Level

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


def client_of(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    return client


def text(page: HttpResponse) -> str:
    """The page as sent, without the spans that keep Thai words on one line."""
    return re.sub(r'<span class="whole">(.*?)</span>', r"\1", page.content.decode())


def act(client: Client, case: Case, verb: str, **data: str) -> HttpResponse:
    fresh = Case.objects.get(pk=case.pk)
    values = {"once": str(uuid4()), "version": str(fresh.version), **data}
    return client.post(reverse("cases:act", args=[case.pk, verb]), values)  # type: ignore[return-value]


def course(city: City, title: str = "ทอผ้าไหม") -> Opportunity:
    made = Opportunity(
        title_th=title, provider=city.school, kind="occupation", status="published", area=city.school.area, capacity=20,
        published_at=clock.now(),
    )  # fmt: skip
    made.save()
    return made


def test_a_worker_refers_and_the_officer_takes_the_case_to_its_end(city: City) -> None:
    worker, officer = client_of(city.worker), client_of(city.officer)
    city.consent(city.school)
    url = f"{reverse('cases:refer')}?person={city.person.pk}&opportunity={course(city).pk}"
    assert "ยินยอมให้ส่งเรื่องต่อ" in text(worker.get(url))
    sent = worker.post(
        url, {"once": str(uuid4()), "goal": "อยากมีรายได้", "how": "now", "to": city.school.pk, "note": "โทรก่อนไป"}
    )
    case = Case.objects.get()
    assert (sent.headers["Location"], case.stage) == (queries.page_of(case), State.REFERRED)
    with clock.at(NOON):
        page = text(officer.get(queries.page_of(case)))
        assert "โทรก่อนไป" in page
        assert "สมหญิง" in page
        for verb in ("receive", "start", "complete"):
            assert act(officer, case, verb).status_code == 302
    assert text(officer.get(queries.page_of(case))).count(reverse("cases:act", args=[case.pk, "follow_up"])) == 0
    for days in (30, 90, 180):
        with clock.at(asked_after(days)):
            assert "id_outcome" not in text(worker.get(queries.page_of(case)))
            assert act(worker, case, "follow_up", outcome="working", note="ขายผ้าได้").status_code == 302
    assert act(worker, case, "close").status_code == 302
    page = text(worker.get(queries.page_of(case)))
    assert "ขายผ้าได้" in page
    assert Case.objects.get().stage is State.CLOSED


def test_without_consent_the_form_says_which_one_and_nothing_typed_is_lost(city: City) -> None:
    client = client_of(city.worker)
    url = f"{reverse('cases:refer')}?person={city.person.pk}&opportunity={course(city).pk}"
    assert city.school.th in text(client.get(url))
    page = client.post(url, {"once": str(uuid4()), "how": "now", "to": city.school.pk, "goal": "อยากเรียน"})
    assert page.status_code == 200
    assert "ต้องขอความยินยอมก่อน" in text(page)
    assert "อยากเรียน" in text(page)
    assert not Case.objects.exists()
    later = client.post(url, {"once": str(uuid4()), "how": "later", "goal": "อยากเรียน"})
    assert later.status_code == 302
    case = Case.objects.get()
    actions.accept(case=case, by=city.resident)
    page = act(client, case, "refer", to=str(city.school.pk), note="เขียนไว้")
    assert "ต้องขอความยินยอมก่อน" in text(page)
    assert "เขียนไว้" in text(page)
    assert Case.objects.get().stage is State.ACCEPTED


def test_the_same_form_sent_twice_counts_once(city: City) -> None:
    case, client, token = city.referred(), client_of(city.officer), str(uuid4())
    url, data = reverse("cases:act", args=[case.pk, "receive"]), {"once": token, "version": str(case.version)}
    first, second = client.post(url, data), client.post(url, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Transition.objects.filter(case=case, verb="receive").count() == 1
    token, url = str(uuid4()), f"{reverse('cases:refer')}?person={city.person.pk}&about=need"
    city.person.needs.create(term=city.need, since=clock.now(), partner=city.town)
    sent = {"once": token, "how": "later", "need": city.need.pk, "goal": "งาน"}
    worker = client_of(city.worker)
    assert worker.post(url, sent).headers["Location"] == worker.post(url, sent).headers["Location"]


def test_returning_twice_leads_to_one_place_though_access_has_ended(city: City) -> None:
    case, client, token = city.referred(), client_of(city.officer), str(uuid4())
    data = {"once": token, "version": str(case.version), "reason": "full", "note": "เต็มแล้ว"}
    url = reverse("cases:act", args=[case.pk, "return"])
    assert client.post(url, data).headers["Location"] == reverse("cases:queue")
    assert client.post(url, data).headers["Location"] == reverse("cases:queue")
    assert not has_grant(city.person, city.school)
    gone = client.get(queries.page_of(case))
    assert "ที่เต็มแล้ว" in text(gone)
    assert "สมหญิง" not in text(gone)
    assert "เต็มแล้ว" in text(client_of(city.worker).get(queries.page_of(case)))


def test_of_two_officers_the_second_sees_what_happened_and_keeps_what_was_typed(city: City) -> None:
    case = city.referred()
    drawn = str(case.version)
    client = client_of(city.officer)
    actions.receive(case=case, by=city.officer, version=case.version)
    url = reverse("cases:act", args=[case.pk, "return"])
    page = client.post(url, {"once": str(uuid4()), "version": drawn, "reason": "full", "note": "พรุ่งนี้โทรใหม่"})
    assert page.status_code == 409
    assert "มีผู้อื่นทำเรื่องนี้ไปก่อนแล้ว" in text(page)
    assert "พรุ่งนี้โทรใหม่" in text(page)
    assert Case.objects.get().stage is State.RECEIVED
    fresh = Case.objects.get()
    actions.return_referral(case=fresh, reason="full", by=city.officer)
    page = client.post(url, {"once": str(uuid4()), "version": drawn, "reason": "full", "note": "อีกครั้ง"})
    assert page.status_code == 409
    assert "อีกครั้ง" in text(page)


@pytest.mark.parametrize(
    ("verb", "data"), [("return", {}), ("return", {"reason": "consent"}), ("return", {"reason": "x"})]
)
def test_a_reason_is_asked_for_beside_its_field(city: City, verb: str, data: dict[str, str]) -> None:
    case = city.referred()
    page = act(client_of(city.officer), case, verb, note="จดไว้", **data)
    assert page.status_code == 200
    assert 'id="return_reason_error"' in text(page)
    assert "จดไว้" in text(page)
    assert re.search(r"<details open>\s*<summary>ส่งกลับ", text(page))
    assert Case.objects.get().stage is State.REFERRED


def test_strangers_and_unknown_steps_are_not_found(city: City) -> None:
    case = city.referred()
    for user in (city.nurse, city.stranger):
        client = client_of(user)
        assert client.get(queries.page_of(case)).status_code == 404
        assert client.get(reverse("cases:sheet", args=[case.pk])).status_code == 404
        assert act(client, case, "receive").status_code == 404
        assert client.get(f"{reverse('cases:refer')}?person={city.person.pk}").status_code == 404
        assert client.get(queries.own_page(case)).status_code == 404
    officer = client_of(city.officer)
    assert act(officer, case, "fly").status_code == 404
    assert act(officer, case, "propose").status_code == 404
    assert officer.get(f"{reverse('cases:refer')}?person=x").status_code == 404
    assert client_of(city.resident).get(queries.page_of(case)).status_code == 403


def test_a_step_that_the_table_does_not_allow_is_refused_in_words(city: City) -> None:
    case = city.referred()
    page = act(client_of(city.worker), case, "complete")
    assert page.status_code == 200
    assert "ทำขั้นนี้กับเรื่องนี้ไม่ได้" in text(page)


def test_the_queue_is_by_deadline_and_its_filters_live_in_the_address(city: City) -> None:
    with clock.at(NOON):
        late = city.referred()
    client, url = client_of(city.officer), reverse("cases:queue")
    with clock.at(NOON + dt.timedelta(days=30)):
        page = text(client.get(url))
        assert "1 เรื่องรอเรา" in page
        assert "เกินกำหนด 1 เรื่อง" in page
        assert queries.page_of(late) in page
        assert queries.page_of(late) in text(client.get(url + "?late=1&state=referred"))
        assert queries.page_of(late) not in text(client.get(url + "?state=active"))
        worker = client_of(city.worker)
        assert queries.page_of(late) not in text(worker.get(url))
        assert queries.page_of(late) in text(worker.get(url + "?all=1"))
        sheet = client.get(url + "?format=csv")
        assert sheet.headers["Content-Type"].startswith("text/csv")
        assert "เรียนต่อ" in text(sheet)
        assert "สมหญิง" not in text(sheet)
    assert text(client_of(city.nurse).get(url)).count("<table") == 0


def test_showing_a_name_is_recorded(city: City) -> None:
    case = city.referred()
    client = client_of(city.officer)
    client.get(reverse("cases:queue"))
    client.get(queries.page_of(case))
    client.get(reverse("cases:sheet", args=[case.pk]))
    looks = about(city.person).filter(verb="people.read", actor_id=city.officer.pk)
    assert sorted(looks.values_list("reason_code", flat=True)) == ["case", "case_list", "print"]


@pytest.mark.django_db(transaction=True)
def test_where_a_look_cannot_be_recorded_no_name_is_shown(city: City) -> None:
    """The disk is full: PostgreSQL says so to whoever writes, and a look is written."""
    case = city.referred()
    client = client_of(city.officer)
    client.raise_request_exception = False
    pages = [reverse("cases:queue"), queries.page_of(case), reverse("cases:sheet", args=[case.pk])]
    full = "raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'"
    with connection.cursor() as cursor:
        cursor.execute(f"create function no_room() returns trigger language plpgsql as $$ begin {full}; end $$")
        cursor.execute("create trigger no_room before insert on core_auditentry execute function no_room()")
        try:
            shown = [client.get(page) for page in pages]
            public = Client().get("/catalogue/")
        finally:
            cursor.execute("drop trigger no_room on core_auditentry")
            cursor.execute("drop function no_room()")
    assert [page.status_code for page in shown] == [503] * len(pages)
    for page in shown:
        assert "เครื่องของเมืองไม่มีที่ว่างเหลือ" in text(page)
        assert "สมหญิง" not in text(page)
    assert public.status_code == 200
    assert "สมหญิง" in text(client.get(pages[0]))


def test_the_queue_and_the_page_ask_a_constant_number_of_questions(city: City) -> None:
    def asked(url: str) -> int:
        client = client_of(city.worker)
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    case = city.offered()
    queue, page = reverse("cases:queue") + "?all=1", queries.page_of(case)
    few = asked(queue), asked(page)
    for n in range(8):
        actions.propose(person=city.pin(f"คน{n}"), partner=city.town, need=city.need, by=city.worker)
        actions.add_goal(case=case, sector=Sector.WORK, partner=city.town, text=f"ข้อ {n}", by=city.worker)
    assert (asked(queue), asked(page)) == few


def test_hostile_names_and_notes_are_text(city: City) -> None:
    row = PinRow(
        area=city.town.area, given=HOSTILE, family="x", consents=(ConsentRow(Purpose.CARE, city.town, How.VERBAL),)
    )
    person = people.pin_person(row=row, partner=city.town, by=city.worker)
    opportunity = course(city, HOSTILE)
    case = actions.propose(person=person, partner=city.town, opportunity=opportunity, goal=HOSTILE, by=city.worker)
    actions.add_goal(case=case, sector=Sector.WORK, partner=city.town, text=HOSTILE, by=city.worker)
    client = client_of(city.worker)
    pages = [
        reverse("cases:queue") + "?all=1", queries.page_of(case), reverse("cases:sheet", args=[case.pk]),
        f"{reverse('cases:refer')}?person={person.pk}&q=alert",
        f"{reverse('cases:refer')}?person={person.pk}&opportunity={opportunity.pk}",
    ]  # fmt: skip
    for url in pages:
        page = text(client.get(url))
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page


def test_the_plan_is_kept_on_the_page(city: City) -> None:
    case, client = city.offered(), client_of(city.worker)
    url, data = reverse("cases:goal-add", args=[case.pk]), {"sector": "care", "text": "พบหมอ", "due_on": "6 ธ.ค. 2570"}
    refused = client.post(url, {**data, "partner": city.hospital.pk, "once": str(uuid4())})
    assert 'id="goal_partner_error"' in text(refused)
    assert "พบหมอ" in text(refused)
    bad = client.post(url, {**data, "due_on": "สักวัน", "partner": city.town.pk, "once": str(uuid4())})
    assert 'id="goal_due_on_error"' in text(bad)
    city.consent(city.hospital)
    assert client.post(url, {**data, "partner": city.hospital.pk, "once": str(uuid4())}).status_code == 302
    goal = Goal.objects.get()
    nurse = client_of(city.nurse)
    assert "พบหมอ" in text(nurse.get(queries.page_of(case)))
    assert nurse.post(reverse("cases:goal-end", args=[goal.pk, "met"])).headers["Location"] == reverse("cases:queue")
    assert nurse.post(reverse("cases:goal-end", args=[goal.pk, "met"])).status_code == 404
    goal.refresh_from_db()
    assert goal.status == "met"


def test_the_team_sees_a_case_without_the_person(city: City) -> None:
    case = city.offered()
    lead = partners_lead(city)
    to_new_owner(case, city.hospital, "partner_left", system_user())
    page = text(client_of(lead).get(queries.page_of(case)))
    assert "สมหญิง" not in page
    assert reverse("cases:act", args=[case.pk, "hand_over"]) in page
    assert "สมหญิง" not in text(client_of(lead).get(reverse("cases:queue") + "?all=1"))


def partners_lead(city: City) -> User:
    partners.add_member(partner=city.hospital, user=city.nurse, role=Role.COORDINATOR, by=system_user())
    return User.objects.get(pk=city.nurse.pk)


def test_a_resident_answers_an_offer_and_follows_the_case(city: City) -> None:
    case, client = city.offered(), client_of(city.resident)
    assert "1 ข้อเสนอรอคำตอบ" in text(client.get(reverse("cases:mine")))
    page = text(client.get(queries.own_page(case)))
    assert reverse("cases:answer", args=[case.pk, "accept"]) in page
    assert reverse("cases:answer", args=[case.pk, "hand_over"]) not in page
    assert "คุณไม่รับ “" in page  # what follows is said to the reader, who is the person
    assert city.person.full_name not in page[page.index("<main") :]
    answer = reverse("cases:answer", args=[case.pk, "decline"])
    refused = client.post(answer, {"once": str(uuid4()), "version": case.version})
    assert 'id="decline_reason_error"' in text(refused)
    token = {"once": str(uuid4()), "version": case.version, "reason": "far"}
    first, second = client.post(answer, token), client.post(answer, token)
    assert first.headers["Location"] == second.headers["Location"] == queries.own_page(case)
    assert Case.objects.get().stage is State.DECLINED
    assert "ไกลเกินไป" in text(client.get(queries.own_page(case)))
    late = client.post(
        reverse("cases:answer", args=[case.pk, "accept"]), {"once": str(uuid4()), "version": case.version}
    )
    assert late.status_code == 409
    assert "มีผู้อื่นทำเรื่องนี้ไปก่อนแล้ว" in text(late)


def test_something_else_is_offered_in_the_same_case(city: City) -> None:
    case, client = actions.decline(case=city.offered(), reason="far", by=city.resident), client_of(city.worker)
    page = text(client.get(queries.page_of(case)))
    again = f"{reverse('cases:refer')}?person={city.person.pk}&case={case.pk}"
    assert again.replace("&", "&amp;") in page
    made = course(city)
    assert f"opportunity={made.pk}" in text(client.get(again))
    sent = client.post(f"{again}&opportunity={made.pk}", {"once": str(uuid4()), "version": case.version})
    assert sent.headers["Location"] == queries.page_of(case)
    case.refresh_from_db()
    assert (case.stage, case.opportunity) == (State.OFFERED, made)
    assert client.get(f"{again}&opportunity={made.pk}").status_code == 404


def test_a_closed_opportunity_and_no_opportunity_lead_on(city: City) -> None:
    client = client_of(city.worker)
    url = f"{reverse('cases:refer')}?person={city.person.pk}"
    assert "โอกาสนี้ปิดรับแล้ว" in text(client.get(f"{url}&opportunity={uuid4()}"))
    assert client.get(reverse("cases:refer")).status_code == 200
    empty = client.post(f"{url}&about=need", {"once": str(uuid4()), "how": "later"})
    assert 'id="id_need_error"' in text(empty)
    none = client.post(f"{url}&opportunity={course(city).pk}", {"once": str(uuid4()), "how": "now"})
    assert 'id="id_to_error"' in text(none)


def test_panels_lead_officers_and_residents_to_their_own_pages(city: City) -> None:
    case, panel = city.offered(), registries.PANELS["cases"]
    person = Person.objects.get(pk=city.person.pk)
    own, seen = panel(city.resident, person), panel(city.worker, person)
    assert own is not None
    assert seen is not None
    assert [line.url for line in own.lines] == [queries.own_page(case)]
    assert not own.steps
    assert [line.url for line in seen.lines] == [queries.page_of(case)]
    assert str(city.person.pk) in seen.steps[0].url
    other = panel(city.nurse, city.person)
    assert other is not None
    assert not other.lines
    assert panel(city.resident, city.pin("อื่น")) is None


def test_notices_lead_each_to_their_own_page(city: City, django_capture_on_commit_callbacks: object) -> None:
    from okat.city.notices.models import Notice

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        case = city.offered()
        case = actions.accept(case=case, by=city.resident)
    found = dict(Notice.objects.values_list("user__login", "url"))
    assert found["resident"] == queries.own_page(case)
    assert found["worker"] == queries.page_of(case)


def test_every_step_of_the_table_can_be_sent_or_has_its_page() -> None:
    from okat.city.cases.views.act import DO

    assert {*DO, Verb.PROPOSE} == set(Verb)


def test_a_case_of_an_erased_record_stays_readable_without_a_name(city: City) -> None:
    case = city.offered()
    registries.ERASE["cases"](city.person.pk)
    page = client_of(city.worker).get(queries.page_of(case))
    assert page.status_code == 200
    assert "ข้อมูลถูกลบแล้ว" in text(page)  # type: ignore[arg-type]
    assert Person.objects.filter(pk=city.person.pk).exists()


def test_of_a_case_that_was_held_nobody_hears_outside_their_area(city: City) -> None:
    """Whoever held it reads what became of it; a colleague whose area is another finds nothing, by any method."""
    case = city.referred()
    near, far = (Area(code=code, level=Level.DISTRICT, th=th, en=th, parent=city.town.area) for code, th in
                 (("4001", "เมือง"), ("4002", "บ้านฝาง")))  # fmt: skip
    near.save()
    far.save()
    people.move_people(people=[city.person], area=near, by=city.worker)
    colleague = {}
    for area in (near, far):
        colleague[area] = make_user(f"officer-{area.code}")
        partners.add_member(
            partner=city.school, user=colleague[area], role=Role.OFFICER, areas=[area], by=system_user()
        )
    actions.return_referral(case=Case.objects.get(pk=case.pk), reason="full", by=city.officer)
    page = queries.page_of(case)
    for user, seen in ((city.officer, True), (colleague[near], True), (colleague[far], False), (city.nurse, False)):
        client = client_of(user)
        answer = client.get(page)
        assert answer.status_code == (200 if seen else 404), user
        assert ("ที่เต็มแล้ว" in text(answer)) is seen
        assert "สมหญิง" not in text(answer)
        sent = client.post(
            reverse("cases:act", args=[case.pk, "receive"]),
            {"once": str(uuid4()), "version": "1", "note": "โทรแล้วไม่รับสาย"},
        )
        assert sent.status_code == (409 if seen else 404), user
        assert ("โทรแล้วไม่รับสาย" in text(sent)) is seen  # what was typed is not lost


def test_something_else_that_tells_too_much_is_refused_in_words(city: City) -> None:
    """The refusal comes from the person's consent, not from the case."""
    case = actions.decline(case=city.offered(), reason="far", by=city.worker)
    other = course(city)
    Opportunity.objects.filter(pk=other.pk).update(telling=True)
    client = Client()
    sign_in_fully(client, city.worker)
    url = f"{reverse('cases:refer')}?person={city.person.pk}&case={case.pk}&opportunity={other.pk}"
    page = client.get(url)
    assert page.status_code == 200
    page = client.post(url, {"version": case.version, "once": "0" * 32})
    assert page.status_code == 200
    assert 'id="errors"' in page.content.decode()
    case.refresh_from_db()
    assert case.opportunity is None
