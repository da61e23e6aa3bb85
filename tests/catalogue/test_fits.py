"""What fits one person: by the rules alone, ordered by the published formula, seen by those who may see them."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.catalogue.conftest import OLDER, SOURCE, SmallCity, published, weaving
from tests.signing import make_user, sign_in_fully

from okat.city.catalogue import actions
from okat.city.catalogue.models import Opportunity, Wish
from okat.city.catalogue.queries import wishes
from okat.city.catalogue.rules import CatalogueError
from okat.city.catalogue.rules.access import Usable, answered
from okat.city.catalogue.rules.ranking import Asker, Scale
from okat.city.catalogue.solve import match
from okat.city.catalogue.views.panel import panel
from okat.city.core import audit, registries
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people.actions import ConsentRow, PinRow, pin_person
from okat.city.people.models import Person
from okat.city.people.rules import Disability, How, Purpose
from okat.city.places.models import Area
from okat.thai.partial import PartialDate

CARD: dict[str, Any] = {"is": "disability_card", "source": SOURCE}
DEAF: dict[str, Any] = {"has_any": "disability_types", "values": ["hearing"], "source": SOURCE}
FOR_DEAF = answered("session:sign-language", "support:text-help", "material:captions")
YOUNG: dict[str, Any] = {"age": "birth_date", "op": "<=", "years": 24, "source": SOURCE}


def pin(city: SmallCity, *, sensitive: bool = True, **values: Any) -> Person:
    partner = Partner.objects.get(code="nfe")
    consents = (ConsentRow(Purpose.CARE, partner, How.SIGNATURE, sensitive=sensitive),)
    row = {"given": "สมหญิง", "family": "ใจดี", "sex": "f", "birth": PartialDate(1950, 5, 17), "consents": consents}
    area = Area.objects.get(code="400101")
    return pin_person(row=PinRow(**{"area": area, **row, **values}), partner=partner, by=city.officer)


@pytest.fixture
def shelf(city: SmallCity) -> dict[str, Opportunity]:
    rows = published(
        city,
        weaving(title_th="ทุกคน", needs=("job",), rule=None),
        weaving(title_th="ผู้สูงอายุ", rule=OLDER, area="4002"),
        weaving(title_th="มีบัตร", rule={"all": [OLDER, CARD]}),
        weaving(title_th="เยาวชน", rule=YOUNG),
        weaving(title_th="เต็มแล้ว", rule=None),
        weaving(title_th="ปิดแล้ว", rule=None, closes_on=dt.date(2020, 1, 1)),
    )
    found = {o.title_th: o for o in rows}
    Opportunity.objects.filter(pk=found["เต็มแล้ว"].pk).update(seats_taken=20)
    return found


def titles(some: list[match.Match]) -> list[str]:
    named = dict(Opportunity.objects.values_list("pk", "title_th"))
    return [named[one.id] for one in some]


def test_fits_nearly_fits_and_does_not(city: SmallCity, shelf: dict[str, Opportunity]) -> None:
    found = match.fits(pin(city), city.officer)
    assert titles(found.fits) == ["ทุกคน", "ผู้สูงอายุ", "เต็มแล้ว"]  # near before far, what is full last
    assert titles(found.nearly) == ["มีบัตร"]
    assert titles(found.no) == ["เยาวชน"]
    asked = match.why(found.nearly[0].digest, found)
    assert [one.name for one in asked.ask] == ["disability_card"]
    refused = match.why(found.no[0].digest, found)
    assert [law.ref for law in refused.laws] == ["ประกาศรับสมัคร"]
    assert [(one.question.name, one.count) for one in match.best_questions(found)] == [("disability_card", 1)]


def test_needs_come_before_distance(city: SmallCity, shelf: dict[str, Opportunity]) -> None:
    person = pin(city, needs=("job",))
    found = match.fits(person, city.officer)
    assert titles(found.fits)[0] == "ทุกคน"
    assert found.fits[0].points.needs == 40
    assert found.fits[1].points.needs == 0


def test_a_persons_page_leads_to_what_fits(city: SmallCity) -> None:
    person = pin(city)
    step, waits = panel(city.officer, person).steps
    assert step.url.endswith(f"{person.pk}/")
    assert waits.url.endswith(f"?person={person.pk}")


def test_without_explicit_consent_no_answer_gives_a_disability_away(city: SmallCity) -> None:
    published(city, weaving(title_th="หูหนวก", rule=DEAF, access=FOR_DEAF))
    hidden = pin(city, sensitive=False)
    Person.objects.filter(pk=hidden.pk).update(
        care_sealed=hidden.key.seal({"disabilities": [["hearing", "2555"]], "card": True})  # type: ignore[union-attr]
    )
    hidden.refresh_from_db()
    assert titles(match.fits(hidden, city.officer).nearly) == ["หูหนวก"]
    told = pin(city, given="สมศรี", disabilities=(Disability("hearing", "2555"),))
    assert titles(match.fits(told, city.officer).fits) == ["หูหนวก"]


def test_statements_do_not_grow_and_rules_are_parsed_once(city: SmallCity) -> None:
    person, counts = pin(city), []
    for size in (5, 120):
        rules = [{**OLDER, "years": 20 + n % 60} for n in range(size)]
        published(city, *(weaving(title_th=f"หลักสูตร {n}", key=f"{n}", rule=rule) for n, rule in enumerate(rules)))
        match.fits(person, city.officer)
        with CaptureQueriesContext(connection) as seen:
            match.fits(person, city.officer)
        counts.append(len(seen))
        assert not any("distinct on" in query["sql"].lower() for query in seen)
    assert counts[0] == counts[1]


def test_a_worker_sees_the_page_and_the_look_is_noted(
    city: SmallCity, client: Client, shelf: dict[str, Opportunity]
) -> None:
    person = pin(city)
    sign_in_fully(client, city.officer)
    gone = client.get(reverse("catalogue:fits"), {"person": str(person.pk)})
    assert gone.headers["Location"] == reverse("catalogue:fits-of", args=[person.pk])
    page = client.get(gone.headers["Location"])
    assert [line.opportunity.title_th for line in page.context["lines"]] == ["ทุกคน", "ผู้สูงอายุ", "เต็มแล้ว"]
    assert next(entry.reason_code for entry in audit.about(person)) == "match"
    for show, title in (("nearly", "มีบัตร"), ("no", "เยาวชน")):
        assert title in client.get(f"{gone.headers['Location']}?show={show}").content.decode()
    assert client.get(f"{gone.headers['Location']}?show=cake&for=cake&page=x").status_code == 200


def test_a_stranger_finds_nobody(city: SmallCity, client: Client, shelf: dict[str, Opportunity]) -> None:
    person = pin(city)
    sign_in_fully(client, city.other)
    assert client.get(reverse("catalogue:fits-of", args=[person.pk])).status_code == 404
    wish = {"opportunity": str(shelf["ทุกคน"].pk), "do": "add"}
    assert client.post(reverse("catalogue:wish-of", args=[person.pk]), wish).status_code == 404
    assert Client().get(reverse("catalogue:fits-of", args=[person.pk])).status_code == 302  # to signing in
    assert client.get(reverse("catalogue:fits"), {"person": "x' or 1=1"}).status_code == 404
    assert not Wish.objects.exists()


def order(person: Person) -> list[str]:
    return [o.title_th for o in wishes(person)]


def test_wishes_are_ordered_without_javascript(city: SmallCity, client: Client, shelf: dict[str, Opportunity]) -> None:
    person = pin(city)
    sign_in_fully(client, city.officer)
    url = reverse("catalogue:wish-of", args=[person.pk])

    def press(do: str, title: str, once: str = "") -> None:
        client.post(url, {"do": do, "opportunity": str(shelf[title].pk), "once": once or str(new_id())})

    for title in ("ทุกคน", "ผู้สูงอายุ", "มีบัตร", "ทุกคน"):
        press("add", title)
    assert order(person) == ["ทุกคน", "ผู้สูงอายุ", "มีบัตร"]
    press("up", "มีบัตร")
    press("up", "ทุกคน")  # at the top already
    press("down", "ทุกคน")
    assert order(person) == ["มีบัตร", "ทุกคน", "ผู้สูงอายุ"]
    token = str(new_id())
    press("up", "ผู้สูงอายุ", token)
    press("up", "ผู้สูงอายุ", token)  # the same form twice
    assert order(person) == ["มีบัตร", "ผู้สูงอายุ", "ทุกคน"]
    press("drop", "ผู้สูงอายุ")
    assert order(person) == ["มีบัตร", "ทุกคน"]
    assert client.post(url, {"do": "cake", "opportunity": str(shelf["ทุกคน"].pk)}).status_code == 404


def test_a_wish_needs_something_open(city: SmallCity, shelf: dict[str, Opportunity]) -> None:
    person = pin(city)
    ended = actions.close(opportunity=shelf["ทุกคน"], reason="เต็ม", by=city.officer, version=1)
    with pytest.raises(CatalogueError):
        actions.add_wish(person=person, opportunity=ended, by=city.officer)


def test_the_resident_orders_the_own_list(city: SmallCity, client: Client, shelf: dict[str, Opportunity]) -> None:
    person, resident = pin(city), make_user("resident", name="ชาวบ้าน")
    client.force_login(resident, backend="okat.city.partners.queries.Accounts")
    assert client.get(reverse("catalogue:fits-mine")).headers["Location"] == reverse("catalogue:fits")
    assert client.post(reverse("catalogue:wish-mine"), {"do": "add"}).status_code == 404
    Person.objects.filter(pk=person.pk).update(user=resident)
    assert client.get(reverse("catalogue:fits")).headers["Location"] == reverse("catalogue:fits-mine")
    client.post(reverse("catalogue:wish-mine"), {"do": "add", "opportunity": str(shelf["ผู้สูงอายุ"].pk)})
    page = client.get(reverse("catalogue:fits-mine")).content.decode()
    assert "cases/refer" not in page
    assert order(person) == ["ผู้สูงอายุ"]


def test_a_visitor_answers_and_nothing_is_kept(client: Client, shelf: dict[str, Opportunity]) -> None:
    said = {"birth_date": "2493", "where": "400101", "needs": ["job"], "situations": ["renter"]}
    page = client.post(reverse("catalogue:fits"), said)
    assert [(name, number) for name, number, _lines in page.context["parts"]] == [("fits", 3), ("nearly", 1)]
    assert "no-store" in page.headers["Cache-Control"]
    assert [one.question.name for one in page.context["asked"]] == ["disability_card"]
    assert "disability_card" in page.context["form"].fields
    again = client.post(reverse("catalogue:fits"), {**said, "more": ["disability_card"], "disability_card": "yes"})
    assert [number for _name, number, _lines in again.context["parts"]] == [4, 0]
    assert again.context["form"]["birth_date"].value() == "2493"
    assert not Person.objects.exists()
    assert not client.session.keys()


@pytest.mark.parametrize(
    "said",
    [
        {"birth_date": "วันไหนก็ไม่รู้"}, {"income_month": "-"}, {"income_month": "9" * 50}, {"sex": "cake"},
        {"where": "999"}, {"more": ["__class__", "home", "disability_card"]}, {"disability_types": ["none!"]}, {},
    ],
)  # fmt: skip
def test_odd_answers_break_nothing(city: SmallCity, client: Client, said: dict[str, Any]) -> None:
    assert client.post(reverse("catalogue:fits"), {"once": "x", **said}).status_code == 200


def test_another_apps_rows_follow_a_merge_an_export_and_an_erasure(
    city: SmallCity, shelf: dict[str, Opportunity]
) -> None:
    gone, keep = pin(city), pin(city, given="สมศรี")
    for person, title in ((gone, "ทุกคน"), (gone, "ผู้สูงอายุ"), (keep, "ทุกคน")):
        actions.add_wish(person=person, opportunity=shelf[title], by=city.officer)
    moved = registries.MERGE["catalogue"].move(gone.pk, keep.pk)
    assert sorted(order(keep)) == ["ทุกคน", "ผู้สูงอายุ"]
    registries.MERGE["catalogue"].back(gone.pk, keep.pk, moved)
    assert order(keep) == ["ทุกคน"]
    assert [w["opportunity"] for w in registries.EXPORT["catalogue"](gone.pk)["wishes"]] == ["ทุกคน", "ผู้สูงอายุ"]
    assert registries.ERASE["catalogue"](gone.pk) == 2
    assert order(gone) == []


TOKENS = st.frozensets(st.sampled_from(["session:onsite", "session:online", "venue:wheelchair", "material:braille"]))


@given(
    st.builds(
        Asker,
        needs=st.frozensets(st.sampled_from(["job", "capital"])),
        lat=st.sampled_from([None, 16.4]),
        lon=st.just(102.8),
        demand=st.lists(TOKENS.filter(bool), max_size=2).map(tuple),
        slots=st.frozensets(st.sampled_from(["weekend", "weekday_day"])),
    ),
    TOKENS,
    TOKENS,
    st.booleans(),
    st.floats(-90, 90),
)
def test_points_stay_within_their_bounds(
    asker: Asker, usable: frozenset[str], barred: frozenset[str], online: bool, lat: float
) -> None:
    scale = Scale(asker, {})
    use = scale.use(sorted(usable), sorted(barred - usable))
    found = scale.points(("job",), use, ("weekend",), lat, 102.8, online=online)
    for part, most in ((found.needs, 40), (found.way, 30), (found.access, 20), (found.times, 10)):
        assert 0 <= part <= most
    assert (found.access == 20) == (use.usable is Usable.YES)
    assert found == scale.points(("job",), use, ("weekend",), lat, 102.8, online=online)
    nearer = scale.points(("job",), use, ("weekend",), 16.4, 102.8, online=online)
    assert nearer.total >= found.total


def test_who_needs_the_wider_is_helped_by_the_narrower() -> None:
    scale = Scale(Asker(needs=frozenset({"education"})), {"literacy": frozenset({"literacy", "education"})})
    assert scale.points(("literacy",), scale.use((), ()), (), None, None, online=False).needs == 40
    assert scale.points(("job",), scale.use((), ()), (), None, None, online=False).needs == 0
