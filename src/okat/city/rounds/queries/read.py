"""Reading a round for its pages."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.catalogue.rules import Status as OpportunityStatus
from okat.city.core import clock
from okat.city.people.models import Person
from okat.city.rounds.models import Application, Choice, Cutoff, Decision, DrawEntry, Place, Result, Round
from okat.city.rounds.queries.living import closed
from okat.city.rounds.rules import UNDECIDED, Answer, Status, held_until
from okat.city.rounds.rules.policy import Policy


def places_of(round_: Round) -> list[Place]:
    return list(
        Place.objects.filter(round=round_).select_related("opportunity__provider", "opportunity__area").order_by("id")
    )


def candidates(round_: Round, text: str = "") -> QuerySet[Opportunity]:
    """Published opportunities of the round's family with limited places, not yet in the round; `text` in the title or
    the provider's name."""
    kinds = [kind.value for kind in FAMILIES[Family(round_.family)]]
    rows = Opportunity.objects.published().filter(kind__in=kinds, capacity__gt=0).order_by("title_th", "id")
    if text:
        named = Q(title_th__icontains=text) | Q(title_en__icontains=text) | Q(provider__th__icontains=text)
        rows = rows.filter(named | Q(provider__en__icontains=text))
    return rows.exclude(pk__in=Place.objects.filter(round=round_).values("opportunity")).select_related("provider")


def places_to_cancel(offer: Opportunity) -> list[Place]:
    """Where rounds give places in it, and nobody said yet that it is off."""
    rows = Place.objects.filter(opportunity=offer, off="")
    return list(rows.select_related("opportunity").order_by("round_id"))


def places_to_drop(offer: Opportunity) -> list[Place]:
    """Of these the ones in rounds for which people may still apply, or plan them."""
    rows = Place.objects.filter(
        opportunity=offer, off="", round__status__in=UNDECIDED[: UNDECIDED.index(Status.CLOSED)]
    )
    return list(rows.select_related("opportunity").order_by("round_id"))


def is_given(place: Place) -> bool:
    """Whether somebody who lists it could get it: it takes people, and its office is in the network. Load the place
    with opportunity and provider."""
    return place.opportunity.status == OpportunityStatus.PUBLISHED and place.opportunity.provider.left_on is None


def concerned(opportunities: Iterable[UUID]) -> list[UUID]:
    """Who stands in a round that gives places in one of these: what falls out there reaches all of them."""
    rounds = Place.objects.filter(opportunity__in=opportunities, off="").exclude(round__status=Status.DRAFT)
    rows = Application.objects.filter(round__in=rounds.values("round"), withdrawn_at=None, person__isnull=False)
    return [pk for pk in rows.order_by().values_list("person", flat=True).distinct() if pk is not None]


def still_waiting(place: Place, holders: Iterable[Application]) -> set[UUID]:
    """Those of the holders of `place` who wait for something that they ranked above it."""
    dearer = Choice.objects.filter(
        application=OuterRef("application"), rank__lt=OuterRef("rank"), place__off=""
    ).exclude(place__opportunity__status=OpportunityStatus.CANCELLED)
    rows = Choice.objects.filter(place=place, application__in=list(holders), application__result__keeps_waiting=True)
    return set(rows.filter(Exists(dearer)).values_list("application_id", flat=True))


def standing_applications(round_: Round) -> QuerySet[Application]:
    """Applications that count: not withdrawn."""
    return Application.objects.filter(round=round_, withdrawn_at=None)


def application_of(round_: Round, person: Person) -> Application | None:
    return standing_applications(round_).filter(person=person).first()


def latest(round_: Round) -> Decision | None:
    return Decision.objects.filter(round=round_).order_by("-version").first()


def latest_public(round_: Round) -> Decision | None:
    """The last version whose figures may be seen by everybody."""
    return Decision.objects.filter(round=round_, shown__isnull=False).order_by("-version").first()


def roots_of(round_: Round) -> list[Decision]:
    """Every version with its root, which is published at once, also of those that stay with the auditors."""
    return list(
        Decision.objects.filter(round=round_).exclude(root="").only("version", "root", "at").order_by("version")
    )


def free_of(round_: Round) -> dict[int, int]:
    """The places that nobody holds now, by place."""
    held = Result.objects.filter(application__round=round_, place__isnull=False).values("place")
    taken = dict(held.annotate(n=Count("id")).order_by().values_list("place", "n"))
    places = Place.objects.filter(round=round_, off="").values_list("pk", "capacity")
    return {pk: max(0, capacity - taken.get(pk, 0)) for pk, capacity in places}


def asked_for(round_: Round) -> dict[int, int]:
    """How many people's lists name each place."""
    rows = Choice.objects.filter(application__round=round_, application__withdrawn_at=None).values("place")
    return dict(rows.annotate(n=Count("id")).order_by().values_list("place", "n"))


def cutoffs_of(decision: Decision) -> list[Cutoff]:
    rows = Cutoff.objects.filter(decision=decision).select_related("place__opportunity__provider")
    return list(rows.order_by("id"))


def last_decided(round_: Round) -> Round | None:
    """The newest decided round of the same family and partner, for trying policies on."""
    done = (Status.DECIDED, Status.PUBLISHED, Status.FINISHED)
    rows = Round.objects.filter(family=round_.family, partner=round_.partner, status__in=done).exclude(pk=round_.pk)
    return rows.select_related("key").order_by("-closes_at").first()


@dataclass(frozen=True)
class Drift:
    """A place whose opportunity was changed after the rules were frozen: the round keeps the frozen number."""

    place: Place
    now: int | None


def drifts(places: Iterable[Place]) -> list[Drift]:
    return [
        Drift(place, place.opportunity.capacity)
        for place in places
        if place.off or place.opportunity.capacity != place.capacity
    ]


def draw_entries(round_: Round) -> list[DrawEntry]:
    """What was entered as the public draw, in order; none is ever taken away."""
    return list(DrawEntry.objects.filter(round=round_).select_related("by").order_by("id"))


def given_back(round_: Round, now: dt.datetime) -> QuerySet[Application]:
    """Whose place was given back and is held no longer, or was left early and is not held at all."""
    over = Q(result__held_until__lte=now) | Q(result__held_until=None)
    return Application.objects.filter(over, round=round_, result__answer=Answer.RETURNING)


def with_given_back(now: dt.datetime) -> list[Round]:
    over = Q(held_until__lte=now) | Q(held_until=None)
    due = Result.objects.filter(over, answer=Answer.RETURNING).values("application__round")
    return list(Round.objects.filter(status=Status.PUBLISHED, pk__in=due))


def to_pass_on(now: dt.datetime) -> list[Round]:
    """Rounds in which a place, or a turn, is due to go on."""
    silent = Round.objects.filter(status__in=(Status.DECIDED, Status.PUBLISHED), pk__in=closed().values("round"))
    return sorted({*with_given_back(now), *silent}, key=lambda row: row.pk)


def would_be_held_until(round_: Round, result: Result) -> dt.datetime | None:
    """Until when the place would be held if it were given back now; None for not at all."""
    grace = dt.timedelta(hours=Policy.from_dict(round_.rules).grace_hours)
    return held_until(clock.now(), grace, _first_session(result.place) if result.place else None)


def passes_on(round_: Round, place: Place) -> bool:
    """Whether a place that is given back now still goes to whoever waits: the round's lists run, and what it leads to
    is given, and is not over. Load the place with opportunity and provider."""
    offer = place.opportunity
    given = not place.off and offer.status != OpportunityStatus.CANCELLED and offer.provider.left_on is None
    return round_.stage is Status.PUBLISHED and given and not is_over(offer, last_end([offer.pk]).get(offer.pk))


def last_end(opportunities: Iterable[UUID]) -> dict[UUID, dt.datetime]:
    """When the last session of each ends, where there is one."""
    rows = Session.objects.filter(opportunity__in=set(opportunities)).order_by()
    return dict(rows.values_list("opportunity").annotate(last=Max("end")))


def is_over(offer: Opportunity, end: dt.datetime | None) -> bool:
    if end is not None:
        return end <= clock.now()
    return offer.ends_on is not None and offer.ends_on < clock.today()


def _first_session(place: Place) -> dt.datetime | None:
    first = Session.objects.filter(opportunity=place.opportunity_id).aggregate(first=Min("start"))["first"]
    if first is None and place.opportunity.starts_on is not None:
        first = timezone.make_aware(dt.datetime.combine(place.opportunity.starts_on, dt.time.min))
    return first if isinstance(first, dt.datetime) else None


def answers(round_: Round) -> dict[Answer, int]:
    """How many results stand at each answer, as people read it (Result.stands)."""
    left = When(answer=Answer.RETURNING, held_until=None, then=Value(Answer.STOPPED.value))
    rows = Result.objects.filter(application__round=round_).values_list(Case(left, default=F("answer")))
    return {Answer(answer): count for answer, count in rows.annotate(n=Count("id")).order_by()}


def to_open(now: dt.datetime) -> list[Round]:
    return list(Round.objects.filter(status=Status.FROZEN, opens_at__lte=now))


def to_close(now: dt.datetime) -> list[Round]:
    return list(Round.objects.filter(status=Status.OPEN, closes_at__lte=now))


def with_late_answers(today: dt.date) -> list[Round]:
    late = Result.objects.filter(answer=Answer.OFFERED, answer_by__lt=today).values("application__round")
    return list(Round.objects.filter(status=Status.PUBLISHED, pk__in=late))
