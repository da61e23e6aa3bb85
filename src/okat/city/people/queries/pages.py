"""What the pages of people show."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.core.permissions import Permission
from okat.city.core.registries import PANELS, Panel
from okat.city.partners.models import Partner
from okat.city.partners.queries import areas_of, memberships, partners_where, teams_of_city
from okat.city.people.models import (
    BreakGlass,
    Consent,
    Merge,
    MergeProposal,
    Need,
    Person,
    Questionnaire,
    Visit,
)
from okat.city.people.queries import sheet
from okat.city.people.queries.joining import one_human
from okat.city.people.queries.plain import lines_told
from okat.city.people.queries.scope import acted_for_by, grants_in_force, may_see_sensitive
from okat.city.people.queries.team import falls_to
from okat.city.people.rules import LIVING, NeedStatus, Status
from okat.city.places.models import Area, Level
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words

TRY_DAYS = 90  # tries of an emergency that are listed; the trail keeps them all
NEAR = 60  # places offered before anything is typed


def needs_of(person: Person) -> list[Need]:
    """Open needs first, then what was met."""
    return sorted(person.needs.select_related("term", "partner"), key=lambda n: (n.status != NeedStatus.OPEN, n.since))


def need_words(besides: Iterable[str] = ()) -> list[Term]:
    """The city's needs that can be noted."""
    without = frozenset(besides)
    return [term for term in words().leaves(Vocabulary.NEED) if term.code not in without]


def need_called(code: str) -> Term | None:
    return Term.objects.filter(vocabulary=Vocabulary.NEED, code=code, active=True).first()


def questionnaires() -> list[Questionnaire]:
    """Those that are asked on a person's page; others serve elsewhere (`use`), as assessments do in courses."""
    return [row for row in sheet.questionnaires().values() if row.active and not row.data.get("use")]


def questionnaire_called(code: str, version: int | None = None) -> Questionnaire | None:
    """The one in use, or the version that somebody was asked by: old ones are kept with the answers to them."""
    rows = Questionnaire.objects.filter(code=code)
    return rows.filter(active=True).first() if version is None else rows.filter(version=version).first()


def said_before(person: Person, code: str) -> dict[str, object]:
    """The person's latest answers to a questionnaire, opened."""
    last = person.answers.filter(questionnaire__code=code).first()
    return (person.unseal(last.sealed) if last else None) or {}


def consent_of(person: Person, pk: UUID) -> Consent | None:
    """Also one of a record that was joined into this one."""
    rows = Consent.objects.filter(pk=pk, person__in=one_human(person.pk))
    return rows.select_related("recipient", "person__merged_into").first()


def opened_by(consent: Consent) -> bool:
    """Whether somebody sees the record by it now."""
    return grants_in_force().filter(consent=consent).exists()


def panels_for(user: User, person: Person) -> list[Panel]:
    """What other apps say to this reader of a person who was opened through the reader's scope."""
    deep = may_see_sensitive(user, person)
    found = (panel(user, person) for _, panel in PANELS)
    return [replace(one, lines=lines_told(one.lines, deep=deep)) for one in found if one is not None]


def places_near(user: User, partner: Partner) -> list[Area]:
    """Communities and sub-districts in which the user works for a partner, to be offered before anything is typed."""
    mine = [area for m in memberships(user) if m.partner_id == partner.pk for area in areas_of(m)]
    rows = Area.objects.within(*mine).filter(level__in=(Level.COMMUNITY, Level.SUBDISTRICT))
    return list(rows.select_related("parent").order_by("sort")[:NEAR])


def partners_besides(partner: Partner) -> list[Partner]:
    """To whom a case may be passed on."""
    return list(Partner.objects.filter(left_on=None).exclude(pk=partner.pk).order_by("th"))


def round_partners() -> list[Partner]:
    """Who allocates places: the partners with a coordinator."""
    return list(teams_of_city().filter(left_on=None).order_by("th"))


def proposals_for(user: User) -> QuerySet[MergeProposal]:
    """Open pairs of which the user may decide: they work for both."""
    mine = acted_for_by(user, Permission.MERGE_PEOPLE).values("pk")
    rows = MergeProposal.objects.filter(status=MergeProposal.Status.OPEN, left__in=mine, right__in=mine)
    return rows.select_related(
        "left__area",
        "right__area",
        "left__household",
        "right__household",
        "left__registered_by",
        "right__registered_by",
    )


def decided_for(user: User, pk: UUID) -> bool:
    """Whether this is a pair, decided since, of which the user might have decided, or a joining that they might have
    taken back: they work for both records, or for the one that both are now."""
    mine = acted_for_by(user, Permission.MERGE_PEOPLE).values("pk")
    both = Q(left__in=mine) | Q(left__merged_into__in=mine), Q(right__in=mine) | Q(right__merged_into__in=mine)
    pairs = MergeProposal.objects.exclude(status=MergeProposal.Status.OPEN).filter(*both, pk=pk)
    ended = Merge.objects.filter(Q(kept__in=mine) | Q(kept__merged_into__in=mine), pk=pk, undone_at__isnull=False)
    return pairs.exists() or ended.exists()


def merges_for(user: User) -> QuerySet[Merge]:
    """Merges into records that the user may part again, also by way of another, not undone."""
    mine = acted_for_by(user, Permission.MERGE_PEOPLE).values("pk")
    rows = Merge.objects.filter(Q(kept__in=mine) | Q(kept__merged_into__in=mine), undone_at=None)
    return rows.select_related("kept", "gone", "by")


def openings_to_review(user: User) -> QuerySet[BreakGlass]:
    """Emergency openings that nobody has reviewed, by the user's partners or of records that these hold; never the
    user's own."""
    return reports_for(user, Permission.REVIEW_BREAK_GLASS).filter(reviewed_at=None)


def reports_for(user: User, permission: Permission) -> QuerySet[BreakGlass]:
    """The reports of emergency openings that concern the user's partners; for who reads the trail, all."""
    rows = BreakGlass.objects.exclude(user=user).select_related("user", "partner", "person__key", "reviewed_by")
    if permission is Permission.SEE_AUDIT:
        return rows
    partners = partners_where(user, permission)
    held = grants_in_force().filter(person=OuterRef("person"), partner__in=partners)
    return rows.filter(Q(partner__in=partners) | Q(Exists(held)))


@dataclass(frozen=True)
class Try:
    """A number that opened no record, typed in emergencies by one worker: how often (`times`) and when last; `same`:
    how often anybody typed it."""

    last: dt.datetime
    name: str
    partner: Partner | None
    times: int
    same: int


def emergency_tries() -> QuerySet[AuditEntry, Any]:
    """Those of the last ninety days for who reads the trail, each number and worker once, the newest first; in words
    by `tries_told`."""
    rows = _tries().values("actor__name", "actor", "subject_key", "partner_code")
    return rows.annotate(last=Max("at"), times=Count("id")).order_by("-last", "subject_key", "actor")


def tries_told(rows: Iterable[dict[str, Any]]) -> list[Try]:
    found = list(rows)
    partners = {row.code: row for row in Partner.objects.filter(code__in={one["partner_code"] for one in found})}
    same = _tries().filter(subject_key__in={one["subject_key"] for one in found}).values_list("subject_key")
    every = dict(same.annotate(n=Count("id")))
    return [
        Try(
            one["last"], one["actor__name"] or "", partners.get(one["partner_code"]), one["times"],
            every.get(one["subject_key"], one["times"]),
        )
        for one in found
    ]  # fmt: skip


def _tries() -> QuerySet[AuditEntry]:
    since = clock.now() - dt.timedelta(days=TRY_DAYS)
    return AuditEntry.objects.filter(verb="people.emergency_try", at__gte=since).order_by()


def visits_due(user: User) -> list[Visit]:
    """People whom the user (or somebody of the team who is gone or away) wanted to see again by today, and who were
    not seen since."""
    return list(due_to(user).select_related("person__area"))


def due_to(user: User) -> QuerySet[Visit]:
    """Nobody visits who died or moved away."""
    later = Visit.objects.visits().filter(person=OuterRef("person"), at__gt=OuterRef("at"))
    rows = Visit.objects.visits().filter(falls_to(user, Permission.PIN_PERSON, by="by"), ~Exists(later))
    return rows.filter(next_on__lte=clock.today(), person__status=Status.ACTIVE).order_by("next_on", "id")


def own_record(user: User) -> Person | None:
    """The record that the account opens as its own."""
    rows = Person.objects.filter(user=user, status__in=LIVING)
    return rows.select_related("key", "area__parent", "registered_by", "household").first()
