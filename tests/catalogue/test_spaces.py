"""Learning spaces: open now by the week's hours, near, and usable; level, credits and hours as fields and filters."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.catalogue.conftest import SmallCity, published, weaving
from tests.catalogue.test_import_opportunities import imported, workbook

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries.search import find
from okat.city.catalogue.queries.spaces import spaces
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.rules.spaces import SpaceLook
from okat.city.core import clock
from okat.city.partners.models import Partner, Venue
from okat.city.partners.rules import OpenNow, open_at
from okat.city.people.actions import NotReadyError
from okat.city.places.models import Area

BANGKOK = timezone.get_default_timezone()
TUESDAY = dt.datetime(2026, 12, 8, 10, 0, tzinfo=BANGKOK)
WEEK = {"tue": [["08:30", "12:00"], ["13:00", "16:30"]], "sat": [["09:00", "16:00"]]}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((8, 8, 29), OpenNow(open=False, day="tue", opens="08:30")),
        ((8, 8, 30), OpenNow(open=True, until="12:00")),
        ((8, 12, 0), OpenNow(open=False, day="tue", opens="13:00")),
        ((8, 16, 30), OpenNow(open=False, day="sat", opens="09:00")),
        ((12, 15, 59), OpenNow(open=True, until="16:00")),
        ((12, 16, 0), OpenNow(open=False, day="tue", opens="08:30")),  # over Sunday and Monday into the next week
    ],
)
def test_hours_of_a_week(at: tuple[int, int, int], expected: OpenNow) -> None:
    day, hour, minute = at
    assert open_at(WEEK, dt.datetime(2026, 12, day, hour, minute, tzinfo=BANGKOK)) == expected


def test_a_place_without_hours_is_never_open() -> None:
    assert open_at({}, TUESDAY) == OpenNow(open=False)
    once_a_week = {"tue": [["08:30", "09:00"]]}
    assert open_at(once_a_week, TUESDAY) == OpenNow(open=False, day="tue", opens="08:30")


@pytest.fixture
def places(city: SmallCity) -> SmallCity:
    partner = Partner.objects.get(code="nfe")
    for name, kind, area, access, opening, lat in (
        ("ห้องสมุด", "library", "400101", {"wheelchair": "yes", "toilet": "yes"}, WEEK, 16.433),
        ("วัด", "temple", "400101", {"wheelchair": "ask", "toilet": "yes"}, {"tue": [["06:00", "20:00"]]}, 16.44),
        ("สวน", "park", "400102", {"wheelchair": "yes", "toilet": "yes"}, {"mon": [["06:00", "20:00"]]}, None),
        ("พิพิธภัณฑ์", "museum", "400102", {"wheelchair": "no"}, WEEK, None),
    ):
        Venue.objects.create(
            partner=partner, th=name, kind=kind, area=Area.objects.get(code=area), accessibility=access,
            opening=opening, open_to_all=True, lat=lat, lon=102.835 if lat else None,
        )  # fmt: skip
    Venue.objects.create(partner=partner, th="สำนักงาน", area=Area.objects.get(code="400101"), opening=WEEK)
    return city


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"ห้องสมุด", "วัด", "สวน", "พิพิธภัณฑ์"}),
        ({"open": True}, {"ห้องสมุด", "วัด", "พิพิธภัณฑ์"}),
        ({"open": True, "usable": ("wheelchair",)}, {"ห้องสมุด"}),
        ({"usable": ("wheelchair",), "ask": True}, {"วัด"}),
        ({"usable": ("deaf",)}, {"ห้องสมุด", "วัด", "สวน", "พิพิธภัณฑ์"}),  # a place keeps no deaf person out
        ({"formats": ("toilet",), "area": "400102"}, {"สวน"}),
        ({"usable": ("no-such",)}, set()),
        ({"kinds": ("park", "temple")}, {"สวน", "วัด"}),
        ({"area": "no-such"}, set()),
    ],
)
def test_conditions_hold_together(places: SmallCity, asked: dict[str, object], expected: set[str]) -> None:
    assert {one.venue.th for one in spaces(SpaceLook(**asked), TUESDAY)} == expected  # type: ignore[arg-type]


def test_near_comes_first_and_the_page_says_it(places: SmallCity, client: Client) -> None:
    found = spaces(SpaceLook(near="400101"), TUESDAY)
    assert [one.venue.th for one in found[:2]] == ["ห้องสมุด", "วัด"]
    with clock.at(TUESDAY):
        page = client.get(reverse("catalogue:spaces"), {"open": "1", "usable": "wheelchair", "near": "400101"})
        drawn = client.get(reverse("catalogue:space-points"), {"open": "1"}).json()
    text = page.content.decode()
    assert page.context["title"] == "แหล่งเรียนรู้เปิดอยู่ตอนนี้ 1 แห่ง"
    assert [line["now"] for line in page.context["lines"]] == ["เปิดอยู่ ถึง 12:00 น."]
    assert "อีก 1 แห่งอาจใช้ได้" in text
    assert {each["properties"]["name"] for each in drawn["features"]} == {"ห้องสมุด", "วัด", "พิพิธภัณฑ์"}
    assert client.get(reverse("catalogue:spaces"), {"kind": "cake", "open": "2", "near": "x"}).status_code == 200


def test_level_credits_and_hours_come_in_by_a_table_and_are_filters(city: SmallCity, client: Client) -> None:
    head = ["หลักสูตร", "ประเภท", "จำนวน (คน)", "ชั่วโมง", "ระดับ", "หน่วยกิต"]
    rows = [
        ["เรียนจบ ม.3", "การศึกษาขั้นพื้นฐาน", 20, 200, "", "๕๖ หน่วยกิต"],
        ["ช่างไฟฟ้าสะสมหน่วยกิต", "หลักสูตรอาชีพ", 15, 108, "ปวช.", 6],
        ["ชงกาแฟ", "กลุ่มสนใจ", 15, 6, "", ""],
        ["เรียนงานขายในร้าน", "เรียนรู้ในที่ทำงาน", 4, 90, "", ""],
        ["มหกรรมหนังสือ", "กิจกรรม", 200, "", "", ""],
    ]  # fmt: skip
    assert imported(city, workbook(rows, head)).imported == 5
    made = {o.title_th: o for o in Opportunity.objects.all()}
    assert [(made[row[0]].kind, made[row[0]].level, made[row[0]].credits) for row in rows] == [
        ("basic_lower", "lower-secondary", Decimal(56)), ("occupation", "upper-secondary", Decimal(6)),
        ("interest", "", None), ("workplace", "", None), ("event", "", None),
    ]  # fmt: skip

    def seen(**asked: object) -> set[str]:
        return {o.title_th for o in find(Look(**asked)).rows}  # type: ignore[arg-type]

    assert seen(levels=("lower-secondary",)) == {"เรียนจบ ม.3"}
    assert seen(credits=True) == {"เรียนจบ ม.3", "ช่างไฟฟ้าสะสมหน่วยกิต"}
    assert seen(hours=30) == {"ชงกาแฟ"}
    page = client.get(reverse("catalogue:search"), {"credits": "1", "level": "upper-secondary"}).content.decode()
    assert "6 หน่วยกิต" in page
    assert "เรียนจบ ม.3" not in page


def test_credits_that_are_no_number_keep_the_table_out(city: SmallCity) -> None:
    head = ["หลักสูตร", "จำนวน (คน)", "หน่วยกิต", "สถานที่", "ชั่วโมง"]
    with pytest.raises(NotReadyError):
        imported(city, workbook([["ทอผ้า", 20, "หลายหน่วย", "", ""], ["ทอเสื่อ", 20, "3", "", ""]], head))
    assert not Opportunity.objects.exists()
    (made,) = published(city, weaving(credits=Decimal("1.5")))
    assert made.credits == Decimal("1.5")
