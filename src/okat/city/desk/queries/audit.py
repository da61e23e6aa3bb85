"""The audit trail for those who may read it: who did what when, page by page; no values are in it.

Named, and found by a name, is who worked for a partner that day, but not in lines about the own record: in those they
are a resident like others, of whom the trail tells what was done and not by whom.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.accounts.queries import user_called
from okat.city.core import audit
from okat.city.core.models import AuditEntry
from okat.city.core.registries import MERGE
from okat.city.partners.models import Membership, Partner
from okat.city.people.models import Person
from okat.city.people.queries.joining import one_human

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
    """One page, newest first; of the entries those in `named` tell who did it.

    `partners` are those that the entries name, by code."""

    entries: list[AuditEntry]
    named: frozenset[int]
    older: int | None
    partners: Mapping[str, Partner] = field(default_factory=dict)


def trail(asked: Asked, *, by: User) -> Trail:
    """Five statements, however long the trail: pages go on from an entry, not by counting; more only where somebody who
    works for a partner has a record of their own. Reading it is recorded."""
    rows = list(_asked(asked).select_related("actor").order_by("-id")[: PAGE + 1])
    shown = rows[:PAGE]
    audit.record(by=by, verb="audit.read", fields=[name for name in ("day", "who", "verb") if getattr(asked, name)])
    partners = {p.code: p for p in Partner.objects.filter(code__in={entry.partner_code for entry in shown})}
    return Trail(shown, _named(shown), shown[-1].pk if len(rows) > PAGE else None, partners)


def _asked(asked: Asked) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    if asked.day is not None:
        rows = rows.filter(at__gte=_start(asked.day), at__lt=_start(asked.day + dt.timedelta(days=1)))
    if asked.who:
        rows = _work_of(_worker(asked.who), rows)
    if asked.verb:
        rows = rows.filter(verb__startswith=asked.verb)
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    return rows


def _worker(text: str) -> User | None:
    """By login, e-mail address or telephone number; else by the whole name where only one account with a role has it.
    Of all other accounts the trail does not even tell that they are there."""
    workers = User.objects.filter(memberships__isnull=False).distinct()
    called = user_called(text)
    if called is not None and (found := workers.filter(pk=called.pk).first()) is not None:
        return found
    named = list(workers.filter(name__iexact=text.strip())[:2])
    return named[0] if len(named) == 1 else None


def _work_of(user: User | None, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    if user is None:
        return rows.none()
    days = Q()
    for membership in _roles([user.pk]):
        term = Q(at__gte=_start(membership.began_on))
        if membership.ended_on is not None:
            term &= Q(at__lt=_start(membership.ended_on + dt.timedelta(days=1)))
        days |= term
    own = _own([user.pk]).get(user.pk, Own())
    return rows.filter(days, actor=user).exclude(own.lines)


def _named(entries: list[AuditEntry]) -> frozenset[int]:
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    roles = _roles(actors)
    own = _own({row.user_id for row in roles})  # the others are named in no line
    return frozenset(
        entry.pk
        for entry in entries
        if any(row.user_id == entry.actor_id and _on(row, timezone.localdate(entry.at)) for row in roles)
        and not own.get(entry.actor_id or 0, Own()).holds(entry)
    )


def _roles(users: Collection[int]) -> list[Membership]:
    return list(Membership.objects.filter(user__in=users).only("user", "began_on", "ended_on"))


def _on(membership: Membership, day: dt.date) -> bool:
    return membership.began_on <= day and (membership.ended_on is None or day <= membership.ended_on)


@dataclass(frozen=True)
class Own:
    """What an account did about its own record: the keys of that and of what hangs on it, and the requests in which it
    did so, whose other lines (somebody was told, a right ended) would tell it too where they are about nothing else."""

    keys: frozenset[str] = frozenset()
    requests: frozenset[str] = frozenset()

    @property
    def lines(self) -> Q:
        return Q(subject_key__in=self.keys) | Q(subject_key="", request_key__in=self.requests)

    def holds(self, entry: AuditEntry) -> bool:
        return entry.subject_key in self.keys or (not entry.subject_key and entry.request_key in self.requests)


def _own(users: Collection[int]) -> dict[int, Own]:
    """By user, of those who have a record of their own."""
    records = Person.objects.filter(user__in=users).values_list("user", "pk")
    return {user: _about(user, one_human(pk)) for user, pk in records if user is not None}


def _about(user: int, records: Collection[UUID]) -> Own:
    columns = [(apps.get_model(each.model), each.field) for _app, handler in MERGE for each in handler.columns]
    hanging = {
        audit.subject_key(model(pk=pk))
        for model, name in columns
        for pk in model._base_manager.filter(**{f"{name}__in": records}).values_list("pk", flat=True)
    }
    keys = hanging | {audit.subject_key(Person(pk=pk)) for pk in records}
    lines = AuditEntry.objects.filter(actor=user, subject_key__in=keys).exclude(request_key="")
    return Own(frozenset(keys), frozenset(lines.order_by().values_list("request_key", flat=True)))


def _start(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
