"""Partners joining and leaving, and what they sign together."""

import datetime as dt
from collections.abc import Iterable

from okat.city.accounts import actions as accounts
from okat.city.accounts.models import User
from okat.city.core import audit, clock, registries
from okat.city.core.action import action
from okat.city.core.fresh import guarded
from okat.city.core.kept import forget
from okat.city.notices.actions import notify
from okat.city.partners.models import Membership, Memorandum, Partner
from okat.city.partners.queries import KEPT, coordinators
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
@guarded
def leave_network(*, partner: Partner, reason: str, by: User) -> int:
    """The partner leaves today; how many roles ended.

    Its rows stay, its people lose what their roles opened, and `partner.left` tells the apps above to hand over what
    is still open (a listener gets `partner` and `by` inside this transaction). Leaving twice changes nothing.
    `reason` is a word of rules.LEAVING.
    """
    locked = Partner.objects.select_for_update().get(pk=partner.pk)
    audit.record(by=by, verb="partners.leave", subject=partner, partner=partner.code, reason=reason)
    forget(KEPT)
    if locked.left_on is not None:
        return 0
    members = list(Membership.objects.filter(partner=partner, ended_on=None).select_related("user"))
    partner.left_on = locked.left_on = clock.today()
    locked.save(update_fields=["left_on"])
    registries.publish("partner.left", partner=partner, by=by)
    Membership.objects.filter(partner=partner, ended_on=None).update(ended_on=clock.today())
    for member in {m.user_id: m.user for m in members}.values():
        accounts.end_sessions(user=member, by=by)
    notify(
        users=[*coordinators(), *(m.user for m in members)], kind="partners.left", params={"code": partner.code}, by=by
    )
    return len(members)


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
