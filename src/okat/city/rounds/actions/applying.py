"""Applying, changing the order, withdrawing: while the round is open, and by its clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people.actions import ConsentRow, hold_joined, hold_people, lock_person, record_consent
from okat.city.people.models import Consent, Person
from okat.city.people.queries import acted_for_by, consented
from okat.city.people.rules import LIVING, Purpose
from okat.city.rounds import queries
from okat.city.rounds.actions._entries import STEP, Writer
from okat.city.rounds.actions._lock import hold_rounds, lock_application, policy_of
from okat.city.rounds.actions._named import named
from okat.city.rounds.models import Application, Choice, Place, Round
from okat.city.rounds.queries.own import undecided_by
from okat.city.rounds.rules import RoundError, Status


@dataclass(frozen=True)
class ApplyRow:
    """One person's list: opportunities in order, dearest first."""

    person: UUID
    opportunities: tuple[UUID, ...]


@action
def apply(
    *, round: Round, person: Person, opportunities: Sequence[UUID], by: User,  # noqa: A002
    consent: ConsentRow | None = None, partner: Partner | None = None,
) -> Application:  # fmt: skip
    """Enter or change one person's list. Sent again it changes nothing; with another order it reorders; pseudonym,
    receipt and groups stay those of the first time.

    Raises RoundError when the round takes none, the list is wrong, a place's own rule says no, the person is gone or
    has not agreed, `by` may not apply for them, or the office has left."""
    check_stay(round.partner_id, partner.pk if partner else round.partner_id)
    hold_joined(person)  # an agreement under a record that was joined into this one is replaced too
    person = lock_person(person)  # a consent is not withdrawn between the question and the entry
    row = Round.objects.select_for_update(of=("self",), no_key=True).select_related("partner").get(pk=round.pk)
    _taking(row)
    if not queries.may_apply_for(by, person):
        raise RoundError("not_allowed", _("You cannot apply for this person."))
    if person.status not in LIVING:
        raise RoundError("person_gone", _("This record is closed, so no application can be entered."))
    places = _listed(row, opportunities, _places(row))
    _still_given(places, person, by)
    _agreed(row, person, consent, by)
    writer = Writer(row, by, partner, [person])
    _fitting(writer, person, places, by)
    found = queries.application_of(row, person)
    if found is None:
        found = writer.application(person)
        found.save(force_insert=True)
    elif list(found.choices.order_by("rank").values_list("place_id", flat=True)) != [place.pk for place in places]:
        found.choices.all().delete()
        found.changed_at = writer.now
        found.save(update_fields=["changed_at"])
    if not found.choices.exists():
        Choice.objects.bulk_create(writer.choices(found, person, places))
    audit.record(
        by=by, verb="rounds.apply", subject=person, fields=["choices"], partner=partner.code if partner else ""
    )
    return found


@action
def apply_many(*, round: Round, rows: Sequence[ApplyRow], by: User, partner: Partner | None = None) -> int:  # noqa: A002
    """Enter many lists at once, all or none; who has applied already is passed over. A constant number of statements
    per 1,000 rows. Raises RoundError naming the row by its place."""
    check_stay(round.partner_id, partner.pk if partner else round.partner_id)
    hold_people([each.person for each in rows])  # nor is one withdrawn here
    row = Round.objects.select_for_update(of=("self",), no_key=True).select_related("partner").get(pk=round.pk)
    _taking(row)
    people = _people(row, [each.person for each in rows], by)
    there = set(queries.standing_applications(row).values_list("person_id", flat=True))
    places = _places(row)
    writer = Writer(row, by, partner, list(people.values()))
    made, choices = [], []
    for number, each in enumerate(rows, 1):
        person = people.get(each.person)
        if person is None:
            words = _("Row %(row)s: this person is closed, not in your scope, or has not agreed to take part.")
            raise RoundError("row", words % {"row": number})
        if each.person in there:
            continue
        there.add(each.person)
        application = writer.application(person)
        made.append(application)
        listed = _listed(row, each.opportunities, places)
        _still_given(listed, person, by)
        _fitting(writer, person, listed, by)
        choices += writer.choices(application, person, listed)
    Application.objects.bulk_create(made, batch_size=STEP)
    Choice.objects.bulk_create(choices, batch_size=5 * STEP)
    audit.record_many(
        by=by, verb="rounds.apply", subjects=[each.person for each in made if each.person], fields=["choices"]
    )
    audit.record(by=by, verb="rounds.apply_many", subject=row)
    return len(made)


@action
def withdraw(*, application: Application, by: User) -> Application:
    """Take an application back while the round is open; twice is once. Raises RoundError afterwards."""
    row = lock_application(application, by)
    if row.withdrawn_at is None:
        _taking(row.round)
        row.withdrawn_at, row.withdrawn_why = clock.now(), "person"
        row.save(update_fields=["withdrawn_at", "withdrawn_why"])
    audit.record(by=by, verb="rounds.withdraw", subject=row.person)
    return row


@action
def withdraw_without_consent(*, consent: Consent, by: User) -> int:
    """The person withdrew the agreement: applications to that office's rounds that are not decided are taken back;
    how many. What is decided stays provable by its pseudonym."""
    if consent.purpose != Purpose.ROUND:
        audit.record(by=by, verb="rounds.consent_untouched", subject=consent.person)
        return 0
    hold_rounds(undecided_by(consent).values_list("round", flat=True))
    count = undecided_by(consent).update(withdrawn_at=clock.now(), withdrawn_why="consent")
    audit.record(by=by, verb="rounds.withdraw", subject=consent.person, reason="consent")
    return count


def _taking(row: Round) -> None:
    """The published closing time holds even if nobody has closed the round yet."""
    if row.stage is not Status.OPEN or row.closes_at is None or clock.now() >= row.closes_at:
        raise RoundError("not_open", _("This round does not take or change applications now."))


def _places(row: Round) -> dict[UUID, Place]:
    return {place.opportunity_id: place for place in queries.places_of(row)}


def _listed(row: Round, wanted: Iterable[UUID], places: Mapping[UUID, Place]) -> list[Place]:
    listed = list(wanted)
    most = policy_of(row).most_choices
    if not listed:
        raise RoundError("no_choice", _("Choose at least one place."))
    if len(set(listed)) < len(listed):
        raise RoundError("choice_twice", _("A place stands twice in the list."))
    if len(listed) > most:
        raise RoundError("too_many", _("Choose at most %(most)s places.") % {"most": most})
    if any(each not in places for each in listed):
        raise RoundError("not_in_round", _("One of the places is not part of this round."))
    return [places[each] for each in listed]


def _still_given(listed: Sequence[Place], person: Person, by: User) -> None:
    odd = next((place for place in listed if place.off or not queries.is_given(place)), None)
    if odd is not None:
        words = _("“%(title)s” is not to be had any more and is out of this round. Take it off the list.")
        raise RoundError("place_out", words % {"title": named(odd.opportunity, person, by)})


def _fitting(writer: Writer, person: Person, listed: Sequence[Place], by: User) -> None:
    """An opportunity whose own rule says no takes nobody; what is not known refuses nobody."""
    odd = next((place for place in listed if writer.scorer.refused(person.pk, place)), None)
    if odd is not None:
        words = _("“%(title)s” has a condition that this person does not meet. Take it off the list.")
        raise RoundError("not_eligible", words % {"title": named(odd.opportunity, person, by)})


def _agreed(row: Round, person: Person, given: ConsentRow | None, by: User) -> None:
    if consented(person, Purpose.ROUND, row.partner):
        return
    if given is None or given.purpose != Purpose.ROUND or given.recipient != row.partner:
        raise RoundError("consent", _("The person must first agree that this office uses the record in the round."))
    record_consent(person=person, given=given, by=by)


def _people(row: Round, wanted: list[UUID], by: User) -> dict[UUID, Person]:
    """Those of them who live, have agreed, and whom `by` may enter."""
    agreed = Consent.objects.filter(
        person__in=wanted, purpose=Purpose.ROUND, recipient=row.partner_id, withdrawn_at=None
    )
    scope = Person.objects.all() if by.is_system else acted_for_by(by, Permission.APPLY_FOR_OTHERS)
    rows = scope.filter(pk__in=agreed.order_by().values("person"), status__in=LIVING).select_related("key", "area")
    return {person.pk: person for person in rows}
