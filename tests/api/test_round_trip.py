"""What our own interface gives makes a package that we take in: a program can carry it from office to office."""

import json
from typing import Any

from django.test import Client
from tests.api.conftest import Offered
from tests.files.exchange.packages import package

from okat.city.catalogue.models import Opportunity
from okat.city.partners.models import Partner
from okat.city.people.actions import run_import, upload
from okat.city.people.queries.imports import check_batch

LISTS = {
    "phones": "phones", "schedules": "schedules", "cost_options": "cost_options", "funding": "funding",
    "required_documents": "required_documents", "service_areas": "service_areas", "attributes": "attributes",
}  # fmt: skip


def tables_of(services: list[dict[str, Any]], terms: list[dict[str, Any]], whole: list[dict[str, Any]]) -> Any:
    """Nested objects as flat tables, each row once, references by id."""
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in ("organizations", "services", "locations")}

    def keep(table: str, row: dict[str, Any]) -> None:
        flat = {name: value for name, value in row.items() if not isinstance(value, list | dict)}
        found.setdefault(table, {})[row["id"]] = flat

    for service in services:
        keep("services", service)
        keep("organizations", service["organization"])
        for name, table in LISTS.items():
            for row in service.get(name, []):
                keep(table, row)
        for here in service["service_at_locations"]:
            keep("service_at_location", here)
            keep("locations", here["location"])
            for address in here["location"].get("addresses", []):
                keep("addresses", address)
    for row in terms:
        keep("taxonomy_terms", row)
    for row in whole:
        keep("taxonomies", row)
    return {name: list(rows.values()) for name, rows in found.items()}


def test_from_the_interface_into_another_partners_catalogue(offered: Offered, client: Client) -> None:
    def listed(name: str) -> list[dict[str, Any]]:
        page = json.loads(client.get(f"/api/hsds/{name}", {"full": "true", "per_page": 100}).content)
        assert page["last_page"]
        return list(page["contents"])

    services = [one for one in listed("services") if one["status"] == "active"]
    data = package(tables_of(services, listed("taxonomy_terms"), listed("taxonomies")))
    to = Partner.objects.select_related("area").get(code="commerce")
    batch = upload(kind="opportunities", partner=to, filename="okat.zip", data=data, by=offered.city.system)
    assert check_batch(batch).errors == ()
    done = run_import(batch=batch, by=offered.city.system)
    assert (done.imported, done.known) == (len(services), 0)
    before = Opportunity.objects.get(pk=offered.weaving)
    after = Opportunity.objects.get(provider=to, row_key__startswith=f"hsds:{offered.weaving}@")
    for name in ("title_th", "title_en", "kind", "cost", "area_id", "need_codes", "starts_on", "slots"):
        assert getattr(after, name) == getattr(before, name), name
    assert (after.lat, after.lon) == (before.venue.lat, before.venue.lon) if before.venue else True
    assert [(s.start, s.end) for s in after.sessions.all()] == [(s.start, s.end) for s in before.sessions.all()]
    assert after.needs_papers  # said by the document that is asked for
    assert before.rule is not None
    assert after.rule is not None
    assert after.rule["years"] == before.rule["years"]
    assert {o.kind for o in Opportunity.objects.filter(provider=to)} == {
        one["attributes"][0]["taxonomy_term"]["code"] for one in services
    }
