"""By what a case goes on where a consent was withdrawn: said before, and on the page of the case after."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _

from okat.city.cases.models import Case
from okat.city.cases.queries.record import title
from okat.city.cases.queries.rounds import given_by_round, is_work
from okat.city.cases.rules import DONE, OPEN_STATES, State
from okat.city.core.templatetags.okat import words
from okat.city.people.models import Consent, Grant
from okat.city.people.queries import speaks_for, withdrawn_with
from okat.city.people.queries.scope import grants_in_force
from okat.city.people.rules import Law, Purpose
from okat.city.rounds.queries import goes_to, silenced_by, waits_on
from okat.city.rounds.rules import Answer, Status
from okat.city.rounds.solve.staying import stays

KEEPS = (Purpose.CARE, Purpose.REFER)  # by these an office keeps a record; the others say nothing of a case


def going_on(consent: Consent, ending: Iterable[UUID], *, deep: bool) -> Iterable[str]:
    """Open cases that this office is responsible for or holds, and that withdrawing the consent does not end."""
    if consent.purpose not in KEEPS:
        return
    here = Q(owner=consent.recipient_id) | Q(receiver=consent.recipient_id)
    gone = [one.pk for one in withdrawn_with(consent)]
    rows = Case.objects.filter(here, person=speaks_for(consent), state__in=OPEN_STATES).exclude(pk__in=list(ending))
    for case in rows.select_related("owner", "receiver", "opportunity", "need").annotate(deep=Value(deep)):
        yield _stays(case, but=gone)


def place_of_ending(case: Case, consent: Consent, *, closes: bool, deep: bool) -> Iterable[str]:
    """What becomes of the place of a round that led to a case which withdrawing the consent brings back or closes. What
    the person has in rounds that go on, and nobody could speak of any more, the rounds say themselves."""
    given = given_by_round(case)
    if given is None or case.stage in DONE:
        return
    silent, over = silenced_by(consent), given.application.round.stage is Status.FINISHED
    if silent and not over:
        return
    left = case.stage is State.ACTIVE and (closes or not is_work(case))
    if not (left or silent):
        yield stays(given.application, deep=deep)
        return
    said = {"round": words(given.application.round)}
    if given.answer == Answer.RETURNING:
        yield (
            _("The place in “%(round)s” that was given back goes on at once, and cannot be taken back any more.") % said
        )
    else:
        yield _("The place in “%(round)s” that led to it ends with it.") % said
    yield goes_to(given)
    if not silent and (on := waits_on(given, deep=deep)):
        yield on


def goes_on_by(case: Case, consents: Iterable[Consent]) -> str:
    """For the page of a case beside consents of which one was withdrawn: what it goes on by. Empty where none was that
    it rests on now, or it has closed."""
    with_it = {case.owner_id, case.receiver_id} - {None}
    given = {one.recipient_id for one in consents if one.withdrawn_at is None}
    taken = {one.recipient_id for one in consents if one.withdrawn_at is not None}
    if case.closed_at is not None or not (taken - given) & with_it:
        return ""
    return _stays(case)


def _stays(case: Case, but: Iterable[UUID] = ()) -> str:
    said = {"title": title(case)}
    for office in (case.receiver, case.owner):
        held = _held(case, office.pk, but).first() if office is not None else None
        if held is not None:
            said |= {"office": words(office), "by": _by(held)}
            return _("“%(title)s” goes on: %(office)s may keep the record by %(by)s.") % said
    return _("“%(title)s” waits for another office: none may go on with it now.") % said


def _held(case: Case, office: int, but: Iterable[UUID]) -> QuerySet[Grant]:
    rows = grants_in_force().filter(person=case.person_id, partner=office)
    return rows.exclude(consent__in=list(but)).select_related("consent", "basis").order_by("consent", "id")


def _by(held: Grant) -> str:
    if held.consent is not None:
        return _("the consent “%(purpose)s”") % {"purpose": held.consent.get_purpose_display()}
    assert held.basis is not None
    return _("law: %(law)s") % {"law": Law(held.basis.law).label}
