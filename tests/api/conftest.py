"""The small city of the catalogue with every kind of opportunity, a venue, meetings, and one of each state."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.utils import timezone
from tests.catalogue.conftest import OLDER, SmallCity, build, weaving

from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Kind, Status
from okat.city.catalogue.rules.access import answered
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import kept
from okat.city.partners.models import Partner, Venue
from okat.city.places.models import Area

SECRET = ("นางสมศรี ใจดี", "0812345678", "somsri@example.org")
BANGKOK = timezone.get_default_timezone()


@dataclass(frozen=True)
class Offered:
    city: SmallCity
    weaving: UUID  # at the venue, for older persons, with two meetings and all fields filled
    drafts: tuple[UUID, ...]
    closed: UUID
    venue: Venue


@pytest.fixture
def offered(db: None, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """As on a running server the city's words, areas and partners stay in memory, though this is a transaction."""
    found = offer()
    monkeypatch.setattr(kept, "connection", SimpleNamespace(in_atomic_block=False))
    return found


def offer() -> Offered:
    city = build()
    venue = Venue.objects.create(
        partner=Partner.objects.get(code="nfe"), th="ศูนย์ฝึกอาชีพ", en="Training centre", lat=16.432, lon=102.835,
        area=Area.objects.get(code="400101"), address="12 ถ.กลางเมือง", phone="043-000-111",
        opening={"mon": [["08:30", "12:00"], ["13:00", "16:30"]]}, accessibility={"wheelchair": "yes", "guide": "ask"},
    )  # fmt: skip
    start = dt.datetime(2026, 12, 7, 9, 0, tzinfo=BANGKOK)
    meetings = tuple(SessionRow(start + dt.timedelta(days=n), start + dt.timedelta(days=n, hours=6)) for n in (0, 1))
    rich = weaving(
        rule=OLDER, venue=venue.pk, sessions=meetings, cost=Decimal(150), opens_on=dt.date(2026, 11, 1),
        closes_on=dt.date(2026, 11, 30), documents=({"th": "สำเนาบัตรประชาชน", "en": "Copy of the ID card"},),
        about_th="เรียนทอผ้าตั้งแต่เริ่มต้นจนขายได้", contact=SECRET[0], phone=SECRET[1], email=SECRET[2], funder="commerce",
        access=answered("session:onsite", "session:sign-language"), starts_on=dt.date(2026, 12, 7), key="rich",
    )  # fmt: skip
    plain = [weaving(kind=kind.value, title_th=f"อื่น ๆ {kind.value}", needs=(), access={}, key=kind) for kind in Kind]
    far = weaving(title_th="ไกลออกไป", area="4002", key="far", provider="nfe", online=False)
    ids = publish_many(rows=[rich, *plain, far, weaving(title_th="เรียนที่บ้าน", online=True, key="online")],
                       by=city.system).ids  # fmt: skip
    drafts = publish_many(rows=[weaving(title_th="ร่างลับ", key="draft")], by=city.system, status=Status.DRAFT).ids
    Opportunity.objects.filter(pk=ids[1]).update(status=Status.CLOSED, end_reason="เต็มแล้ว")
    return Offered(city, ids[0], tuple(drafts), ids[1], venue)
