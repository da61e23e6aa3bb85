"""A request for review: answered with a reason, by somebody who did not run the round. Outcomes are never edited."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.rounds import queries
from okat.city.rounds.actions._lock import lock_application
from okat.city.rounds.actions._store import tell
from okat.city.rounds.models import Appeal, Application
from okat.city.rounds.rules import Appeal as AppealStatus
from okat.city.rounds.rules import NextStep, RoundError, Status, reached

LONGEST = 4000


@action
def appeal(*, application: Application, reason: str, by: User) -> Appeal:
    """Ask for a review of one's result. While one waits, a second asks for the same. Raises RoundError before the
    results are published or without a reason."""
    row = lock_application(application, by)
    if not reached(row.round.stage, Status.PUBLISHED):
        raise RoundError("not_published", _("The results of this round are not published yet."))
    text = reason.strip()[:LONGEST]
    if not text:
        raise RoundError("no_reason", _("Write what you think is wrong."))
    assert row.person is not None
    if row.person.key is None:
        raise RoundError("person_gone", _("This record is closed, so no application can be entered."))
    found = Appeal.objects.filter(application=row, status=AppealStatus.OPEN).first()
    if found is None:
        sealed = row.person.key.seal(text)
        found = Appeal.objects.create(application=row, reason_sealed=sealed, by=by, at=clock.now())
    audit.record(by=by, verb="rounds.appeal", subject=row.person, fields=["reason"])
    return found


@action
def answer_appeal(*, appeal: Appeal, upheld: bool, answer: str, by: User, next_step: NextStep | None = None) -> Appeal:
    """Answer once, with a reason; where the person is right, with what happens next.

    Raises RoundError for somebody who ran or decided the round, for an answer without a reason, or a second answer."""
    rows = Appeal.objects.select_for_update(of=("self",), no_key=True).select_related(
        "application__round__partner",
        "application__person__key",
        "application__person__user",
        "application__entered_by",
    )
    row = rows.get(pk=appeal.pk)
    round_ = row.application.round
    if not queries.may_steer(by, round_, Permission.ANSWER_APPEALS) or by.is_system:
        raise RoundError("not_allowed", _("You cannot do this in a round of another office."))
    if queries.ran(by, round_):
        raise RoundError("own_round", _("A review is answered by somebody who did not run the round."))
    if row.status != AppealStatus.OPEN:
        raise RoundError("answered", _("This request was answered before."))
    text = answer.strip()[:LONGEST]
    if not text or (upheld and next_step is None):
        raise RoundError("no_reason", _("Write the reason, and what happens next where the person is right."))
    person = row.application.person
    row.status = AppealStatus.UPHELD if upheld else AppealStatus.REFUSED
    row.next_step = next_step.value if upheld and next_step else ""
    row.answer_sealed = person.key.seal(text) if person and person.key else None
    row.answered_by, row.answered_at = by, clock.now()
    row.save()
    url = reverse("rounds:why", args=[row.application_id])
    tell([row.application], "rounds.appeal_answered", round_, url, by, about=row.pk)
    audit.record(by=by, verb="rounds.answer_appeal", subject=person, fields=["answer"])
    return row
