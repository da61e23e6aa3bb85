"""An opportunity for other programs: Atom (RFC 4287), schema.org."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString, mark_safe

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import FAMILY_OF, Family, Kind, Status
from okat.city.catalogue.rules.access import modes

# Our formats in the words of schema.org (W3C, Schema.org Accessibility Properties for Discoverability Vocabulary).
_FEATURES = {
    "sign-language": "signLanguage", "braille": "braille", "large-print": "largePrint", "captions": "captions",
    "audio": "audiobook", "described": "audioDescription",
}  # fmt: skip
_SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def atom(
    entries: Iterable[tuple[Opportunity, str, str, str]], *, title: str, page: str, own: str, now: dt.datetime
) -> str:
    """`entries` are opportunity, title, summary, address."""
    rows = list(entries)
    feed = Atom1Feed(title=title, link=page, description=title, feed_url=own, feed_guid=page)
    for opportunity, name, summary, url in rows:
        feed.add_item(
            title=name, link=url, description=summary or name, unique_id=f"urn:uuid:{opportunity.pk}",
            author_name=opportunity.provider.th, pubdate=opportunity.published_at or now,
            updateddate=opportunity.updated_at,
        )  # fmt: skip
    return str(feed.writeString("utf-8"))


def json_ld(opportunity: Opportunity, url: str) -> SafeString:
    """schema.org data, safe inside a script element."""
    text = json.dumps(schema_org(opportunity, url), ensure_ascii=False, default=str)
    return mark_safe(text.translate(_SCRIPT_ESCAPES))  # noqa: S308 - no <, > or & is left


def schema_org(opportunity: Opportunity, url: str) -> dict[str, Any]:
    o = opportunity
    provider = {"@type": "Organization", "name": o.provider.th, "sameAs": o.provider.website or None}
    found: dict[str, Any] = {
        "@context": "https://schema.org", "@type": _type(o), "@id": url, "url": url, "name": o.title_th,
        "alternateName": o.title_en or None, "description": o.about_th or o.summary_th or o.title_th,
        **_MORE.get(_type(o), _service)(o, _bare(provider)),
    }  # fmt: skip
    return _bare(found)


def _type(o: Opportunity) -> str:
    kind = Kind(o.kind)
    special = {
        Kind.EVENT: "Event", Kind.LOAN_PERSON: "LoanOrCredit", Kind.LOAN_GROUP: "LoanOrCredit",
        Kind.SUBSIDY: "MonetaryGrant", Kind.CHILD_GRANT: "MonetaryGrant", Kind.JOB: "JobPosting",
        Kind.JOB_QUOTA: "JobPosting", Kind.TRAINING: "JobPosting",
    }  # fmt: skip
    return special.get(kind, "Course" if FAMILY_OF[kind] is Family.LEARN else "Service")


def _place(o: Opportunity) -> dict[str, Any]:
    where = {"@type": "PostalAddress", "addressLocality": o.area.th, "addressCountry": "TH"}
    found = {"@type": "Place", "name": o.venue.th if o.venue else o.place_note or o.area.th, "address": where}
    if o.lat is not None:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": o.lat, "longitude": o.lon}
    return found


def _offer(o: Opportunity) -> dict[str, Any]:
    kind = "Free" if o.cost == 0 else "Paid"
    return {"@type": "Offer", "category": kind, "price": f"{o.cost:.2f}", "priceCurrency": "THB"}


def _mode(o: Opportunity) -> str:
    return "blended" if o.online and "onsite" in modes(o.access) else "online" if o.online else "onsite"


def _course(o: Opportunity, provider: dict[str, Any]) -> dict[str, Any]:
    instance = {
        "@type": "CourseInstance", "courseMode": _mode(o), "startDate": _day(o.starts_on), "endDate": _day(o.ends_on),
        "location": _place(o), "courseWorkload": f"PT{o.hours.normalize():f}H" if o.hours is not None else None,
    }  # fmt: skip
    said = {code for stage in ("session", "material") for code, a in o.access.get(stage, {}).items() if a == "yes"}
    features = [word for code, word in _FEATURES.items() if code in said]
    return {
        "provider": provider, "offers": _offer(o), "hasCourseInstance": _bare(instance),
        "accessibilityFeature": features or None, "educationalLevel": o.level or None,
        "numberOfCredits": float(o.credits) if o.credits else None,
    }  # fmt: skip


def _job(o: Opportunity, provider: dict[str, Any]) -> dict[str, Any]:
    unit = {"hour": "HOUR", "day": "DAY", "month": "MONTH", "year": "YEAR"}.get(o.amount_per)
    salary = None
    if o.amount is not None and unit:
        value = {"@type": "QuantitativeValue", "value": f"{o.amount:.2f}", "unitText": unit}
        salary = {"@type": "MonetaryAmount", "currency": "THB", "value": value}
    return {
        "title": o.title_th, "hiringOrganization": provider, "jobLocation": _place(o), "baseSalary": salary,
        "datePosted": _day(timezone.localdate(o.published_at)) if o.published_at else None,
        "validThrough": _day(o.closes_on), "totalJobOpenings": o.capacity,
    }  # fmt: skip


def _event(o: Opportunity, provider: dict[str, Any]) -> dict[str, Any]:
    sessions = list(o.sessions.all())
    cancelled = o.status == Status.CANCELLED
    return {
        "organizer": provider, "location": _place(o), "offers": _offer(o),
        "startDate": sessions[0].start.isoformat() if sessions else _day(o.starts_on),
        "endDate": sessions[-1].end.isoformat() if sessions else _day(o.ends_on),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
    }  # fmt: skip


def _money(o: Opportunity, provider: dict[str, Any]) -> dict[str, Any]:
    amount = {"@type": "MonetaryAmount", "currency": "THB", "maxValue": float(o.amount)} if o.amount else None
    return {"provider": provider, "amount": amount, "areaServed": o.area.th}


def _grant(o: Opportunity, provider: dict[str, Any]) -> dict[str, Any]:
    amount = {"@type": "MonetaryAmount", "currency": "THB", "value": f"{o.amount:.2f}"} if o.amount else None
    funder = {"@type": "Organization", "name": o.funder.th} if o.funder else provider
    return {"funder": funder, "amount": amount}


def _service(o: Opportunity, provider: dict[str, Any]) -> dict[str, Any]:
    return {"provider": provider, "areaServed": o.area.th, "offers": _offer(o)}


_MORE = {"Course": _course, "JobPosting": _job, "Event": _event, "LoanOrCredit": _money, "MonetaryGrant": _grant}


def _day(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def _bare(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
