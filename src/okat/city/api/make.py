"""Our rows as HSDS 3.0 objects (https://docs.openreferral.org, schema reference). Nothing about persons is read.

A service is an opportunity, an organization a partner, a location a venue or the one place of a service. Thai stands
in `name`, English in `alternate_name`. The contact of an opportunity may be a person's own, so the office's is given.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from okat.city.api import shapes
from okat.city.api.ids import coded, outer, twin
from okat.city.api.shapes import made
from okat.city.catalogue import solve
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules import KIND_LABELS, Kind, Status
from okat.city.partners import queries as partners
from okat.city.partners.models import Partner, Venue
from okat.city.places import queries as places
from okat.city.places.models import Area
from okat.city.taxonomy import queries as taxonomy
from okat.city.taxonomy.models import Term
from okat.city.taxonomy.rules import Stage
from okat.thai.areas import postcode_of

BANGKOK = 7.0  # hours ahead of UTC
STATUS = {Status.PUBLISHED: "active", Status.CLOSED: "inactive", Status.CANCELLED: "defunct"}
VOCABULARIES = {"need": "ความต้องการที่ตอบ", "format": "รูปแบบและการเข้าถึง", "kind": "ประเภทของโอกาส"}
ANSWERS = {"yes": "มี", "no": "ไม่มี", "not_needed": "ไม่จำเป็น", "ask": "สอบถามก่อน"}
WEEK = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}


def service(o: Opportunity, *, full: bool) -> dict[str, Any]:
    """`full`: with everything that hangs on it; else with its organization alone."""
    more = _hanging(o) if full else {}
    provider = partners.known()[o.provider_id]
    return made(
        shapes.Service, id=str(o.pk), organization_id=str(outer("partner", o.provider_id)), name=o.title_th,
        alternate_name=o.title_en, description=o.about_th or o.summary_th or o.title_th, url=site(_page(o)),
        status=STATUS[Status(o.status)], application_process=_window(o), fees_description=_cost(o),
        eligibility_description=solve.sentence(o.rule, "th") if o.rule else "ทุกคนสมัครได้",
        minimum_age=_least_age(o.rule), alert=o.end_reason, last_modified=_stamp(o),
        organization=organization(provider), **more,
    )  # fmt: skip


def minimal(o: Opportunity) -> dict[str, Any]:
    return made(shapes.ServiceInList, id=str(o.pk), last_modified=_stamp(o))


def service_at_location(o: Opportunity) -> dict[str, Any]:
    """As it hangs on a service."""
    where = location_of(o)
    here = str(twin("service_at_location", o.pk))
    return made(shapes.ServiceAtLocation, id=here, service_id=str(o.pk), location_id=where["id"], location=where)


def service_here(o: Opportunity, *, full: bool) -> dict[str, Any]:
    """As it stands by itself, its service beside it."""
    return made(shapes.ServiceHere, **service_at_location(o), service=service(o, full=full))


def organization(partner: Partner, venues: list[Venue] | None = None) -> dict[str, Any]:
    own = str(outer("partner", partner.pk))
    phones = [made(shapes.Phone, id=str(outer("partner-phone", partner.pk)), number=partner.phone)]
    return made(
        shapes.Organization, id=own, name=partner.th, alternate_name=partner.en,
        description=partner.about_th or partner.th, email=partner.email, website=partner.website,
        phones=phones if partner.phone else [], locations=[location(venue) for venue in venues or []],
    )  # fmt: skip


def location(venue: Venue) -> dict[str, Any]:
    own = str(outer("venue", venue.pk))
    return made(
        shapes.Location, id=own, location_type="physical", organization_id=str(outer("partner", venue.partner_id)),
        name=venue.th, alternate_name=venue.en, latitude=venue.lat, longitude=venue.lon,
        addresses=[_address(outer("venue-address", venue.pk), own, venue.area_id, venue.address)],
        accessibility=list(_accessibility(venue, own)), schedules=list(_opening(venue, own)),
        phones=[made(shapes.Phone, id=str(outer("venue-phone", venue.pk)), number=venue.phone)] if venue.phone else [],
    )  # fmt: skip


def location_of(o: Opportunity) -> dict[str, Any]:
    """The venue of an opportunity, or the place that it has for itself."""
    if o.venue is not None:
        return location(o.venue)
    own, area = twin("location", o.pk), places.known()[o.area_id]
    return made(
        shapes.Location, id=str(own), location_type="virtual" if o.online else "physical",
        organization_id=str(outer("partner", o.provider_id)), name=o.place_note or area.th, latitude=o.lat,
        longitude=o.lon, addresses=[_address(twin("address", o.pk), str(own), o.area_id, o.place_note)],
    )  # fmt: skip


def vocabulary(name: str) -> dict[str, Any]:
    return made(shapes.Taxonomy, id=str(coded("taxonomy", name)), name=name, description=VOCABULARIES[name])


def term(word: Term) -> dict[str, Any]:
    return made(
        shapes.TaxonomyTerm, id=str(outer("term", word.pk)), code=word.code, name=word.th,
        description=word.note_th or word.en, parent_id=str(outer("term", word.parent_id)) if word.parent_id else None,
        taxonomy=word.vocabulary, taxonomy_id=str(coded("taxonomy", word.vocabulary)), language="th",
    )  # fmt: skip


def kind(value: Kind) -> dict[str, Any]:
    """A kind of opportunity as a term: these are ours and not the city's."""
    return made(
        shapes.TaxonomyTerm, id=str(coded("kind", value)), code=value.value, name=str(KIND_LABELS[value]),
        description=value.value, taxonomy="kind", taxonomy_id=str(coded("taxonomy", "kind")), language="th",
    )  # fmt: skip


def site(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def _hanging(o: Opportunity) -> dict[str, Any]:
    own = str(o.pk)
    area = places.known()[o.area_id]
    return {
        "phones": organization(partners.known()[o.provider_id]).get("phones", []),
        "schedules": list(_schedules(o)),
        "service_areas": [made(shapes.ServiceArea, id=str(twin("area", o.pk)), service_id=own, name=_called(area))],
        "service_at_locations": [service_at_location(o)],
        "funding": [made(shapes.Funding, id=str(twin("funding", o.pk)), service_id=own, source=o.funder.th)]
        if o.funder
        else [],
        "cost_options": [
            made(
                shapes.CostOption,
                id=str(twin("cost", o.pk)),
                service_id=own,
                option="ค่าใช้จ่ายของผู้เข้าร่วม",
                currency="THB",
                amount=float(o.cost),
            )
        ],
        "required_documents": [
            made(shapes.RequiredDocument, id=str(twin(f"document {n}", o.pk)), service_id=own, document=each["th"])
            for n, each in enumerate(o.documents)
        ],
        "attributes": list(_attributes(o)),
    }


def _attributes(o: Opportunity) -> Iterator[dict[str, Any]]:
    known = taxonomy.words()
    said = _said(o)
    words = [*known.called("need", o.need_codes), *known.called("format", said)]
    for each in (kind(Kind(o.kind)), *map(term, words)):
        answers = said.get(each["code"]) if each["taxonomy"] == "format" else None
        yield made(
            shapes.Attribute, id=str(twin(f"attribute {each['id']}", o.pk)), link_id=str(o.pk), link_entity="service",
            taxonomy_term_id=each["id"], taxonomy_term=each, value=answers,
        )  # fmt: skip


def _said(o: Opportunity) -> dict[str, str]:
    """What is answered of each format, at the stages where it counts: `session=yes;support=ask`. The venue's own
    answers stand with the location."""
    found: dict[str, str] = {}
    for stage, answers in o.access.items():
        for code, answer in answers.items():
            found[code] = ";".join(filter(None, (found.get(code), f"{stage}={answer}")))
    return found


def _schedules(o: Opportunity) -> Iterator[dict[str, Any]]:
    """Its meetings that take place; without any, its days from start to end."""
    meetings: list[Any] = list(o.sessions.all())  # with off_at: catalogue.queries.sessions
    yield from (_meeting(each) for each in meetings if each.off_at is None)
    if not meetings and o.starts_on:
        first, last = o.starts_on.isoformat(), (o.ends_on or o.starts_on).isoformat()
        yield made(
            shapes.Schedule, id=str(twin("schedule", o.pk)), service_id=str(o.pk), valid_from=first, valid_to=last,
            dtstart=first, timezone=BANGKOK,
        )  # fmt: skip


def _meeting(each: Session) -> dict[str, Any]:
    start, end = timezone.localtime(each.start), timezone.localtime(each.end)
    first, last = timezone.localdate(each.start).isoformat(), timezone.localdate(each.end).isoformat()
    where = str(outer("venue", each.venue_id)) if each.venue_id else None
    return made(
        shapes.Schedule, id=str(outer("session", each.pk)), service_id=str(each.opportunity_id), location_id=where,
        valid_from=first, valid_to=last, dtstart=first,
        timezone=BANGKOK, count=1, opens_at=f"{start:%H:%M}", closes_at=f"{end:%H:%M}", description=each.note,
    )  # fmt: skip


def _opening(venue: Venue, own: str) -> Iterator[dict[str, Any]]:
    for place, day in enumerate(WEEK):
        for turn, (opens, closes) in enumerate(venue.opening.get(day, [])):
            yield made(
                shapes.Schedule, id=str(outer("opening", venue.pk * 1000 + place * 100 + turn)), location_id=own,
                timezone=BANGKOK, freq="WEEKLY", interval=1, byday=WEEK[day], opens_at=opens, closes_at=closes,
            )  # fmt: skip


def _accessibility(venue: Venue, own: str) -> Iterator[dict[str, Any]]:
    for format_ in taxonomy.words().at(Stage.VENUE):
        answer = venue.accessibility.get(format_.code)
        if answer in ANSWERS:
            yield made(
                shapes.Accessibility, id=str(outer("feature", venue.pk * 100_000 + format_.pk)), location_id=own,
                description=f"{format_.th}: {ANSWERS[answer]}", details=f"{format_.code}={answer}",
            )  # fmt: skip


def _address(own: UUID, where: str, area_id: int, line: str) -> dict[str, Any]:
    """HSDS requires a street line and a city; a village has neither, so the sub-district and district stand there."""
    area = places.known()[area_id]
    chain = [area, *_parents(area)]
    district = next((one.th for one in chain if one.level == "district"), area.th)
    return made(
        shapes.Address, id=str(own), location_id=where, address_1=line or area.th, city=district, region=area.th,
        state_province=chain[-1].th, postal_code=postcode_of(area.code), country="TH", address_type="physical",
    )  # fmt: skip


def _parents(area: Area) -> Iterator[Area]:
    while area.parent is not None:
        area = area.parent
        yield area


def _called(area: Area) -> str:
    return " ".join(one.th for one in (area, *_parents(area)))


def _page(o: Opportunity) -> str:
    return reverse("catalogue:open", args=[o.pk])


def _cost(o: Opportunity) -> str:
    return "ไม่มีค่าใช้จ่าย" if o.cost == 0 else f"{o.cost:,.2f} บาท"


def _window(o: Opportunity) -> str:
    first = f"รับสมัครตั้งแต่ {o.opens_on.isoformat()}" if o.opens_on else ""
    last = f"ปิดรับสมัคร {o.closes_on.isoformat()}" if o.closes_on else ""
    return " ".join(filter(None, (first, last)))


def _stamp(o: Opportunity) -> str:
    return timezone.localtime(o.updated_at).isoformat()


def _least_age(rule: Any) -> float | None:
    """The age that everybody must have reached, where the rule says so for all."""
    parts = rule.get("all", [rule]) if isinstance(rule, dict) else []
    ages = [part["years"] for part in parts if "age" in part and part.get("op") == ">="]
    return max(ages, default=None)
