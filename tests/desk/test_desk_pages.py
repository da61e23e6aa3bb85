"""The first pages and the figures: what waits, what is counted, what stays hidden, who may look."""

import csv
import datetime as dt
import io
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from tests.signing import sign_in_fully
from tests.small_city import SmallCity, build
from tests.weekly import next_monday

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock, kept, registries
from okat.city.core.models import AuditEntry, WeeklyFigures
from okat.city.core.registries import Found, Task
from okat.city.core.templatetags.okat import be
from okat.city.desk.queries import gaps, pulse, today
from okat.city.desk.rules import APPS
from okat.city.desk.views.figures import TABLES
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.rules import Disability, How, Purpose
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term
from okat.thai.partial import PartialDate

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def city() -> SmallCity:
    made = build()
    Term(vocabulary="need", code="learn", th="เรียนต่อ", en="Learning").save()
    Term(vocabulary="need", code="job", th="หางาน", en="A job").save()
    return made


def client_of(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    return client


def text(page: HttpResponse) -> str:
    """The page as sent, without the spans that keep Thai words on one line."""
    return re.sub(r'<span class="whole">(.*?)</span>', r"\1", page.content.decode())


def pin(city: SmallCity, number: int, *, area: Area | None = None, **values: object) -> list[Person]:
    """So many people of `here` who want to learn."""
    given = {"sex": "f", "birth": PartialDate(1990, 5, 1), "papers": "registered", "needs": ("learn",), **values}
    sensitive = bool(values.get("disabilities"))
    consents = (ConsentRow(Purpose.CARE, city.here, How.SIGNATURE, sensitive=sensitive),)
    rows = [
        PinRow(area=area or city.here.area, given=f"คน{uuid4().hex[:6]}", family="ใจดี", consents=consents, **given)  # type: ignore[arg-type]
        for _ in range(number)
    ]
    ids = people.pin_many(rows=rows, partner=city.here, by=city.users[Role.FIELD_WORKER])
    return list(Person.objects.filter(pk__in=ids))


def begin(city: SmallCity, person: Person) -> None:
    officer = city.users[Role.OFFICER]
    case = cases.propose(person=person, partner=city.here, need=Term.objects.get(code="learn"), by=officer)
    cases.accept(case=case, by=officer)
    cases.refer(case=case, to=city.here, by=officer)
    cases.receive(case=case, by=officer)
    cases.start(case=case, by=officer)


def course(city: SmallCity, **values: object) -> Opportunity:
    given = {
        "title_th": "ทอผ้าไหม", "provider": city.here, "kind": "occupation", "status": "published", "capacity": 20,
        "area": city.here.area, "published_at": clock.now(), "need_codes": ["learn"], **values,
    }  # fmt: skip
    made = Opportunity(**given)
    made.save()
    return made


def province_wide(city: SmallCity, role: Role) -> User:
    """The small city's partner works in one sub-district; this role of it sees the whole province."""
    user = city.users[role]
    user.memberships.get().areas.add(city.province)
    return User.objects.get(pk=user.pk)


def test_gaps_count_who_was_reached_by_group(city: SmallCity) -> None:
    women, men = pin(city, 30), pin(city, 25, sex="m", birth=PartialDate(1950), papers="none")
    pin(city, 5, needs=())  # no need said: not counted
    for person in women[:12]:
        begin(city, person)
    need = men[0].needs.get()
    for person in men[:11]:
        need = person.needs.get()
        people.close_need(need=need, by=city.users[Role.FIELD_WORKER])
    found = gaps.gaps(city.users[Role.COORDINATOR])
    assert {(g.key, g.need, g.reached, g.waits) for g in found.tables["sex"]} == {
        ("f", 30, 10, 20), ("m", 30, 10, 10),
    }  # fmt: skip
    assert {(g.key, g.need) for g in found.tables["papers"]} == {("registered", 30), ("none", 30)}
    assert {(g.key, g.need) for g in found.tables["age"]} == {("25", 30), ("75", 30)}
    assert [(g.key, g.need) for g in found.tables["area"]] == [("400101", 60)]
    page = text(client_of(city.users[Role.COORDINATOR]).get(reverse("desk:gaps")))
    assert "20 จาก 60" in page  # each in whole tens: 23 of 55
    assert "หญิง" in page


def test_no_more_are_reached_than_need_something(city: SmallCity) -> None:
    """Both are told as they were on days of their own: those reached drew level before the whole was told anew."""
    pin(city, 20)
    user = city.users[Role.COORDINATOR]
    gaps.gaps(user)
    row = WeeklyFigures.objects.get(kind="desk.gaps")
    for name, figure in row.numbers.items():
        if name.endswith(("|reached", "|waits")):
            row.numbers[name] = {"was": [[30, None]], "at": 0}
        assert figure["was"]
    row.numbers["sex|f|reached"] = row.numbers["whole||reached"] = {"was": [[30, None]], "at": 0}
    row.save()
    found = gaps.gaps(user)
    assert (found.whole.need, found.whole.reached, found.whole.waits) == (20, 20, 20)
    assert [(g.need, g.reached) for g in found.tables["sex"]] == [(20, 20)]
    assert "20 จาก 20" in text(client_of(user).get(reverse("desk:gaps")))


def test_small_groups_are_held_back_on_the_page_and_in_the_file(city: SmallCity) -> None:
    pin(city, 30)
    pin(city, 7, sex="m")
    pin(city, 60, sex="x")
    client = client_of(city.users[Role.COORDINATOR])
    table = client.get(reverse("desk:gaps-csv", args=["sex"]))
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(table.content.decode("utf-8-sig")))}
    assert "ชาย" not in rows  # that there are some would tell of the first who came
    assert rows["หญิง"] == ["30", "", "30", "", "30.0", "", be(clock.today())]
    page = text(client.get(reverse("desk:gaps")))
    assert ">7<" not in page
    assert f"นับคนเมื่อ {be(clock.today())}" in page
    assert "หญิง" in page


def test_figures_change_on_mondays_alone_and_by_ten_or_more(city: SmallCity) -> None:
    """Whoever reads before and after one record is added sees nothing of it, drawn anew or not."""
    pin(city, 12)
    client = client_of(city.users[Role.COORDINATOR])
    pages = [reverse("desk:gaps"), *(reverse("desk:gaps-csv", args=[name]) for name in (*TABLES, "needs"))]

    def read() -> list[str]:
        kept.forget_all()
        return [re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text(client.get(page))) for page in pages]

    before = read()
    assert "เข้าถึงแล้ว ไม่ถึง 10 จาก 10" in before[0]
    pin(city, 7, sex="m", needs=("learn", "job"))
    assert read() == before
    next_monday()
    assert read() == before
    pin(city, 3, sex="m", needs=("learn", "job"))
    assert read() == before
    next_monday()
    after = read()
    assert after != before
    found = gaps.gaps(city.users[Role.COORDINATOR])
    assert {(g.key, g.need) for g in found.tables["sex"]} == {("f", 10), ("m", 10)}
    assert found.whole.need == 20


def test_disability_counts_only_those_who_allowed_it_and_says_that_it_was_counted(city: SmallCity) -> None:
    pin(city, 12, disabilities=(Disability("hearing", "2555"),), disability_card=True)
    for person in pin(city, 11, disabilities=(Disability("seeing", "2555"),)):
        people.withdraw_consent(consent=person.consents.get(), by=city.users[Role.FIELD_WORKER])
    found = gaps.gaps(city.users[Role.COORDINATOR])
    assert [(g.key, g.need) for g in found.tables["disability"]] == [("with", 10)]
    assert AuditEntry.objects.filter(verb="desk.count_disability").count() == 1


def test_figures_stay_inside_the_areas_of_the_role(city: SmallCity) -> None:
    pin(city, 15)
    assert not gaps.gaps(city.stranger).tables["sex"]
    assert [g.need for g in gaps.gaps(city.users[Role.COMMUNITY_LEADER]).tables["sex"]] == [20]
    elsewhere = client_of(city.users[Role.FIELD_WORKER])
    assert elsewhere.get(reverse("desk:gaps")).status_code == 403
    assert client_of(city.users[Role.COORDINATOR]).get(reverse("desk:gaps-csv", args=["names"])).status_code == 404


def test_waiting_is_set_against_free_places(city: SmallCity) -> None:
    pin(city, 14)
    pin(city, 3, needs=("job",))
    course(city, seats_taken=15)
    course(city, need_codes=["job"], capacity=None)
    course(city, area=city.there.area)  # not in this role's area
    _day, kinds = gaps.waiting(city.users[Role.COORDINATOR])
    found = {w.term.code: (w.open, w.free, w.unlimited) for w in kinds}
    assert found == {"learn": (10, 5, 0), "job": (None, 0, 1)}
    table = (
        client_of(city.users[Role.COORDINATOR])
        .get(reverse("desk:gaps-csv", args=["needs"]))
        .content.decode("utf-8-sig")
    )
    assert "เรียนต่อ,10,,5,0" in table
    assert "หางาน,,,0,1" in table


def test_figures_take_a_constant_number_of_statements(city: SmallCity) -> None:
    user = province_wide(city, Role.COORDINATOR)

    def asked() -> int:
        kept.forget_all()
        WeeklyFigures.objects.all().delete()
        reader = User.objects.get(pk=user.pk)
        with CaptureQueriesContext(connection) as seen:
            gaps.gaps(reader)
            gaps.waiting(reader)
            pulse.pulse()
        return len(seen)

    pin(city, 1, disabilities=(Disability("hearing", "2555"),))
    one = asked()
    pin(city, 20, disabilities=(Disability("hearing", "2555"),), area=city.there.area)
    for _ in range(5):
        course(city)
    assert asked() == one


def test_the_pulse_counts_and_each_figure_opens_its_definition(city: SmallCity) -> None:
    waiting = pin(city, 12)
    course(city, seats_taken=4)
    begin(city, waiting[0])
    found = pulse.pulse()
    assert (found.free, found.waiting, found.answered, found.asked) == (16, 10, None, None)
    assert (found.without, found.areas) == (1, 2)
    page, meaning = text(Client().get("/")), text(Client().get(reverse("desk:pulse")))
    for name in ("free", "waiting", "answered", "without", "asked"):
        assert f'href="{reverse("desk:pulse")}#{name}"' in page
        assert f'id="{name}"' in meaning
    assert "ทอผ้าไหม" in page


def test_few_people_are_no_public_figure(city: SmallCity) -> None:
    pin(city, 9)
    assert pulse.pulse().waiting is None
    pin(city, 1)
    kept.forget_all()
    assert pulse.pulse().waiting is None  # until Monday
    next_monday()
    assert pulse.pulse().waiting == 10
    pin(city, 9)
    next_monday()
    assert pulse.pulse().waiting == 10
    pin(city, 1)
    next_monday()
    assert pulse.pulse().waiting == 20


def test_home_shows_what_is_near_a_place(city: SmallCity) -> None:
    Area.objects.filter(pk=city.there.area.pk).update(lat=17.5)
    course(city, title_th="ไกล", area=city.there.area, lat=17.5, lon=102.8, published_at=clock.now())
    course(city, title_th="ใกล้", lat=16.4, lon=102.8, published_at=clock.now() - dt.timedelta(days=9))
    page = text(Client().get("/"))
    assert page.index(">ไกล<") < page.index(">ใกล้<")
    near = text(Client().get("/?near=400101"))
    assert "ใกล้ ในเมือง" in near
    assert near.index(">ใกล้<") < near.index(">ไกล<")
    assert Client().get("/?near=nowhere").status_code == 200
    assert Client().get("/?near=nowhere%00").status_code == 400
    assert "?for=learn" in page


def task(key: str, due: dt.date | None = None, count: int = 1) -> Task:
    return Task(key, f"งาน {key}", HOSTILE, f"/{key}/", due, count)


def test_today_orders_by_deadline_and_narrows_by_its_address(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    day = clock.today()
    tasks = {
        "people": [task("calm", day + dt.timedelta(days=20)), task("late", day - dt.timedelta(days=1))],
        "cases": [task("soon", day), task("many", None, 8)],
    }
    monkeypatch.setattr(
        registries.TASKS, "_items", {app: (lambda _, found=found: found) for app, found in tasks.items()}
    )
    client = client_of(city.users[Role.FIELD_WORKER])
    page = text(client.get(reverse("desk:today")))
    assert "วันนี้ 11 เรื่องรอคุณ" in page
    places = [page.index(f"งาน {key}<") for key in ("late", "soon", "calm", "many")]
    assert places == sorted(places)
    assert HOSTILE not in page
    late = text(client.get(reverse("desk:today") + "?when=late"))
    assert "งาน late" in late
    assert "งาน soon" not in late
    assert "งาน soon" not in text(client.get(reverse("desk:today") + "?app=people"))
    assert "ไม่มีงานแบบนี้" in text(client.get(reverse("desk:today") + "?app=rounds"))


def test_every_kind_of_task_is_called_by_a_name(city: SmallCity) -> None:
    with translation.override("th"):
        named = {app: str(APPS.get(app, app)) for app, _tasks in registries.TASKS}
    assert named
    assert all(re.search("[ก-๙]", words) for words in named.values()), named


@pytest.mark.parametrize(
    ("role", "leads"),
    [(Role.AUDITOR, "/gaps/"), (Role.COMMUNITY_LEADER, "/gaps/"), (None, "/catalogue/")],
)
def test_where_nothing_waits_the_page_says_what_to_do(city: SmallCity, role: Role | None, leads: str) -> None:
    page = text(client_of(city.users[role] if role else city.resident).get(reverse("desk:today")))
    assert "ไม่มีเรื่องรอคุณ" in page
    assert re.search(rf'class="btn quiet" href="{leads}"', page)


def test_today_says_how_the_workers_own_area_stands(city: SmallCity) -> None:
    pin(city, 9)
    course(city)
    found = today.here(city.users[Role.FIELD_WORKER])
    assert found is not None
    assert (found.waiting, found.free) == (None, 20)
    pin(city, 1)
    assert "ไม่ถึง 10" in text(client_of(city.users[Role.FIELD_WORKER]).get(reverse("desk:today")))
    next_monday()
    assert "ไม่ถึง 10" not in text(client_of(city.users[Role.FIELD_WORKER]).get(reverse("desk:today")))
    assert today.here(city.users[Role.AUDITOR]) is None


def test_search_groups_what_is_found_by_kind(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {
        "a": lambda _user, wish: [Found("เรื่อง", HOSTILE + wish, "", "/a/"), Found("เรื่อง", "สอง", "", "/b/")],
        "b": lambda _user, _wish: [Found("โอกาส", "สาม", "", "/c/")],
    }
    monkeypatch.setattr(registries.SEARCH, "_items", sources)
    client = client_of(city.users[Role.OFFICER])
    page = text(client.get(reverse("desk:search") + "?q=ทอผ้า"))
    assert "พบ 3 รายการ" in page
    assert page.count("<h2>") == 2
    assert HOSTILE not in page
    monkeypatch.setattr(registries.SEARCH, "_items", {})
    assert "ไม่พบสิ่งที่คุณมีสิทธิ์ดู" in text(client.get(reverse("desk:search") + "?q=x"))
    assert client.get(reverse("desk:search")).status_code == 200
    assert client.get(reverse("desk:search") + "?q=%00").status_code == 400


def test_the_audit_trail_narrows_by_day_person_and_verb_and_holds_no_values(city: SmallCity) -> None:
    person = pin(city, 1)[0]
    people.link_account(person=person, user=city.resident, by=system_user())
    worker, url = client_of(city.users[Role.FIELD_WORKER]), reverse("desk:audit")
    worker.get(reverse("cases:refer") + f"?person={person.pk}")
    case = cases.propose(
        person=person, partner=city.here, need=Term.objects.get(code="learn"), by=city.users[Role.OFFICER]
    )
    cases.accept(case=case, by=city.resident)
    client = client_of(city.users[Role.AUDITOR])
    page = text(client.get(url))
    assert "<span>เปิดดูข้อมูล<" in page
    assert "people.read" not in page.partition("<table")[2]
    assert person.given not in page
    assert "(ชาวเมือง)" in page
    assert city.resident.name not in page
    reads = text(client.get(url + "?verb=people.read&who=field_worker"))
    assert "<span>เปิดดูข้อมูล<" in reads
    assert "มีการรับข้อเสนอ" in page
    assert "มีการรับข้อเสนอ" not in reads
    assert "ไม่มีบันทึกแบบนี้" in text(client.get(url + "?day=1 ม.ค. 2560"))
    assert "ไม่มีบันทึกแบบนี้" in text(client.get(url + "?who=nobody"))
    wrong = text(client.get(url + "?day=someday&who=kept"))
    assert 'id="id_day_error"' in wrong
    assert 'value="kept"' in wrong
    assert AuditEntry.objects.filter(verb="audit.read", actor_id=city.users[Role.AUDITOR].pk).count() >= 4
    assert client_of(city.users[Role.MANAGER]).get(url).status_code == 403


def test_the_trail_pages_without_counting(city: SmallCity) -> None:
    client, url = client_of(city.users[Role.AUDITOR]), reverse("desk:audit")

    def asked(where: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(where).status_code == 200
        return len(seen)

    few = asked(url)
    pin(city, 120)
    assert asked(url) == few
    older = re.search(r'href="(\?[^"]*before=\d+)"', text(client.get(url)))
    assert older is not None
    first = text(client.get(url))
    second = text(client.get(url + older.group(1).replace("&amp;", "&")))
    assert first != second
    assert client.get(url + "?before=x").status_code == 200
