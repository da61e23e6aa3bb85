"""Tell me when there is one: counted without a name, told once, withdrawn; enough asks suggest a course."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.catalogue.conftest import SmallCity, member, published, weaving
from tests.catalogue.test_fits import FOR_DEAF, pin
from tests.signing import make_user, sign_in_fully
from tests.weekly import next_monday

from okat.city.catalogue import actions
from okat.city.catalogue.actions import Wanted, _unmet
from okat.city.catalogue.models import Lookout, Opportunity, Sought, Unmet
from okat.city.catalogue.rules.unmet import Asked, Limits, Shared, Suggestion, count, enough, suggest
from okat.city.catalogue.solve.unmet import DEPTHS, suggestions
from okat.city.core import kept, registries
from okat.city.core.ids import new_id
from okat.city.core.steady import Figure, anew
from okat.city.notices.models import Notice
from okat.city.partners.models import Contribution, Partner
from okat.city.partners.rules import Role
from okat.city.people.actions import merge, propose_merge, undo_merge
from okat.city.people.actions.linking import link_account, unlink_account
from okat.city.people.models import Person
from okat.city.people.rules import Disability
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term

HERE, THERE = ("40", "4001", "400101"), ("40", "4001", "400102")
LIMITS = Limits(threshold=10, hours=Decimal(30))
FORM = {"need": "skill-work", "area": "400101", "usable": ["deaf"]}


def wanted(code: str = "skill-work", area: str = "400101", usable: tuple[str, ...] = ()) -> Wanted:
    return Wanted(Term.objects.get(vocabulary="need", code=code), Area.objects.get(code=area), (), usable)


def told(user: Any) -> list[str]:
    return [notice.url for notice in Notice.objects.filter(user=user, kind="catalogue.found")]


def test_a_visitors_ask_is_kept_without_anything_of_the_visitor(city: SmallCity, client: Client) -> None:
    page = client.get(reverse("catalogue:search"), {"q": "ไม่มีอย่างนี้", "usable": "deaf", "near": "400101"})
    assert "บอกฉันเมื่อมี" in page.content.decode()
    asking = client.get(reverse("catalogue:tell"), {"usable": "deaf", "near": "400101", "need": "skill-work"})
    assert asking.context["form"].initial["usable"] == ["deaf"]
    assert client.post(reverse("catalogue:tell"), FORM).status_code == 302
    kept = Unmet.objects.values().get()
    assert kept.keys() == {"id", "need", "area_id", "formats", "usable", "month", "known"}
    assert (kept["need"], kept["usable"], kept["month"].day, kept["known"]) == ("skill-work", ["deaf"], 1, False)
    assert not Lookout.objects.exists()
    for wrong in ({**FORM, "need": "cake"}, {**FORM, "area": ""}, {"usable": ["no-such"]}):
        refused = client.post(reverse("catalogue:tell"), wrong)
        assert refused.status_code == 200
        assert refused.context["form"].errors
    assert Unmet.objects.count() == 1


def test_a_resident_is_told_once_and_what_they_cannot_do_without_is_sealed(
    city: SmallCity, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    resident, token = make_user("waiting", name="ชาวบ้าน"), str(new_id())
    client.force_login(resident, backend="okat.city.partners.queries.Accounts")
    for _ in range(2):  # the same form twice
        client.post(reverse("catalogue:tell"), {**FORM, "once": token})
    lookout = Lookout.objects.get()
    assert b"deaf" not in bytes(lookout.sealed)
    assert lookout.conditions() == ((), ("deaf",))
    with django_capture_on_commit_callbacks(execute=True):
        published(city, weaving(title_th="ไม่มีล่าม"))
        published(city, weaving(title_th="ไกลไป", access=FOR_DEAF, lat=17.2, lon=102.8))
        published(city, weaving(title_th="เรื่องอื่น", access=FOR_DEAF, needs=("capital",)))
        published(city, weaving(title_th="เต็ม", access=FOR_DEAF, capacity=0))
    assert told(resident) == []
    with django_capture_on_commit_callbacks(execute=True):
        first, _second = published(city, weaving(access=FOR_DEAF), weaving(access=FOR_DEAF, title_th="อีกแห่ง"))
    assert told(resident) == [reverse("catalogue:open", args=[first.pk])]
    with django_capture_on_commit_callbacks(execute=True):
        published(city, weaving(access=FOR_DEAF, title_th="ภายหลัง"))
    assert len(told(resident)) == 1
    assert not Unmet.objects.exists()  # what is there is not asked for any more
    page = client.get(reverse("catalogue:lookouts")).content.decode()
    assert "บอกแล้ว" in page


def test_publishing_a_draft_tells_too_and_a_withdrawn_lookout_is_silent(
    city: SmallCity, django_capture_on_commit_callbacks: Any
) -> None:
    stays, leaves = make_user("stays", name="ก"), make_user("leaves", name="ข")
    for user in (stays, leaves):
        actions.look_out(wanted=wanted(), user=user, by=user)
    for _ in range(2):
        actions.stop_looking(lookout=Lookout.objects.get(user=leaves), by=leaves)
    assert Unmet.objects.count() == 1
    draft = actions.write(row=weaving(place_note="วัด"), by=city.officer)
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish(opportunity=draft, by=city.officer, version=draft.version)
    assert (len(told(stays)), len(told(leaves))) == (1, 0)


def test_a_worker_waits_for_a_person_and_the_persons_rule_counts(
    city: SmallCity, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    person = pin(city, disabilities=(Disability("hearing", "2555"),))
    silent = pin(city, given="ไม่ยินยอม", sensitive=False)
    sign_in_fully(client, city.officer)
    address = f"{reverse('catalogue:tell')}?person={silent.pk}"
    assert "usable" in client.post(address, FORM).context["form"].errors  # it would give a disability away
    client.post(f"{reverse('catalogue:tell')}?person={person.pk}", FORM)
    assert Lookout.objects.get().person_id == person.pk
    young = {"age": "birth_date", "op": "<=", "years": 24, "source": {"text": "x", "ref": "x", "verified": False}}
    with django_capture_on_commit_callbacks(execute=True):
        published(city, weaving(access=FOR_DEAF, rule=young))
    assert told(city.officer) == []
    with django_capture_on_commit_callbacks(execute=True):
        published(city, weaving(access=FOR_DEAF, title_th="ทุกวัย"))
    assert told(city.officer) == [reverse("catalogue:lookouts")]
    assert "สมหญิง" not in str(list(Notice.objects.values_list("params", flat=True)))
    sign_in_fully(client, city.other)
    assert client.get(f"{reverse('catalogue:tell')}?person={person.pk}").status_code == 404
    assert client.get(f"{reverse('catalogue:tell')}?person=x").status_code == 404


def test_lookouts_follow_a_merge_an_export_and_an_erasure(city: SmallCity) -> None:
    gone, keep = pin(city), pin(city, given="สมศรี")
    made = actions.look_out(wanted=wanted(usable=("deaf",)), user=city.officer, person=gone, by=city.officer)
    moved = registries.MERGE["catalogue"].move(gone.pk, keep.pk)
    assert Person.objects.get(lookouts=made) == keep
    registries.MERGE["catalogue"].back(gone.pk, keep.pk, moved)
    assert registries.EXPORT["catalogue"](gone.pk)["lookouts"][0]["usable"] == ["deaf"]
    key = made.key_id
    assert registries.ERASE["catalogue"](gone.pk) == 1
    assert not Lookout.objects.exists()
    assert not Unmet.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from core_datakey where id = %s", [key])
        assert cursor.fetchone() == (0,)


def asks(number: int, path: tuple[str, ...] = HERE, **more: Any) -> list[Asked]:
    return [Asked("skill-work", path, **more) for _ in range(number)]


def numbers_of(asked: Iterable[Asked], depth: int, near: Iterable[str] = ()) -> dict[str, int]:
    """What is told of them when they are counted for the first time."""
    figures = {name: anew(Figure(), now).told for name, now in count(asked, depth, LIMITS, set(near)).items()}
    return {name: told for name, told in figures.items() if told is not None}


def told_of(
    asked: Iterable[Asked], shares: Iterable[Shared] = (), hours: dict[str, Decimal] | None = None
) -> list[Suggestion]:
    given_ = list(asked)
    near = numbers_of(given_, DEPTHS[0])
    wide = numbers_of(given_, DEPTHS[1], near)
    return suggest([*enough(near), *enough(wide)], shares, hours or {}, LIMITS)


SHARES = [
    Shared("nfe", "teacher-hours", "ครู", Decimal(70), ("40", "4001")),
    Shared("nfe", "room-hours", "ห้อง", Decimal(45), HERE),
    Shared("far", "room-hours", "ห้องไกล", Decimal(500), ("40", "4002")),
    Shared("used", "teacher-hours", "หมดแล้ว", Decimal(0), HERE),
]


def test_the_arithmetic_of_a_suggestion() -> None:
    (one,) = told_of([*asks(14, usable=("deaf",)), *asks(10, formats=("braille",))], SHARES)
    assert (one.area, one.asks, dict(one.conditions)) == ("400101", 20, {"deaf": 10, "braille": 10})
    assert (one.teacher_hours, one.room_hours, one.hours, one.courses) == (70, 45, 30, 1)
    assert [each.partner for each in (*one.teachers, *one.rooms)] == ["nfe", "nfe"]
    (long,) = told_of(asks(10), SHARES, {"skill-work": Decimal(60)})
    assert long.courses == 0


def test_no_condition_is_told_of_all_who_ask() -> None:
    """Twelve of fourteen are ten of ten in tens: everybody would be deaf."""
    (one,) = told_of([*asks(12, usable=("deaf",)), *asks(2)])
    assert not one.conditions
    mixed = [*asks(12, usable=("deaf", "blind")), *asks(3, usable=("deaf",)), *asks(20)]
    (one,) = told_of(mixed)
    assert (one.asks, one.conditions) == (40, {"deaf": 20, "blind": 10})


def test_a_condition_is_told_beside_ten_who_are_without_it_and_not_beside_a_ten_that_was_rounded() -> None:
    """Fifteen are twenty in tens, and ten of them deaf leave a ten, of five people."""
    (one,) = told_of([*asks(10, usable=("deaf",)), *asks(5)])
    assert (one.asks, one.conditions) == (20, {})
    (one,) = told_of([*asks(10, usable=("deaf",)), *asks(10)])
    assert one.conditions == {"deaf": 10}


def test_asks_of_visitors_come_with_those_who_wait_and_never_alone() -> None:
    """Somebody who sends a hundred asks learns how many the others are only where they are ten or more."""
    visitors = asks(100, usable=("deaf",), known=False)
    assert told_of([*visitors, *asks(9)]) == []
    (one,) = told_of([*visitors, *asks(10)])
    assert (one.asks, one.conditions) == (110, {})


def open_asks() -> list[tuple[str, bool]]:
    return list(Unmet.objects.order_by("area_id").values_list("area__code", "known"))


def test_whoever_waits_counts_once_for_a_need(city: SmallCity) -> None:
    """Else one account alone could be the ten among whom the others are shown."""
    person, user = pin(city), make_user("often", name="ก")
    for kept_by in (city.officer, city.system):
        for area in ("400101", "400102"):
            actions.look_out(wanted=wanted(area=area), user=kept_by, person=person, by=kept_by)
    assert open_asks() == [("400101", True)]
    for code in ("400101", "400102", "4001"):
        actions.look_out(wanted=wanted(area=code), user=user, by=user)
    assert len(open_asks()) == 2
    for row in Lookout.objects.filter(user=user).order_by("made_at"):
        assert len(open_asks()) == 2  # what else they wait for counts instead
        actions.stop_looking(lookout=row, by=user)
    assert open_asks() == [("400101", True)]
    registries.ERASE["catalogue"](person.pk)
    assert open_asks() == []


def two_who_wait(city: SmallCity) -> tuple[Person, Person, list[Lookout]]:
    """Each of two records is waited for at its own place, the second at two; two lookouts are counted."""
    keep, gone = pin(city), pin(city, given="สมศรี")
    rows = [
        actions.look_out(wanted=wanted(area=area), user=city.officer, person=person, by=city.officer)
        for person, area in ((keep, "400101"), (gone, "400102"), (gone, "4001"))
    ]
    return keep, gone, rows


def test_two_records_that_became_one_count_once_and_for_nobody_when_all_is_stopped(city: SmallCity) -> None:
    keep, gone, rows = two_who_wait(city)
    assert len(open_asks()) == 2
    done = merge(proposal=propose_merge(one=keep, other=gone, by=city.system), keep=keep, by=city.system)
    assert len(open_asks()) == 1
    undo_merge(merge=done, by=city.system)
    assert len(open_asks()) == 2
    merge(proposal=propose_merge(one=keep, other=gone, by=city.system), keep=keep, by=city.system)
    for row in rows:
        assert len(open_asks()) == 1
        actions.stop_looking(lookout=row, by=city.officer)
    assert open_asks() == []


def test_a_merge_counts_an_account_of_either_with_it(city: SmallCity) -> None:
    keep, gone = pin(city), pin(city, given="สมศรี")
    user = make_user("owner", name="สมศรี ใจดี")
    link_account(person=gone, user=user, by=user)
    own = actions.look_out(wanted=wanted(area="400102"), user=user, by=user)
    theirs = actions.look_out(wanted=wanted(), user=city.officer, person=keep, by=city.officer)
    assert len(open_asks()) == 2
    merge(proposal=propose_merge(one=keep, other=gone, by=city.system), keep=keep, by=city.system)
    assert len(open_asks()) == 1
    actions.stop_looking(lookout=theirs, by=city.officer)
    assert len(open_asks()) == 1
    actions.stop_looking(lookout=own, by=user)
    assert open_asks() == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_an_account_that_opens_a_record_counts_once_with_it(city: SmallCity, order: tuple[int, ...]) -> None:
    person, user = pin(city), make_user("owner", name="สมหญิง ใจดี")
    rows = [
        actions.look_out(wanted=wanted(area="400102"), user=user, by=user),
        actions.look_out(wanted=wanted(area="4001"), user=user, by=user),
        actions.look_out(wanted=wanted(), user=city.officer, person=person, by=city.officer),
    ]
    assert len(open_asks()) == 2
    link_account(person=person, user=user, by=user)
    assert len(open_asks()) == 1
    unlink_account(person=person, by=user)
    assert len(open_asks()) == 2
    link_account(person=Person.objects.get(pk=person.pk), user=user, by=user)
    for place in order:
        assert len(open_asks()) == 1
        actions.stop_looking(lookout=rows[place], by=user)
    assert open_asks() == []


def test_what_was_counted_twice_before_leaves_nothing_behind(city: SmallCity) -> None:
    """As each lookout was, before whoever waits counted once."""
    _keep, gone, rows = two_who_wait(city)
    rows = [row for row in rows if row.person_id == gone.pk]
    Unmet.objects.all().delete()
    Lookout.objects.update(counted=True)
    for row in rows:
        _unmet.count(need=row.need, area=row.area, formats=(), usable=())
    for left, row in zip((1, 0), rows, strict=True):
        actions.stop_looking(lookout=row, by=city.officer)
        assert len(open_asks()) == left


def test_all_that_is_told_at_once_counts_no_more(city: SmallCity, django_capture_on_commit_callbacks: Any) -> None:
    user = make_user("both", name="ก")
    for area in ("400101", "400102"):
        actions.look_out(wanted=wanted(area=area), user=user, by=user)
    with django_capture_on_commit_callbacks(execute=True):
        published(city, weaving())
    assert not Lookout.objects.filter(ended_at=None).exists()
    assert open_asks() == []


def test_what_a_sub_district_lacks_the_district_may_reach() -> None:
    assert told_of(asks(9), SHARES) == []
    (both,) = told_of([*asks(5), *asks(6, THERE)], SHARES)
    assert (both.area, both.asks) == ("4001", 10)
    found = told_of([*asks(10), *asks(9, THERE)], SHARES)
    assert [(one.area, one.asks) for one in found] == [("400101", 10)]  # the nine are not counted with the ten again


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from([HERE, THERE, ("40", "4002")])), max_size=60))
@settings(max_examples=50)
def test_no_ask_counts_twice_and_no_small_group_is_shown(given_: list[tuple[str, tuple[str, ...]]]) -> None:
    found = told_of([Asked(need, path, usable=("deaf",)) for need, path in given_])
    assert sum(one.asks for one in found) <= len(given_) + 5 * len(found)  # in tens
    assert all(one.asks >= 10 for one in found)
    assert all(count >= 10 for one in found for count in one.conditions.values())


@pytest.mark.parametrize("wrong", [{"threshold": 9}, {"months": 0}, {"hours": Decimal(0)}])
def test_limits_that_would_show_small_groups_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Limits(**wrong)


def test_an_office_with_hours_sees_the_suggestion_and_starts_a_draft(city: SmallCity, client: Client) -> None:
    partner, area = Partner.objects.get(code="nfe"), Area.objects.get(code="400101")
    for code, planned in (("teacher-hours", 80), ("room-hours", 100)):
        Contribution.objects.create(
            partner=partner, resource=Term.objects.get(vocabulary="resource", code=code), title=code, unit="hour",
            planned=planned, area=area,
        )  # fmt: skip
    for number in range(21):
        user = make_user(f"waits-{number}", name=f"{number}")
        actions.look_out(wanted=wanted(usable=("deaf",) if number < 11 else ()), user=user, by=user)
    for _ in range(3):
        actions.count_ask(wanted=wanted(usable=("deaf",)), by=city.system)
    Unmet.objects.create(need="skill-work", area=area, month=dt.date(2020, 1, 1))  # too long ago
    sign_in_fully(client, city.officer)
    (task,) = registries.TASKS["catalogue"](city.officer)
    assert task.title == "มีคำขอให้เปิดหลักสูตร 20 ครั้ง"
    assert task.url in client.get("/today/").content.decode()
    assert registries.TASKS["catalogue"](city.other) == []  # commerce has no hours to share
    (line,) = client.get(reverse("catalogue:asked-for")).context["lines"]
    assert (line["conditions"], line["one"].courses) == ([("คนหูหนวก", 10)], 2)  # 80 and 100 hours carry two of 30
    sent = {"need": "skill-work", "area": "400101", "once": str(new_id())}
    first = client.post(reverse("catalogue:asked-for-start"), sent)
    assert client.post(reverse("catalogue:asked-for-start"), sent).headers["Location"] == first.headers["Location"]
    made = Opportunity.objects.get()
    assert first.headers["Location"] == reverse("catalogue:edit", args=[made.pk])
    assert (made.status, made.kind, made.capacity, made.hours) == ("draft", "occupation", 20, Decimal(30))
    assert {(one.resource.code, one.amount) for one in Sought.objects.all()} == {
        ("teacher-hours", Decimal(30)), ("room-hours", Decimal(30)),
    }  # fmt: skip
    gone = client.post(reverse("catalogue:asked-for-start"), {"need": "skill-work", "area": "400102"})
    assert gone.status_code == 404
    sign_in_fully(client, member("leader", "nfe", Role.COMMUNITY_LEADER))
    assert client.post(reverse("catalogue:asked-for-start"), sent).status_code == 403
    assert len(suggestions()) == 1


def test_one_who_asks_more_or_less_is_seen_by_nobody(city: SmallCity) -> None:
    """Neither at the threshold nor in the district, of which what is told for a sub-district is not a part."""
    users = [make_user(f"waits-{number}", name=f"{number}") for number in range(22)]
    for user in users[:12]:
        actions.look_out(wanted=wanted(), user=user, by=user)

    def seen() -> list[tuple[str, int]]:
        kept.forget_all()
        return [(one.area, one.asks) for one in suggestions()]

    assert seen() == [("400101", 10)]
    first, *more = users[12:]
    actions.look_out(wanted=wanted(), user=first, by=first)
    assert seen() == [("400101", 10)]
    for gone in (first, *users[:3]):
        actions.stop_looking(lookout=Lookout.objects.get(user=gone), by=gone)
        next_monday()
        assert seen() == [("400101", 10)]  # nine of twelve are under the threshold: it stands until ten have gone
    for user in more:
        actions.look_out(wanted=wanted(area="400102"), user=user, by=user)
    next_monday()
    assert seen() == [("400101", 10)]  # nine elsewhere: the district counts them alone
