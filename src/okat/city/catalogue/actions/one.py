"""Writing one opportunity: by a form, with the version that its writer saw."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue import solve
from okat.city.catalogue.actions._build import Known, faults_of, fill
from okat.city.catalogue.actions._concerned import hold_concerned
from okat.city.catalogue.actions._ready import publishing_faults
from okat.city.catalogue.actions._save import save_rows
from okat.city.catalogue.actions._sessions import sync_sessions
from okat.city.catalogue.actions._unmet import tell
from okat.city.catalogue.models import Opportunity, Wisdom
from okat.city.catalogue.rules import CatalogueError, Fault, StaleError, Status, check_move
from okat.city.catalogue.rules.publishing import check_reason
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import audit, clock, registries
from okat.city.core.action import action
from okat.city.core.kept import forget


@action
def write(
    *, row: OpportunityRow, by: User, opportunity: Opportunity | None = None, version: int | None = None,
    teachers: Sequence[Wisdom] | None = None,
) -> Opportunity:  # fmt: skip
    """Keep what a form says: a new draft, or a change of `opportunity` as its writer saw it at `version`. `teachers`
    (None: as they are) must have agreed to be named; whoever withdrew meanwhile is left out.

    Raises CatalogueError for faults and StaleError where somebody else saved meanwhile; nothing is written then.
    """
    known = Known.of([row])
    faults = faults_of(row, known)
    kept = _locked(opportunity.pk, version) if opportunity is not None else None
    if kept is not None and row.capacity is not None and row.capacity < kept.seats_taken:
        faults.append(Fault("capacity", _("%(taken)s places are taken already.") % {"taken": kept.seats_taken}))
    if faults:
        raise CatalogueError(*faults)
    made = fill(kept or Opportunity(status=Status.DRAFT.value), row, known)
    save_rows([] if kept else [made], [made] if kept else [], [(made, replace(row, sessions=()))], known, by)
    sync_sessions({made: row.sessions}, by=by, whole=True)
    if teachers is not None:
        made.teachers.set(Wisdom.objects.public().filter(pk__in=[each.pk for each in teachers]))
    audit.record(by=by, verb="catalogue.write", subject=made, fields=["all"], partner=made.provider.code)
    if kept is not None:
        registries.publish("opportunities.changed", opportunities=[made], by=by)
    return made


@action
def set_rule(
    *, opportunity: Opportunity, rule: Mapping[str, Any] | None, note: str, by: User, version: int
) -> Opportunity:
    """Keep who may take part. Raises StaleError, or RuleError for a rule that does not fit the city's facts."""
    kept = _locked(opportunity.pk, version)
    kept.rule = solve.checked(dict(rule) if rule is not None else None)
    kept.rule_digest, kept.rule_note = solve.digest(kept.rule), note
    kept.telling = solve.tells(kept, solve.telling_needs())
    _save(kept, "rule", "rule_digest", "rule_note", "telling")
    audit.record(by=by, verb="catalogue.rule", subject=kept, fields=["rule"], partner=kept.provider.code)
    return kept


@action
def publish(*, opportunity: Opportunity, by: User, version: int) -> Opportunity:
    """Show it to everybody. Raises CatalogueError with all that is missing."""
    kept = _moving(opportunity.pk, Status.PUBLISHED, version)
    if faults := publishing_faults(kept):
        raise CatalogueError(*faults)
    kept.status, kept.end_reason, kept.ended_at = Status.PUBLISHED.value, "", None
    kept.published_at = kept.published_at or clock.now()
    _save(kept, "status", "published_at", "end_reason", "ended_at")
    audit.record(by=by, verb="catalogue.publish", subject=kept, fields=["status"], partner=kept.provider.code)
    tell([kept], by)
    registries.publish("opportunities.changed", opportunities=[kept], by=by)
    return kept


@action
def close(*, opportunity: Opportunity, reason: str, by: User, version: int) -> Opportunity:
    """Take no more people; what began goes on."""
    hold_concerned([], closing=[opportunity.pk])
    kept = _end(opportunity.pk, Status.CLOSED, reason, version)
    audit.record(by=by, verb="catalogue.close", subject=kept, fields=["status"], partner=kept.provider.code)
    registries.publish("opportunity.closed", opportunity=kept, reason=reason, by=by)
    return kept


@action
def cancel(*, opportunity: Opportunity, reason: str, by: User, version: int, held: bool = False) -> Opportunity:
    """It does not take place. Apps that hold applications or cases for it hear `opportunity.cancelled`. `held`: whoever
    it concerns is, before other courses that the caller holds by now."""
    if not held:
        hold_concerned([opportunity.pk])
    kept = _end(opportunity.pk, Status.CANCELLED, reason, version)
    audit.record(by=by, verb="catalogue.cancel", subject=kept, fields=["status"], partner=kept.provider.code)
    registries.publish("opportunity.cancelled", opportunity=kept, reason=reason, by=by)
    return kept


def _locked(pk: UUID, version: int | None) -> Opportunity:
    found = (
        Opportunity.objects.select_for_update(of=("self",), no_key=True).select_related("provider", "area").get(pk=pk)
    )
    if version is not None and found.version != version:
        raise StaleError
    return found


def _moving(pk: UUID, to: Status, version: int) -> Opportunity:
    """What cannot become this any more says so, before it is said that somebody changed it."""
    kept = _locked(pk, None)
    if faults := check_move(Status(kept.status), to):
        raise CatalogueError(*faults)
    if kept.version != version:
        raise StaleError(saving=False)
    return kept


def _end(pk: UUID, to: Status, reason: str, version: int) -> Opportunity:
    kept = _moving(pk, to, version)
    if faults := check_reason(reason):
        raise CatalogueError(*faults)
    kept.status, kept.end_reason, kept.ended_at = to.value, reason.strip(), clock.now()
    _save(kept, "status", "end_reason", "ended_at")
    return kept


def _save(opportunity: Opportunity, *names: str) -> None:
    forget("catalogue")
    opportunity.version += 1
    opportunity.save(update_fields=[*names, "version", "updated_at"])
