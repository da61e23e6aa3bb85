"""Everything that programs may read here, each with its standard: the open-data page and its tests go by this list."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Interface:
    """One kind of address. `shown` is how it is written; `sample` is one that can be opened as it stands, if any."""

    what: Promise
    shown: str
    standard: str
    source: str
    sample: Callable[[], str] | None = None


HSDS = "Open Referral HSDS 3.0"
HSDS_AT = "https://docs.openreferral.org/en/v3.0.0/"
SCHEMA_AT = "https://schema.org/"


def _hsds(what: Promise, name: str) -> Interface:
    return Interface(what, f"/api/hsds/{name.replace('-', '_')}", HSDS, HSDS_AT, lambda: reverse(f"api:hsds-{name}"))


INTERFACES = (
    _hsds(_("Opportunities"), "services"),
    _hsds(_("Partners"), "organizations"),
    _hsds(_("Places where things happen"), "locations"),
    Interface(
        _("Which opportunity is at which place"), "/api/hsds/service_at_locations", HSDS, HSDS_AT,
        lambda: reverse("api:hsds-services-at-locations"),
    ),
    _hsds(_("Vocabularies"), "taxonomies"),
    _hsds(_("Words of the vocabularies"), "taxonomy-terms"),
    Interface(
        _("Description of all these for programs"), "/api/hsds/openapi.json", "OpenAPI 3.1",
        "https://spec.openapis.org/oas/v3.1.0", lambda: reverse("api:hsds-openapi"),
    ),
    Interface(_("New opportunities as a feed"), "/catalogue/feed.atom", "Atom (RFC 4287)",
              "https://www.rfc-editor.org/rfc/rfc4287", lambda: reverse("catalogue:feed")),
    Interface(_("Opportunities on the map"), "/catalogue/points.geojson", "GeoJSON (RFC 7946)",
              "https://www.rfc-editor.org/rfc/rfc7946", lambda: reverse("catalogue:points")),
    Interface(_("Sessions of one opportunity"), "/catalogue/{id}/calendar.ics", "iCalendar (RFC 5545)",
              "https://www.rfc-editor.org/rfc/rfc5545"),
    Interface(_("Inside the page of each opportunity"), "/catalogue/{id}/", "schema.org (JSON-LD)", SCHEMA_AT),
)  # fmt: skip
