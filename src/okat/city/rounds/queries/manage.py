"""What the people who run a round see of it: figures and settings, never a list of people."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404
from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission, may
from okat.city.partners.models import Membership, Partner
from okat.city.partners.queries import partners_where
from okat.city.partners.rules import PERMISSIONS
from okat.city.people.models import Score
from okat.city.places.models import Area
from okat.city.rounds.models import Appeal, Application, Choice, Decision, Place, Round
from okat.city.rounds.queries.reviews import agreed_to
from okat.city.rounds.queries.scope import appeals_for, rounds_of
from okat.city.rounds.rules import Appeal as AppealStatus
from okat.thai.partial import age

# A person's age counts on the day the round closed; 200 stands for "and over".
AGES = ((0, 14), (15, 24), (25, 59), (60, 200))
BANDS = ((0, 24), (25, 49), (50, 74), (75, 1000))


def staff_rounds(user: Any) -> QuerySet[Round]:
    """Rounds that the user runs, and those in which they are a named auditor."""
    if not isinstance(user, User):
        return Round.objects.none()
    wanted = Q(pk__in=rounds_of(user).values("pk")) | Q(pk__in=appeal_rounds(user).values("pk"))
    if may(user, Permission.AUDIT_DECISIONS):
        wanted |= Q(pk__in=Round.auditors.through.objects.filter(user=user).values("round"))
    return Round.objects.filter(wanted).select_related("partner", "key", "run_by")


def appeal_rounds(user: User) -> QuerySet[Round]:
    return Round.objects.filter(partner__in=partners_where(user, Permission.ANSWER_APPEALS))


def open_staff(user: Any, pk: UUID) -> Round:
    found = staff_rounds(user).filter(pk=pk).first()
    if found is None:
        raise Http404("round")
    return found


def counted(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """With `asked`, the number of applications that count."""
    return rounds.annotate(asked=Count("applications", filter=Q(applications__withdrawn_at=None), distinct=True))


def latest_of(rounds: Iterable[Round]) -> dict[UUID, Decision]:
    """The newest version of each round that may be seen by everybody; of each only its figures."""
    rows = Decision.objects.filter(round__in=[row.pk for row in rounds], shown__isnull=False)
    rows = rows.order_by("round_id", "-version").distinct("round_id")
    return {row.round_id: row for row in rows.only("id", "round", "figures", "shown")}


def seats_of(rounds: Iterable[Round]) -> dict[UUID, int]:
    rows = Place.objects.filter(round__in=[r.pk for r in rounds], off="").values("round")
    return {row["round"]: row["seats"] for row in rows.annotate(seats=Sum("capacity")).order_by("round")}


def planning_partners(user: Any) -> QuerySet[Partner]:
    ids = [p.pk for p in partners_where(user, Permission.PLAN_ROUNDS)] if isinstance(user, User) else []
    return Partner.objects.filter(pk__in=ids).order_by("th")


def possible_auditors() -> QuerySet[User]:
    roles = [role for role, held in PERMISSIONS.items() if Permission.AUDIT_DECISIONS in held]
    members = Membership.objects.current().filter(role__in=roles).values("user")
    return User.objects.filter(pk__in=members, is_active=True).order_by("name")


def open_appeals(user: Any) -> QuerySet[Appeal]:
    return appeals_for(user).filter(status=AppealStatus.OPEN)


def appeals_to_answer(user: User) -> QuerySet[Appeal]:
    """Of these the ones that the user may answer: whoever ran a round leaves them to a colleague (`may_answer`)."""
    decided = Decision.objects.filter(round=OuterRef("application__round"), version=1, by=user)
    return open_appeals(user).exclude(application__round__run_by=user).exclude(Exists(decided))


def answered_appeals(user: Any) -> QuerySet[Appeal]:
    return appeals_for(user).exclude(status=AppealStatus.OPEN).order_by("-answered_at")[:20]


def labels_of(round_: Round) -> dict[str, tuple[str, ...]]:
    """For the report: each pseudonym's sex, age band, vulnerability band and district, as codes; people erased since
    have none."""
    rows = Application.objects.filter(round=round_, person__isnull=False).values_list(
        "pseudonym", "person", "person__sex", "person__birth_first", "person__area__path"
    )
    listed = list(rows)
    scores = dict(
        Score.objects.filter(person__in=[row[1] for row in listed], current=True)
        .order_by("at", "id")
        .values_list("person", "value")
    )
    on = timezone.localdate(round_.closes_at or round_.created_at)
    return {
        pseudonym: (
            *([f"sex:{sex}"] if sex else []),
            *([_band("age", age(born, on).high, AGES)] if isinstance(born, dt.date) and born <= on else []),
            *([_band("score", scores[person], BANDS)] if person in scores else []),
            f"area:{_district(path)}",
        )
        for pseudonym, person, sex, born, path in listed
    }


def _band(kind: str, value: int, bands: tuple[tuple[int, int], ...]) -> str:
    low, high = next((band for band in bands if band[0] <= value <= band[1]), bands[-1])
    return f"{kind}:{low}-{high}"


def _district(path: str) -> str:
    """Province and district of a path: the first two codes."""
    parts = path.strip("/").split("/")
    return parts[min(1, len(parts) - 1)]


def area_names(codes: Iterable[str]) -> dict[str, Area]:
    return {area.code: area for area in Area.objects.filter(code__in=set(codes))}


@dataclass(frozen=True)
class Data:
    """One applicant of a round, to try policies on: groups, district and the wishes with what the score is counted
    from (place's code, raw values)."""

    pseudonym: str
    groups: frozenset[str]
    area: str
    wishes: tuple[tuple[str, dict[str, Any]], ...]


def data_of(round_: Round) -> list[Data]:
    """The applicants of a round as they were scored; people erased since, and who took back the consent for it, are
    left out. Sealed values are opened here and leave only as figures."""
    stands = agreed_to(round_).filter(person=OuterRef("person"))
    applications = Application.objects.filter(Exists(stands), round=round_, withdrawn_at=None, person__isnull=False)
    rows = list(applications.select_related("person__key", "person__area").order_by("pseudonym"))
    wishes: dict[UUID, list[tuple[str, bytes]]] = {row.pk: [] for row in rows}
    choices = Choice.objects.filter(application__in=list(wishes), place__off="").order_by("application", "rank")
    for application, opportunity, sealed in choices.values_list("application", "place__opportunity", "parts_sealed"):
        wishes[application].append((str(opportunity), bytes(sealed or b"")))
    return [_opened(row, wishes[row.pk]) for row in rows if row.person and row.person.key and wishes[row.pk]]


def _opened(row: Application, wishes: list[tuple[str, bytes]]) -> Data:
    person = row.person
    assert person is not None
    kept = person.unseal(row.sealed) or {"groups": ()}
    opened = tuple((code, raw["raw"]) for code, sealed in wishes if (raw := person.unseal(sealed)))
    return Data(row.pseudonym, frozenset(kept["groups"]), _district(person.area.path), opened)
