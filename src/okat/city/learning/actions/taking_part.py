"""Places in courses: opened by a placement, ended with it."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.models import Completion, Credential, Enrolment, PassportLink
from okat.city.learning.rules import LearningError, Standing
from okat.city.people.models import Person


@action
def enrol(*, person: Person, opportunity: Opportunity, case: Case | None, by: User) -> Enrolment:
    """Open the place that a placement led to; who has it already keeps it."""
    row, _fresh = Enrolment.objects.get_or_create(
        person=person, opportunity=opportunity, standing=Standing.ACTIVE,
        defaults={"case": case, "began_at": clock.now()},
    )  # fmt: skip
    audit.record(by=by, verb="learning.enrol", subject=row, fields=["standing"], partner=opportunity.provider.code)
    return row


@action
def end(*, case: Case, by: User) -> int:
    """The placement was left: its place in the course ends; how many did."""
    rows = list(Enrolment.objects.select_for_update().filter(case=case, standing=Standing.ACTIVE))
    return _end(rows, Standing.LEFT, by)


@action
def cancel_course(*, opportunity: Opportunity, by: User) -> int:
    """The course does not take place; what was attended stays written down."""
    rows = list(Enrolment.objects.select_for_update().filter(opportunity=opportunity, standing=Standing.ACTIVE))
    return _end(rows, Standing.CANCELLED, by)


def _end(rows: list[Enrolment], to: Standing, by: User) -> int:
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(standing=to, ended_at=clock.now())
    audit.record_many(by=by, verb="learning.end", subjects=rows, fields=["standing"], reason=to)
    if not rows:
        audit.record(by=by, verb="learning.end", fields=["none"])
    return len(rows)


@action
def set_rule(*, opportunity: Opportunity, share: int, months: int | None, by: User) -> Completion:
    """When the course counts as completed. Raises LearningError once a certificate was issued by the present rule:
    all of one course are earned alike."""
    if not 1 <= share <= 100:
        raise LearningError("share", _("Write a share between 1 and 100 percent."))
    if Credential.objects.filter(opportunity=opportunity).exists():
        raise LearningError("issued", _("Certificates were issued by this rule, so it stays as it is."))
    values = {"share": share, "months": months}
    row, _fresh = Completion.objects.update_or_create(opportunity=opportunity, defaults=values)
    audit.record(
        by=by, verb="learning.rule", subject=opportunity, fields=list(values), partner=opportunity.provider.code
    )
    return row


@action
def erase_learning(*, person: UUID, by: User) -> int:
    """The person's record is erased: attendance stays for the figures and leads to nobody; the stored certificates
    go. A file that the person kept still verifies: it is theirs."""
    Credential.objects.filter(person=person).update(person=None, sealed=None)
    PassportLink.objects.filter(person=person).delete()
    ended = {"standing": Standing.LEFT, "ended_at": clock.now()}
    Enrolment.objects.filter(person=person, standing=Standing.ACTIVE).update(**ended)
    count = Enrolment.objects.filter(person=person).update(person=None)
    audit.record(by=by, verb="learning.erase", fields=["person"])
    return count
