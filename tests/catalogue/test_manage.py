"""A partner's officers write, publish, close and cancel; others cannot; nothing typed is lost; once is once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.catalogue.conftest import SmallCity, published, weaving
from tests.signing import sign_in_fully

from okat.city.catalogue import actions
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import read
from okat.city.catalogue.rules import CatalogueError, StaleError, Status
from okat.city.core import audit, clock, registries
from okat.city.core.ids import new_id
from okat.city.places.models import Area

NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def desk(city: SmallCity, client: Client) -> Client:
    """The officer of nfe at work."""
    sign_in_fully(client, city.officer)
    return client


def said(**changes: object) -> dict[str, Any]:
    """What a browser sends for a whole course."""
    values: dict[str, Any] = {
        "kind": "occupation", "title_th": "ฝึกทอผ้าไหมมัดหมี่", "summary_th": "เรียนตั้งแต่เริ่มต้น ไม่ต้องมีพื้นฐาน",
        "area": Area.objects.get(code="400101").pk, "place_note": "ศูนย์เรียนรู้บ้านเป็ด", "formats": ["onsite"],
        "needs": ["skill-work"], "closes_on": "๖ ธ.ค. ๒๕๖๙", "hours": "๔๕", "cost": "ฟรี", "amount_per": "once",
        "capacity": "๒๐", "group_0": "disability", "seats_0": "2", "group_1": "older", "seats_1": "5",
        "points_low-income": "30", "sessions": "7 ธ.ค. 2569 09:00-16:00 วันแรก\n8 ธ.ค. 2569 เวลา 09.00–12.00 น.",
        "documents": "สำเนาบัตรประชาชน | Copy of the identity card\nรูปถ่าย", "once": str(new_id()),
    }  # fmt: skip
    return values | changes


def draft(city: SmallCity, **changes: object) -> Opportunity:
    values = {"place_note": "ศาลากลางบ้าน", **changes}
    return Opportunity.objects.get(
        pk=publish_many(rows=[weaving(**values)], by=city.officer, status=Status.DRAFT).ids[0]
    )


def test_an_officer_writes_a_course_and_publishes_it(city: SmallCity, desk: Client) -> None:
    with clock.at(NOW):
        page = desk.post(reverse("catalogue:new"), said())
        made = Opportunity.objects.get()
        assert page.headers["Location"] == reverse("catalogue:open", args=[made.pk])
        assert (made.status, made.provider.code, made.capacity, made.cost) == ("draft", "nfe", 20, Decimal(0))
        assert made.reserves == [{"group": "disability", "seats": 2}, {"group": "older", "seats": 5}]
        assert made.closes_on == dt.date(2026, 12, 6)
        assert made.documents[0] == {"th": "สำเนาบัตรประชาชน", "en": "Copy of the identity card"}
        assert [s.note for s in made.sessions.all()] == ["วันแรก", ""]
        assert [(p["group"], p["points"]) for p in made.priority] == [("low-income", 30)]
        assert Client().get(page.headers["Location"]).status_code == 404  # a draft is nobody else's business
        shown = desk.get(page.headers["Location"]).content.decode()
        assert reverse("catalogue:publish", args=[made.pk]) in shown
        desk.post(reverse("catalogue:publish", args=[made.pk]), {"version": made.version})
        made.refresh_from_db()
        assert (made.status, made.published_at) == ("published", NOW)
        assert Client().get(page.headers["Location"]).status_code == 200
    verbs = [entry.verb for entry in audit.about(made)]
    assert verbs[:2] == ["catalogue.publish", "catalogue.write"]


def test_the_form_shows_what_stands_and_saving_it_again_changes_nothing(city: SmallCity, desk: Client) -> None:
    desk.post(reverse("catalogue:new"), said())
    made = Opportunity.objects.get()
    before = read.row_of(made)
    form = desk.get(reverse("catalogue:edit", args=[made.pk])).context["form"]
    again = {field.html_name: field.value() for field in form if field.value() not in (None, False, "")}
    meetings = list(made.sessions.values_list("pk", flat=True))
    desk.post(reverse("catalogue:edit", args=[made.pk]), again)
    made = Opportunity.objects.get()
    assert read.row_of(made) == before
    assert made.version == 2
    assert list(made.sessions.values_list("pk", flat=True)) == meetings


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_th": ""}, "title_th"),
        ({"capacity": "6"}, "group_0"),  # seven are reserved
        ({"capacity": ""}, "capacity"),
        ({"group_1": "disability"}, "group_0"),
        ({"seats_0": ""}, "seats_0"),
        ({"group_1": ""}, "group_1"),
        ({"closes_on": "30 ก.พ. 2569"}, "closes_on"),
        ({"opens_on": "7 ธ.ค. 2569"}, "closes_on"),
        ({"cost": "พันห้า"}, "cost"),
        ({"sessions": "ทุกวันเสาร์"}, "sessions"),
        ({"sessions": "7 ธ.ค. 2569 16:00-09:00"}, "sessions"),
        ({"kind": "cake"}, "kind"),
        ({"area": "999999"}, "area"),
        ({"email": "ไม่มี"}, "email"),
        ({"url": "javascript:alert(1)"}, "url"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_typed_is_lost(
    city: SmallCity, desk: Client, changes: dict[str, object], field: str
) -> None:
    sent = said(**changes)
    page = desk.post(reverse("catalogue:new"), sent)
    assert page.status_code == 200
    form = page.context["form"]
    assert field in form.errors
    assert form["summary_th"].value() == sent["summary_th"]
    assert form["sessions"].value() == sent["sessions"]
    assert sent["place_note"] in page.content.decode()
    assert not Opportunity.objects.exists()


def test_the_same_form_sent_twice_makes_one(city: SmallCity, desk: Client) -> None:
    sent = said()
    first, second = (desk.post(reverse("catalogue:new"), sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Opportunity.objects.count() == 1


def test_two_who_change_the_same_are_told_and_the_second_may_still_save(city: SmallCity, desk: Client) -> None:
    made = draft(city)
    actions.write(row=weaving(title_th="ของคนแรก"), opportunity=made, version=1, by=city.officer)
    page = desk.post(reverse("catalogue:edit", args=[made.pk]), said(version="1", title_th="ของคนที่สอง"))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert Opportunity.objects.get().title_th == "ของคนแรก"
    version = page.context["form"]["version"].value()
    desk.post(reverse("catalogue:edit", args=[made.pk]), said(version=version, title_th="ของคนที่สอง"))
    assert Opportunity.objects.get().title_th == "ของคนที่สอง"


def test_what_is_not_whole_is_not_published_and_says_what_is_missing(city: SmallCity, desk: Client) -> None:
    made = draft(city, title_en="", summary_th="", access={}, place_note="", closes_on=dt.date(2026, 1, 1))
    with clock.at(NOW), pytest.raises(CatalogueError) as refused:
        actions.publish(opportunity=made, by=city.officer, version=1)
    assert {fault.field for fault in refused.value.faults} == {"summary_th", "formats", "place_note", "closes_on"}
    page = desk.get(reverse("catalogue:open", args=[made.pk]))
    assert reverse("catalogue:publish", args=[made.pk]) not in page.content.decode()
    assert len(page.context["state"]["still"]) == 4


def test_english_alone_is_a_whole_language(city: SmallCity) -> None:
    made = draft(city, summary_th="", summary_en="From the very start")
    assert actions.publish(opportunity=made, by=city.officer, version=1).status == Status.PUBLISHED


def test_ending_needs_a_reason_and_is_heard(city: SmallCity, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(registries.HANDLERS, "_items", {"opportunity.cancelled/test": lambda **v: heard.append(v)})
    (made,) = published(city, weaving())
    url = reverse("catalogue:cancel", args=[made.pk])
    assert "reason" in desk.post(url, {"version": "1", "reason": " "}).context["form"].errors
    desk.post(url, {"version": "1", "reason": "วิทยากรป่วย"})
    made.refresh_from_db()
    assert (made.status, made.end_reason) == ("cancelled", "วิทยากรป่วย")
    assert [event["opportunity"].pk for event in heard] == [made.pk]
    assert "วิทยากรป่วย" in Client().get(reverse("catalogue:open", args=[made.pk])).content.decode()
    with pytest.raises(CatalogueError):  # cancelled is the end
        actions.publish(opportunity=made, by=city.officer, version=2)


def test_closed_opens_again(city: SmallCity, desk: Client) -> None:
    (made,) = published(city, weaving(place_note="ศาลา"))
    desk.post(reverse("catalogue:close", args=[made.pk]), {"version": "1", "reason": "เต็มแล้ว"})
    assert Opportunity.objects.get().status == Status.CLOSED
    desk.post(reverse("catalogue:publish", args=[made.pk]), {"version": "2"})
    assert Opportunity.objects.get().status == Status.PUBLISHED


@pytest.mark.parametrize("name", ["publish", "close", "cancel"])
def test_what_was_done_in_another_tab_is_said_where_it_stands(city: SmallCity, desk: Client, name: str) -> None:
    """And leads to no form that one would save again."""
    made = draft(city) if name == "publish" else published(city, weaving(place_note="ศาลา"))[0]
    url, page = reverse(f"catalogue:{name}", args=[made.pk]), reverse("catalogue:open", args=[made.pk])
    first, second = ({"version": "1", "reason": "ไม่มีครู", "once": str(new_id())} for _ in range(2))
    assert desk.post(url, first).headers["Location"] == page
    assert desk.post(url, second).headers["Location"] == page
    said = desk.get(page).content.decode()
    assert "อยู่แล้ว" in said
    assert "บันทึกอีกครั้ง" not in said


def test_an_old_page_publishes_nothing(city: SmallCity, desk: Client) -> None:
    made = draft(city)
    actions.write(row=weaving(), opportunity=made, version=1, by=city.officer)
    with pytest.raises(StaleError):
        actions.publish(opportunity=made, by=city.officer, version=1)
    desk.post(reverse("catalogue:publish", args=[made.pk]), {"version": "1"})
    assert Opportunity.objects.get().status == Status.DRAFT


def test_fewer_places_than_are_taken_are_refused(city: SmallCity) -> None:
    (made,) = published(city, weaving())
    Opportunity.objects.update(seats_taken=5)
    with pytest.raises(CatalogueError) as refused:
        actions.write(row=weaving(capacity=4), opportunity=made, version=1, by=city.officer)
    assert [fault.field for fault in refused.value.faults] == ["capacity"]


@pytest.mark.parametrize("name", ["edit", "rule", "publish", "close", "cancel"])
def test_another_partners_officer_finds_nothing(city: SmallCity, client: Client, name: str) -> None:
    made = draft(city)
    sign_in_fully(client, city.other)
    url = reverse(f"catalogue:{name}", args=[made.pk])
    assert client.post(url, {"version": "1", "reason": "ก่อกวน", "do": "save"}).status_code == 404
    assert Opportunity.objects.get().version == 1


def listed(client: Client, **query: str) -> list[str]:
    page = client.get(reverse("catalogue:manage"), query)
    return sorted(o.title_th for o in page.context["page"].object_list)


def test_the_list_shows_my_partners_own_with_filters_in_the_address(city: SmallCity, desk: Client) -> None:
    published(city, weaving(), weaving(title_th="ทำปลาร้า"), weaving(provider="commerce", title_th="ของพาณิชย์"))
    draft(city, title_th="ร่าง")
    assert listed(desk) == ["ทำปลาร้า", "ฝึกทอผ้าไหมมัดหมี่", "ร่าง"]
    assert listed(desk, status="draft") == ["ร่าง"]
    assert listed(desk, q="ปลาร้า") == ["ทำปลาร้า"]
    assert listed(desk, status="cake", partner="commerce") == []
    page = desk.get(reverse("catalogue:manage"))
    assert page.context["published"] == 2
    assert page.context["counts"].free == 40


def test_hostile_titles_are_shown_as_text(city: SmallCity, desk: Client) -> None:
    made = draft(city, title_th="<script>alert(1)</script>", summary_th='"><img src=x onerror=alert(1)>')
    for name, arguments in (("manage", []), ("edit", [made.pk]), ("open", [made.pk]), ("rule", [made.pk])):
        page = desk.get(reverse(f"catalogue:{name}", args=arguments)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_list_takes_the_same_number_of_statements_for_3_and_60(city: SmallCity, desk: Client) -> None:
    counts = []
    for size in (3, 60):
        published(city, *(weaving(title_th=f"หลักสูตรที่ {n}", key=f"{n}") for n in range(size)))
        desk.get(reverse("catalogue:manage"))
        with CaptureQueriesContext(connection) as seen:
            desk.get(reverse("catalogue:manage"))
        counts.append(len(seen))
    assert counts[0] == counts[1]
