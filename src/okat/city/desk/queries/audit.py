"""The audit trail for those who may read it: who did what when, page by page; no values are in it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.accounts.queries import user_called
from okat.city.core import audit
from okat.city.core.models import AuditEntry
from okat.city.partners.models import Membership, Partner

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What the address asks for; empty parts narrow nothing. `before` is the last entry of the newer page."""

    day: dt.date | None = None
    who: str = ""
    verb: str = ""
    before: int | None = None


@dataclass(frozen=True)
class Trail:
    """One page, newest first; `staff` are the actors who work for a partner: only they are named.

    `partners` are those that the entries name, by code."""

    entries: list[AuditEntry]
    staff: frozenset[int]
    older: int | None
    partners: Mapping[str, Partner] = field(default_factory=dict)


def trail(asked: Asked, *, by: User) -> Trail:
    """Four statements, however long the trail: pages go on from an entry, not by counting. Reading it is recorded."""
    rows = list(_asked(asked).select_related("actor").order_by("-id")[: PAGE + 1])
    shown = rows[:PAGE]
    audit.record(by=by, verb="audit.read", fields=[name for name in ("day", "who", "verb") if getattr(asked, name)])
    actors = {entry.actor_id for entry in shown if entry.actor_id}
    staff = Membership.objects.filter(user__in=actors).values_list("user", flat=True)
    partners = {p.code: p for p in Partner.objects.filter(code__in={entry.partner_code for entry in shown})}
    return Trail(shown, frozenset(staff), shown[-1].pk if len(rows) > PAGE else None, partners)


def _asked(asked: Asked) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    if asked.day is not None:
        start = timezone.make_aware(dt.datetime.combine(asked.day, dt.time.min))
        rows = rows.filter(at__gte=start, at__lt=start + dt.timedelta(days=1))
    if asked.who:
        found = _actor(asked.who)
        rows = rows.filter(actor=found) if found else rows.none()
    if asked.verb:
        rows = rows.filter(verb__startswith=asked.verb)
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    return rows


def _actor(text: str) -> User | None:
    """By login, e-mail address or telephone number; else by the whole name where only one account has it."""
    called = user_called(text)
    if called is not None:
        return called
    named = list(User.objects.filter(name__iexact=text.strip())[:2])
    return named[0] if len(named) == 1 else None
