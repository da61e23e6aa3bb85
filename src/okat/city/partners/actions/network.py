"""Partners joining, and what they sign together."""

import datetime as dt
from collections.abc import Iterable

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.partners.models import Memorandum, Partner
from okat.city.partners.queries import KEPT
from okat.city.places.models import Area


@action
def add_partner(*, code: str, th: str, en: str, kind: str, area: Area, by: User) -> Partner:
    partner = Partner(code=code, th=th, en=en, kind=kind, area=area, joined_on=clock.today())
    partner.save()
    audit.record(by=by, verb="partners.add", subject=partner, partner=partner.code)
    forget(KEPT)
    return partner


@action
def describe_partner(
    *, partner: Partner, about_th: str, about_en: str, website: str, email: str, phone: str, by: User
) -> None:
    partner.about_th, partner.about_en, partner.website = about_th, about_en, website
    partner.email, partner.phone = email, phone
    changed = ["about_th", "about_en", "website", "email", "phone"]
    partner.save(update_fields=changed)
    audit.record(by=by, verb="partners.describe", subject=partner, fields=changed, partner=partner.code)
    forget(KEPT)


@action
def choose_partner(*, partner: Partner, by: User) -> None:
    """Whoever belongs to several partners says for which one they act; the session keeps it, the trail knows it."""
    audit.record(by=by, verb="partners.choose", subject=partner, partner=partner.code)


@action
def sign_memorandum(
    *, title: str, partners: Iterable[Partner], signed_on: dt.date, until: dt.date | None, summary: str, source: str,
    by: User,
) -> Memorandum:  # fmt: skip
    memorandum = Memorandum(title=title, signed_on=signed_on, until=until, summary=summary, source=source)
    memorandum.save()
    memorandum.partners.set(partners)
    audit.record(by=by, verb="partners.sign", subject=memorandum)
    return memorandum
