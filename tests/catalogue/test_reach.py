"""Free places that one can reach and use: counted by place for everybody, shared out by area for the city team."""

import csv
import datetime as dt
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.catalogue.conftest import SmallCity, member, published, weaving
from tests.catalogue.test_fits import FOR_DEAF, pin
from tests.signing import sign_in_fully
from tests.weekly import next_monday

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import reach as read
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.rules.reach import AreaFigures, protected, reached
from okat.city.catalogue.solve import hushed
from okat.city.catalogue.solve.reach import figures
from okat.city.core import clock
from okat.city.core.models import WeeklyFigures
from okat.city.core.templatetags.okat import be
from okat.city.partners.models import Partner, Venue
from okat.city.partners.rules import Role
from okat.city.places.models import Area

HERE = (16.432, 102.835)


@pytest.fixture
def offers(city: SmallCity) -> SmallCity:
    venue = Venue.objects.create(
        partner=Partner.objects.get(code="nfe"), th="ศูนย์", en="Centre", area=Area.objects.get(code="400101"),
        lat=16.44, lon=102.84,
    )  # fmt: skip
    made = published(
        city,
        weaving(venue=venue.pk, capacity=20, access=FOR_DEAF),
        weaving(venue=venue.pk, capacity=5, title_th="ทำขนม"),
        weaving(area="400102", capacity=8, title_th="จักสาน", access=FOR_DEAF),
        weaving(area="4002", capacity=None, title_th="บริการ", kind="service"),
        weaving(area="400102", capacity=3, title_th="เต็ม"),
        weaving(capacity=9, title_th="ออนไลน์", online=True, access={}),
        weaving(capacity=9, title_th="หมดเขต", closes_on=dt.date(2020, 1, 1)),
    )
    Opportunity.objects.filter(pk=made[0].pk).update(seats_taken=4)
    Opportunity.objects.filter(title_th="เต็ม").update(seats_taken=3)
    return city


def at_places(look: Look) -> dict[str, tuple[int, int, int]]:
    return {place.th: (place.offers, place.seats, place.unlimited) for place in read.free(look, ()).places}


def test_free_places_are_counted_by_place_with_formats_as_a_hard_condition(offers: SmallCity) -> None:
    assert at_places(Look()) == {"ศูนย์": (2, 21, 0), "สำราญ": (1, 8, 0), "บ้านฝาง": (1, 0, 1)}
    assert (read.free(Look(), ()).online, read.free(Look(), ()).at_home) == (1, 9)
    assert at_places(Look(usable=("deaf",))) == {"ศูนย์": (1, 16, 0), "สำราญ": (1, 8, 0)}
    assert at_places(Look(usable=("blind",))) == {}


def test_time_on_the_way_bounds_and_orders(offers: SmallCity) -> None:
    places = read.free(Look(), ()).places
    assert [one.place.th for one in reached(places, HERE, None)] == ["ศูนย์", "สำราญ", "บ้านฝาง"]
    assert [one.minutes for one in reached(places, HERE, 30)] == [2, 20]  # 9.9 km at half a kilometre a minute
    assert [one.place.th for one in reached(places, HERE, 15)] == ["ศูนย์"]
    assert reached(places, None, 15)[0].place.th == "ศูนย์"  # without a point, the most places first


def test_the_page_answers_in_one_sentence_and_the_map_draws_the_same(offers: SmallCity, client: Client) -> None:
    asked = {"near": "400101", "minutes": "30", "usable": "deaf"}
    page = client.get(reverse("catalogue:reach"), asked)
    assert page.context["title"] == "ว่าง 24 ที่ ใน 2 แห่ง ภายใน 30 นาทีจากในเมือง"
    drawn = client.get(reverse("catalogue:points"), asked).json()["features"]
    assert [(f["properties"]["name"], f["properties"]["seats"]) for f in drawn] == [("ศูนย์", 16), ("สำราญ", 8)]
    there = client.get(drawn[0]["properties"]["url"]).content.decode()
    assert "ฝึกทอผ้าไหมมัดหมี่" in there
    assert "ทำขนม" not in there  # the place has it, but a deaf person cannot use it
    assert not client.session.keys()
    for odd in ({"near": "x"}, {"minutes": "cake"}, {"venue": "'; drop"}, {"near": "400101", "minutes": "0"}):
        assert client.get(reverse("catalogue:reach"), odd).status_code == 200


def test_statements_do_not_grow(city: SmallCity, client: Client) -> None:
    counts = []
    for size in (3, 60):
        published(city, *(weaving(key=f"{n}", title_th=f"หลักสูตร {n}") for n in range(size)))
        with CaptureQueriesContext(connection) as seen:
            read.free(Look(usable=("deaf",)), ())
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


@pytest.mark.django_db(transaction=True)
def test_what_is_hushed_is_looked_for_once_until_something_is_published(city: SmallCity) -> None:
    """Lists and maps of free places are public: they do not read every rule of the city each time."""
    source = {"text": "x", "ref": "x", "verified": False}
    rule = {"is": "disability_card", "source": source}
    one, _other = published(city, weaving(rule=rule), weaving(title_th="ทำขนม"))
    with CaptureQueriesContext(connection) as seen:
        assert [hushed(), hushed()] == [{one.pk}] * 2
    assert len([each for each in seen if "reserves" in each["sql"]]) == 1
    (more,) = published(city, weaving(rule=rule, title_th="จักสาน"))
    assert hushed() == {one.pk, more.pk}


def test_free_places_are_shared_among_those_who_look(offers: SmallCity) -> None:
    areas, people = read.by_code(), {"400101": 40, "400102": 9, "4002": 12}
    rows = {row.code: row for row in figures(read.free(Look(), ()).places, people, areas)}
    assert rows["400102"] == AreaFigures("400102", None, 8, None, None)  # nine people: held back
    assert rows["400101"].people == 40
    shared = rows["400101"].per_hundred
    assert shared is not None
    assert 0 < shared < 100 * 29 / 40  # others reach the same places
    assert figures([], {"400101": 40}, areas) == [AreaFigures("400101", 40, 0, 0.0, 40)]
    assert figures([], {}, areas) == []


@pytest.mark.parametrize(
    ("people", "without", "shown"),
    [(9, 0, (None, None, None)), (0, 0, (None, None, None)), (10, 0, (10, 50.0, 0)), (30, 9, (30, 50.0, None)),
     (30, 25, (30, 50.0, None)), (30, 12, (30, 50.0, 12)), (30, 30, (30, 50.0, 30))],
)  # fmt: skip
def test_small_groups_are_never_shown(
    people: int, without: int, shown: tuple[int | None, float | None, int | None]
) -> None:
    found = protected("x", people, 5, 0.5, without)
    assert (found.people, found.per_hundred, found.without) == shown


def test_the_city_team_sees_it_by_area_and_takes_it_as_a_table(offers: SmallCity, client: Client) -> None:
    for number in range(11):
        pin(offers, given=f"คน{number}", needs=("skill-work",))
    pin(offers, given="ไกล", needs=("skill-work",), area=Area.objects.get(code="400102"))
    url = reverse("catalogue:by-area")
    assert client.get(url).status_code == 302  # to signing in
    sign_in_fully(client, member("team", "kktt", Role.COORDINATOR))
    page = client.get(url, {"need": "occupation", "usable": "deaf"})  # the wider need counts the narrower one
    assert "ไม่ถึงสิบ" in page.content.decode()
    answer = client.get(url, {"need": "occupation", "usable": "deaf", "as": "csv"})
    rows = {row["area_code"]: row for row in csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))}
    assert (rows["400101"]["people"], rows["400101"]["free_places"]) == ("10", "16")
    assert (rows["400102"]["people"], rows["400102"]["free_places_per_100"]) == ("", "")
    assert rows["400101"]["people_counted_on"] == be(clock.today())
    assert "ไกล" not in answer.content.decode()
    pin(offers, given="อีกคน", needs=("skill-work",))
    next_monday()
    asked = {"need": "occupation", "usable": "deaf", "as": "csv"}
    assert client.get(url, asked).content == answer.content  # one more is told by no figure
    before = WeeklyFigures.objects.count()
    assert client.get(url, {"need": "no-such"}).status_code == 200
    assert WeeklyFigures.objects.count() == before  # what anybody may type makes no sheet
