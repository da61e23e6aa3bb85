"""The HSDS API as a stranger's program meets it; each object is judged by the schemas that Open Referral publishes."""

import datetime as dt
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.api.conftest import SECRET, Offered
from tests.api.hsds_schemas import faults
from tests.catalogue.conftest import weaving

from okat.city.api.ids import coded, inner, outer, twin
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Kind

ENTITY = {
    "services": "service", "organizations": "organization", "locations": "location",
    "service_at_locations": "service_at_location", "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
}  # fmt: skip
PAGE = {"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"}


def get(client: Client, path: str, status: int = 200, **query: object) -> Any:
    answer = client.get(f"/api/hsds/{path}", query)
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.json()


def ids(page: dict[str, Any]) -> set[str]:
    return {one["id"] for one in page["contents"]}


def test_every_object_is_valid_hsds(offered: Offered, client: Client) -> None:
    for name, entity in ENTITY.items():
        for full in ("true", "false"):
            page = get(client, name, per_page=100, full=full)
            assert page.keys() == PAGE
            assert page["size"] == page["total_items"] == len(page["contents"]) > 0
            assert [fault for one in page["contents"] for fault in faults(entity, one)] == []
        for one in page["contents"]:
            alone = get(client, f"{name}/{one['id']}")
            assert faults(entity, alone) == []
            assert alone["id"] == one["id"]


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("service", {"id": "1", "name": "ก", "status": "active"}),
        ("service", {"id": str(uuid4()), "name": "ก", "status": "open"}),
        ("service", {"id": str(uuid4()), "name": "ก", "status": "active", "phones": [{"id": str(uuid4())}]}),
        ("service", {"id": str(uuid4()), "name": "ก", "status": "active", "last_modified": "2026-12-07"}),
        ("service", {"id": str(uuid4()), "name": "ก", "status": "active", "url": "หน้าแรก"}),
        ("location", {"id": str(uuid4())}),
    ],
)
def test_the_schemas_find_a_planted_fault(entity: str, value: dict[str, Any]) -> None:
    assert len(faults(entity, value)) == 1


def test_a_service_says_all_that_its_page_says(offered: Offered, client: Client) -> None:
    found = get(client, f"services/{offered.weaving}")
    assert (found["name"], found["alternate_name"]) == ("ฝึกทอผ้าไหมมัดหมี่", "Ikat silk weaving")
    assert (found["status"], found["minimum_age"]) == ("active", 60)
    assert "อายุ 60 ปีขึ้นไป" in found["eligibility_description"]
    assert found["url"].endswith(f"/catalogue/{offered.weaving}/")
    assert client.get(found["url"].partition("8000")[2] or f"/catalogue/{offered.weaving}/").status_code == 200
    assert [(s["dtstart"], s["opens_at"], s["closes_at"]) for s in found["schedules"]] == [
        ("2026-12-07", "09:00", "15:00"), ("2026-12-08", "09:00", "15:00"),
    ]  # fmt: skip
    assert found["cost_options"][0]["amount"] == 150
    assert [d["document"] for d in found["required_documents"]] == ["สำเนาบัตรประชาชน"]
    assert {"kind", "need", "format"} == {a["taxonomy_term"]["taxonomy"] for a in found["attributes"]}
    (here,) = found["service_at_locations"]
    assert here["location"]["name"] == "ศูนย์ฝึกอาชีพ"
    assert here["location"]["addresses"][0]["postal_code"] == "40000"
    assert [a["details"] for a in here["location"]["accessibility"]] == ["wheelchair=yes", "guide=ask"]
    assert [s["byday"] for s in here["location"]["schedules"]] == ["MO", "MO"]


def test_every_identifier_leads_back(offered: Offered, client: Client) -> None:
    found = get(client, f"services/{offered.weaving}")
    get(client, f"organizations/{found['organization_id']}")
    here = found["service_at_locations"][0]
    assert get(client, f"service_at_locations/{here['id']}")["service"]["id"] == found["id"]
    get(client, f"locations/{here['location_id']}")
    for each in found["attributes"]:
        term = get(client, f"taxonomy_terms/{each['taxonomy_term_id']}")
        get(client, f"taxonomies/{term['taxonomy_id']}")
    own = get(client, f"services/{offered.closed}")["service_at_locations"][0]["location"]
    assert get(client, f"locations/{own['id']}") == own


def test_nothing_about_persons_and_no_drafts(offered: Offered, client: Client) -> None:
    assert Opportunity.objects.get(pk=offered.weaving).contact == SECRET[0]
    for name in ENTITY:
        text = client.get(f"/api/hsds/{name}", {"per_page": 100, "full": "true"}).content.decode()
        for each in (*SECRET, "ร่างลับ"):
            assert each not in text
    get(client, f"services/{offered.drafts[0]}", status=404)
    get(client, f"service_at_locations/{twin('service_at_location', offered.drafts[0])}", status=404)
    get(client, f"locations/{twin('location', offered.drafts[0])}", status=404)


def test_what_ended_says_so(offered: Offered, client: Client) -> None:
    found = get(client, f"services/{offered.closed}")
    assert (found["status"], found["alert"]) == ("inactive", "เต็มแล้ว")


def test_all_conditions_hold_together(offered: Offered, client: Client) -> None:
    nfe = get(client, f"services/{offered.weaving}")["organization_id"]
    kind, sign = coded("kind", "occupation"), "sign-language"
    term = next(t["id"] for t in get(client, "taxonomy_terms", search=sign)["contents"] if t["code"] == sign)
    every = get(client, "services", per_page=100)["total_items"]
    weavers = get(client, "services", search="มัดหมี่", per_page=100)
    assert str(offered.weaving) in ids(weavers)
    assert 0 < weavers["total_items"] < every
    assert ids(get(client, "services", taxonomy_term_id=term)) == {str(offered.weaving)}
    both = get(
        client,
        "services",
        taxonomy_term_id=kind,
        search="มัดหมี่",
        organization_id=nfe,
        taxonomy_id=coded("taxonomy", "need"),
    )
    assert str(offered.weaving) in ids(both)
    assert get(client, "services", taxonomy_term_id=term, search="ไกลออกไป")["empty"]
    assert get(client, "services", organization_id=uuid4())["empty"]
    assert get(client, "services", taxonomy_term_id=uuid4())["empty"]
    assert get(client, "services", taxonomy_id=uuid4())["empty"]


def test_modified_after_gives_what_changed(offered: Offered, client: Client) -> None:
    first = Opportunity.objects.get(pk=offered.weaving)
    Opportunity.objects.exclude(pk=first.pk).update(updated_at=first.updated_at - dt.timedelta(days=1))
    asked = (first.updated_at - dt.timedelta(hours=1)).isoformat()
    assert ids(get(client, "services", modified_after=asked)) == {str(first.pk)}
    assert ids(get(client, "services", modified_after=asked, minimal="true")) == {str(first.pk)}
    (row,) = get(client, "services", modified_after=asked, minimal="true")["contents"]
    assert row.keys() == {"id", "last_modified"}
    stamp = dt.datetime.fromisoformat(row["last_modified"])
    assert ids(get(client, "services", modified_after=row["last_modified"])) == {str(first.pk)}
    strange = [get(client, "services", modified_after=f"1881-09-23T05:15:39{zone}") for zone in ("+22:43", "", "Z")]
    assert {page["total_items"] for page in strange} == {Opportunity.objects.public().count()}
    assert get(client, "services", modified_after=(stamp + dt.timedelta(seconds=1)).isoformat())["empty"]


def test_a_postcode_and_a_distance(offered: Offered, client: Client) -> None:
    """40270 is Ban Fang, some 20 km west of the city (40000)."""
    near = ids(get(client, "service_at_locations", postcode="40000", proximity=15000, per_page=100))
    assert str(twin("service_at_location", offered.weaving)) in near
    wide = get(client, "services", postcode="40000", proximity=60000, per_page=100)
    inside = get(client, "services", postcode="40000", per_page=100)
    far = [s["name"] for s in wide["contents"] if s["id"] not in ids(inside)]
    assert far == ["ไกลออกไป"]
    assert str(offered.weaving) in ids(inside)
    assert ids(get(client, "locations", postcode="40000", proximity=15000)) == {str(outer("venue", offered.venue.pk))}
    assert get(client, "locations", postcode="40270")["empty"]
    assert get(client, "services", postcode="99999")["empty"]
    assert get(client, "services", postcode="99999", proximity=1000)["empty"]


def test_pages_join_to_the_whole(offered: Offered, client: Client) -> None:
    whole = get(client, "services", per_page=100)
    pages = [get(client, "services", per_page=7, page=n) for n in range(1, -(-whole["total_items"] // 7) + 1)]
    assert [one["id"] for page in pages for one in page["contents"]] == [one["id"] for one in whole["contents"]]
    assert [page["first_page"] for page in pages] == [True] + [False] * (len(pages) - 1)
    assert [page["last_page"] for page in pages] == [False] * (len(pages) - 1) + [True]
    beyond = get(client, "services", per_page=7, page=999)
    assert (beyond["empty"], beyond["size"], beyond["last_page"]) == (True, 0, True)
    lines = b"".join(client.get("/api/hsds/services", {"format": "ndjson"}).streaming_content)  # type: ignore[attr-defined]
    assert [json.loads(line) for line in lines.splitlines()] == whole["contents"]


UNREADABLE = (
    "page=0", "page=-1", "page=๓", "page=1e3", "per_page=101", "per_page=", "full=1", "minimal=ja", "format=xml",
    "modified_after=yesterday", "modified_after=", "taxonomy_id=need", "organization_id=%00", "postcode=4000",
    "postcode=4000๐", "proximity=500", "postcode=40000&proximity=-5", "postcode=40000&proximity=nan",
    f"search={'ก' * 201}",
)  # fmt: skip


def test_what_cannot_be_read_is_refused_in_words(client: Client, db: None) -> None:
    for query in UNREADABLE:
        answer = client.get(f"/api/hsds/services?{query}")
        assert answer.status_code == 400, query
        error = answer.json()["error"]
        assert error["parameter"] in query
        assert error["th"]
        assert error["en"]


def test_strange_words_find_nothing_and_break_nothing(offered: Offered, client: Client) -> None:
    assert client.get("/api/hsds/services", {"search": "\x00"}).status_code == 400  # as everywhere: nothing keeps it
    for text in ("\x01", "'; drop table", "& | !", "%", "\\", "🧵", " "):
        get(client, "services", search=text)
        get(client, "organizations", search=text)
        get(client, "taxonomy_terms", search=text)


def test_the_same_number_of_statements_for_5_and_80(offered: Offered, client: Client) -> None:
    publish_many(rows=[weaving(title_th=f"ทอ {n}", key=f"n{n}") for n in range(80)], by=offered.city.system)
    get(client, "services", full="true")
    counts = []
    for size in (5, 80):
        with CaptureQueriesContext(connection) as seen:
            get(client, "services", per_page=size, full="true")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8, counts


def test_only_reading(offered: Offered, client: Client) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)("/api/hsds/services").status_code == 405


def test_what_speaks_here(client: Client, db: None) -> None:
    found = get(client, "")
    assert found.keys() == {"version", "profile", "openapi_url"}
    assert found["version"] == "3.0"
    assert get(client, "openapi.json")["openapi"] == "3.1.0"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**62 - 1), st.uuids())
def test_identifiers_turn_back(number: int, some: UUID) -> None:
    made = outer("venue", number)
    assert (made.version, made.variant) == (8, "specified in RFC 4122")
    assert inner("venue", made) == number
    assert inner("partner", made) is None
    assert twin("location", twin("location", some)) == some != twin("location", some)


def test_every_kind_has_a_term(offered: Offered, client: Client) -> None:
    found = get(client, "taxonomy_terms", taxonomy_id=coded("taxonomy", "kind"), per_page=100)
    assert {one["code"] for one in found["contents"]} == {kind.value for kind in Kind}
    assert all(one["name"] != one["code"] for one in found["contents"])
