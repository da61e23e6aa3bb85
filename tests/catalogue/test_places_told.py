"""Free places of a sensitive kind are told as yes or no, on every page that tells of free places."""

import ast
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import City, build
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.catalogue.solve import of_sensitive_kind
from okat.city.learning import actions as learning

SOURCES = Path(__file__).resolve().parents[2] / "src" / "okat"
# The provider's own page, for whoever works there; and where nothing is shown.
UNSHOWN = {"city/catalogue/views/manage.py"}


@pytest.fixture
def city(db: None) -> City:
    return build()


def offer(city: City, *, sensitive: bool) -> Opportunity:
    source = {"text": "พ.ร.บ. ส่งเสริมและพัฒนาคุณภาพชีวิตคนพิการ", "ref": "ม.20", "verified": True}
    rule = {"is": "disability_card", "source": source} if sensitive else None
    row = OpportunityRow(
        provider=city.school.code, area=city.school.area.code, kind="occupation", title_th="ทอผ้าไหม", capacity=9361,
        rule=rule,
    )  # fmt: skip
    made = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    learning.set_first_come(opportunity=made, on=True, by=city.officer)
    Opportunity.objects.filter(pk=made.pk).update(seats_taken=9361 - 8347)
    return Opportunity.objects.get(pk=made.pk)


def pages(city: City, made: Opportunity) -> dict[str, str]:
    """Every page that a search and an offer lead to, for everybody, a resident and a worker."""
    person = city.person.pk
    addresses = {
        "search": reverse("catalogue:search"), "table": reverse("catalogue:csv"),
        "one": reverse("catalogue:open", args=[made.pk]), "own place": reverse("learning:place", args=[made.pk]),
        "place": f"{reverse('learning:place', args=[made.pk])}?person={person}",
        "refer": f"{reverse('cases:refer')}?person={person}&q=ทอผ้า",
        "fits": f"{reverse('catalogue:fits')}?person={person}",
        "first": "/", "reach": reverse("catalogue:reach"), "map": reverse("catalogue:points"), "today": "/today/",
    }  # fmt: skip
    found = {}
    for name, user in (("nobody", None), ("resident", city.resident), ("worker", city.worker)):
        client = Client()
        if user is not None:
            sign_in_fully(client, user)
        for page, address in addresses.items():
            answer = client.get(address, follow=True)
            assert answer.status_code in (200, 403, 404), address
            found[f"{page} for {name}"] = b"".join(answer).decode() if answer.streaming else answer.content.decode()
    return found


def tells(text: str) -> bool:
    return bool(re.search(r"(?<![\w-])(8,?347|1,?014)(?![\w-])", text))


def test_only_whether_there_is_a_place(city: City) -> None:
    made = offer(city, sensitive=True)
    assert of_sensitive_kind(made)
    assert [name for name, text in pages(city, made).items() if tells(text)] == []


def test_of_other_kinds_the_number_stands_there(city: City) -> None:
    """Otherwise the test above would find nothing to find."""
    made = offer(city, sensitive=False)
    told = {name for name, text in pages(city, made).items() if tells(text)}
    assert {
        "search for nobody",
        "table for nobody",
        "reach for nobody",
        "map for nobody",
        "first for nobody",
        "one for nobody",
        "own place for resident",
        "place for worker",
        "refer for worker",
    } <= told


def test_a_full_course_of_such_a_kind_tells_nobody_how_many_wait(city: City) -> None:
    made = offer(city, sensitive=True)
    Opportunity.objects.filter(pk=made.pk).update(seats_taken=9361)
    client = Client()
    sign_in_fully(client, city.resident)
    page = client.get(reverse("learning:place", args=[made.pk])).content.decode()
    assert "เต็มทุกที่แล้ว" in page
    assert not re.search(r"รออยู่ \d|\d+ คน", page)


def asks(path: Path) -> bool:
    names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(ast.parse(path.read_text("utf-8")))}
    return "places_left" not in names or "of_sensitive_kind" in names


def test_whoever_shows_free_places_asks_of_what_kind_they_are() -> None:
    wrong = [str(path.relative_to(SOURCES)) for path in SOURCES.glob("city/*/views/**/*.py") if not asks(path)]
    assert set(wrong) == UNSHOWN
    templates = [path for path in (SOURCES / "templates").rglob("*.html") if "places_left" in path.read_text("utf-8")]
    assert templates == []
