"""What a resident sees of their own application; opening it is recorded."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.core import audit
from okat.city.core.permissions import Permission, may
from okat.city.partners.models import Partner
from okat.city.people.models import Consent, Person
from okat.city.people.queries import speaks_for
from okat.city.people.rules import LIVING
from okat.city.rounds.models import Appeal, Application, Choice, Decision, Place, Result, Round
from okat.city.rounds.queries.reviews import agreed_to, others_of, ran_for, ran_for_others
from okat.city.rounds.rules import Appeal as AppealStatus
from okat.city.rounds.rules import Status, reached

PAGE = "rounds.result"  # what a slip with a code opens


@dataclass(frozen=True)
class PartTold:
    """One part of a score, in both languages."""

    points: int
    th: str
    en: str


@dataclass(frozen=True)
class ChoiceTold:
    """One line of the list: the place, its rank, the score and its parts (points, Thai, English)."""

    place: Place
    place_id: int
    rank: int
    priority: int
    parts: list[PartTold]


@dataclass(frozen=True)
class ReviewTold:
    review: Appeal
    reason: str
    answer: str


def own_person(user: User) -> Person | None:
    """The record that is the user's own."""
    return Person.objects.filter(user=user, status__in=LIVING).select_related("key", "area").first()


def own_applications(user: Any) -> QuerySet[Application]:
    """Those of the user's own record, newest first."""
    rows = Application.objects.filter(person__user=user, withdrawn_at=None) if user.pk else Application.objects.none()
    return rows.select_related("round", "result__place__opportunity", "result__had__opportunity").order_by("-at")


def open_rounds() -> list[Round]:
    return list(Round.objects.filter(status=Status.OPEN).order_by("closes_at"))


def result_of(row: Application) -> Result | None:
    rows = Result.objects.filter(application=row)
    return rows.select_related("place__opportunity__provider", "lost__opportunity", "had__opportunity").first()


def choices_of(row: Application) -> list[ChoiceTold]:
    """The list in order, parts opened with the person's key."""
    choices = Choice.objects.filter(application=row).select_related("place__opportunity__provider").order_by("rank")
    return [ChoiceTold(c.place, c.place_id, c.rank, c.priority, _parts(row, c)) for c in choices]


def wished_in(row: Application) -> list[str]:
    """The codes of the places on the list, in order, and nothing unsealed."""
    rows = Choice.objects.filter(application=row).order_by("rank")
    return [str(opportunity) for opportunity in rows.values_list("place__opportunity", flat=True)]


def _parts(row: Application, choice: Choice) -> list[PartTold]:
    kept = row.person.unseal(choice.parts_sealed) if row.person else None
    return [PartTold(points, th, en) for _, points, th, en in kept["parts"]] if kept else []


def places_by_code(round_id: UUID, codes: set[str]) -> list[Place]:
    return list(
        Place.objects.filter(round=round_id, opportunity__in=[UUID(code) for code in codes]).select_related(
            "opportunity"
        )
    )


def reviews_of(row: Application) -> list[ReviewTold]:
    return [told(each, row) for each in Appeal.objects.filter(application=row).order_by("-at")]


def told(review: Appeal, row: Application) -> ReviewTold:
    """A review with its sealed texts opened; empty once the person's key is gone."""
    person = row.person
    reason = person.unseal(review.reason_sealed) if person else None
    answer = person.unseal(review.answer_sealed) if person else None
    return ReviewTold(review, str(reason or ""), str(answer or ""))


def to_show(person: UUID, application: UUID) -> bool:
    """Whether a slip with a code can open this application: its results are out and the round goes on."""
    return Application.objects.filter(pk=application, person=person, round__status=Status.PUBLISHED).exists()


def opened_application(pk: UUID) -> Application:
    """The application that a code has opened: the caller has asked `opened_in`."""
    rows = Application.objects.select_related("round__partner", "round__key", "person__key", "result")
    return rows.get(pk=pk)


def note_read(user: Any, row: Application) -> None:
    """A look at somebody's application is a look at their record."""
    if row.person is not None and row.person.user_id != user.pk:
        audit.record(by=user, verb="people.read", subject=row.person, fields=["application"], reason="round")


def audit_of(round_: Round, decision: Decision) -> bytes:
    """The audit bundle, opened with the round's key: for the city's own reasoning, not for anybody's screen."""
    return bytes.fromhex(round_.key.unseal(decision.audit_sealed))


def open_audited(user: Any, pk: UUID) -> Round:
    """A round in which the user is a named auditor. Raises Http404."""
    found = Round.objects.filter(pk=pk, auditors=user).select_related("key").first()
    if found is None or not may(user, Permission.AUDIT_DECISIONS):
        raise Http404("round")
    return found


def audit_bytes(round_: Round, decision: Decision, user: User) -> bytes:
    """The audit bundle for a named auditor; taking it is recorded."""
    audit.record(by=user, verb="rounds.audit_bundle", subject=round_)
    return audit_of(round_, decision)


def undecided_by(consent: Consent) -> QuerySet[Application]:
    """Applications that rest on this consent alone and are withdrawn with it: those of rounds that are not decided."""
    return _undecided(consent).exclude(round__in=ran_for_others(consent))


def _undecided(consent: Consent) -> QuerySet[Application]:
    decided = [status for status in Status if reached(status, Status.DECIDED)]
    return _resting_on(consent).exclude(round__status__in=decided)


def carried(consent: Consent) -> list[tuple[Application, Partner]]:
    """Undecided applications that another consent carries as well, and for whom that one is."""
    rows = _undecided(consent).filter(round__in=ran_for_others(consent)).select_related("round", "person")
    found = ((row, others_of(consent).filter(pk__in=agreed_to(row.round)).first()) for row in rows)
    return [(row, other.recipient) for row, other in found if other is not None and other.recipient is not None]


def decided_by(consent: Consent) -> list[Application]:
    """Applications in rounds of this consent that are decided and not over: what is decided stands without it."""
    rows = _resting_on(consent).filter(round__status__in=[Status.DECIDED, Status.PUBLISHED])
    return list(rows.select_related("round__key", "result").order_by("at"))


def waiting_reviews(consent: Consent) -> QuerySet[Appeal]:
    """Requests for review that wait for an answer, in rounds that this consent is for."""
    rows = Appeal.objects.filter(status=AppealStatus.OPEN, application__person=speaks_for(consent))
    return rows.filter(application__round__in=ran_for(consent)).select_related("application__round").order_by("at")


def _resting_on(consent: Consent) -> QuerySet[Application]:
    return Application.objects.filter(person=speaks_for(consent), round__in=ran_for(consent), withdrawn_at=None)
