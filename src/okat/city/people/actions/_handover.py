"""What a partner holds of people, and how another takes it over.

The records go to whoever takes over the duty (PDPA s.24(4)), without what is sensitive: that needs an explicit yes,
asked anew. Whoever has an account is told at once; the others stand in a list until somebody has told them.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.registries import HANDLERS, HANDOVER, Holding, publish
from okat.city.partners.actions import LeavingError
from okat.city.partners.models import Partner
from okat.city.people.actions._locks import hold_all
from okat.city.people.actions.consent import record_basis
from okat.city.people.actions.telling import tell
from okat.city.people.models import BreakGlass, CodeSlip, Grant, Household, ImportBatch, Person, Slip
from okat.city.people.rules import OPEN_STATUSES, Law, Why

CHUNK = 2000
# These end with what they were made for, at the successor as they would have here.
TIED = ("referral:", "enrolment:", "case:", "goal:")


def register() -> None:
    HANDLERS.register("partner.settling/people", hold_settled)
    HANDOVER.register(
        "10 people.person",
        Holding(
            ("people.Person.registered_by", "people.Household.registered_by", "people.Grant.partner",
             "people.Basis.partner", "people.BreakGlass.partner", "people.ImportBatch.partner", "people.Slip.partner",
             "people.CodeSlip.partner"),
            lambda n: ngettext("%(n)s person", "%(n)s people", n) % {"n": n},
            lambda partner: _held(partner).count(),
            taken=_("the records go there, without what is sensitive; the people are told, and asked anew"),
            hand=_hand, people=_reached,
        ),
    )  # fmt: skip


def _reached(partner: Partner) -> list[UUID]:
    """Whoever it registered, open or not, and whoever it may see: their grants end."""
    seen = Grant.objects.filter(partner=partner, ended_at=None).order_by().values_list("person", flat=True)
    return [*Person.objects.filter(registered_by=partner).values_list("pk", flat=True), *seen]


def hold_settled(*, partner: Partner, keys: Sequence[str]) -> None:
    """Everybody whom settling these things reaches, before the first of them: by one thing after another, two offices
    could wait for each other, or for whoever holds a person and then a course. Then its rounds and its courses."""
    hold_all(
        lambda: {pk for key in keys for pk in HANDOVER[key].people(partner)},
        lambda: publish("partner.holding", partner=partner, keys=keys),
    )


def _held(partner: Partner) -> QuerySet[Person]:
    """Whom it registered, and whom nobody else sees."""
    mine = Grant.objects.in_force().filter(person=OuterRef("pk"), partner=partner)
    others = Grant.objects.in_force().filter(person=OuterRef("pk")).exclude(partner=partner)
    alone = Q(Exists(mine)) & Q(~Exists(others))
    return Person.objects.filter(Q(registered_by=partner) | alone, status__in=OPEN_STATUSES)


def _longer(end: dt.datetime | None, other: dt.datetime | None) -> bool:
    """Of two grants that become one, that counts which stands longer; one without an end longest."""
    return other is not None and (end is None or end > other)


def _hand(*, partner: Partner, to: Partner, by: User) -> None:
    if _held(partner).exclude(area__path__startswith=to.area.path).exists():
        raise LeavingError("area")
    now, source = clock.now(), f"handover:{partner.pk}"
    people = list(_held(partner).values_list("pk", "user"))
    old = list(Grant.objects.in_force().filter(partner=partner).order_by("pk"))
    if old or people:
        basis = record_basis(partner=to, law=Law.TASK, source=source, by=by)
        wanted: dict[tuple[UUID, str], tuple[Why, dt.datetime | None]] = {}
        for row in old:
            key, end = (row.person_id, row.source if row.source.startswith(TIED) else source), row.end()
            if key not in wanted or _longer(end, wanted[key][1]):
                wanted[key] = (Why(row.reason), end)
        for pk, _user in people:
            wanted.setdefault((pk, source), (Why.DUTY, None))
        theirs = Grant.objects.filter(partner=to, ended_at=None, person__in={person for person, _name in wanted})
        there = set(theirs.in_force().values_list("person_id", "source"))
        # What stands there and opens nothing any more does not keep anybody from being seen.
        theirs.exclude(pk__in=Grant.objects.in_force().filter(partner=to).values("pk")).update(ended_at=now)
        made = [
            Grant(person_id=person, partner=to, reason=reason, source=name, basis=basis, since=now, until=until)
            for (person, name), (reason, until) in wanted.items()
            if (person, name) not in there
        ]
        Grant.objects.bulk_create(made, batch_size=CHUNK)
    Grant.objects.filter(partner=partner, ended_at=None).update(ended_at=now)
    Person.objects.filter(registered_by=partner).update(registered_by=to)
    Person.objects.filter(pk__in=[pk for pk, _user in people]).exclude(responsible=None).exclude(
        responsible__memberships__in=to.memberships.filter(ended_on=None)
    ).update(responsible=None)
    Household.objects.filter(registered_by=partner).update(registered_by=to)
    BreakGlass.objects.filter(partner=partner, reviewed_at=None).update(partner=to)
    Slip.objects.filter(partner=partner, told_at=None).update(partner=to)
    CodeSlip.objects.filter(partner=partner, ended_at=None).update(partner=to)
    ImportBatch.objects.filter(partner=partner, status=ImportBatch.Status.WAITING).update(
        partner=to,
        law="",  # by which law this office keeps records, it says itself
    )
    audit.record_many(
        by=by, verb="people.handed_over", subjects=[Person(pk=pk) for pk, _user in people], fields=["registered_by"],
        partner=to.code,
    )  # fmt: skip
    params = {"partner": partner.th, "to": to.th}
    told = Person.objects.filter(pk__in=[pk for pk, _user in people]).select_related("user")
    # On paper to nobody: they stand in a list until somebody of the successor has spoken with them.
    tell(people=told, kind="people.handed_over", params=params, url="/people/mine/", paper=False, by=by)
