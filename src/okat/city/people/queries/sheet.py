"""One person's record with all that hangs on it, in one statement, for the page that shows all of it."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import F, Q
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.core import audit, kept
from okat.city.core.models import DataKey
from okat.city.core.registries import ALONG
from okat.city.core.together import Together, hand_out
from okat.city.partners import queries as partners
from okat.city.people.models import (
    Basis,
    BreakGlass,
    Consent,
    Evidence,
    Grant,
    Household,
    Need,
    Person,
    PhoneCheck,
    Questionnaire,
    Score,
    Slip,
    Visit,
)
from okat.city.people.queries.by_law import resting_on, stands
from okat.city.people.queries.files import OF_RECORD
from okat.city.people.queries.record import SECTIONS
from okat.city.people.queries.scope import Standing, standing
from okat.city.people.rules import OPEN_STATUSES, NeedStatus, Status
from okat.city.places import queries as places
from okat.city.taxonomy import queries as taxonomy

KEPT = "questionnaires"
Row = TypeVar("Row", Need, Consent, Visit, Basis)
VISITS, EVIDENCE, FAMILY = 20, 6, 20


def _one(pk: UUID) -> Q:
    return Q(household__in=Person.objects.filter(pk=pk).values("household"))


_SHEET = Together(
    UUID,
    person=lambda pk: Person.objects.filter(pk=pk, status__in=OPEN_STATUSES),
    key=lambda pk: DataKey.objects.filter(pk__in=Person.objects.filter(pk=pk).values("key")),
    joined=lambda pk: Person.objects.filter(merged_into=pk, status=Status.MERGED).order_by("created_at", "id"),
    joined_keys=lambda pk: DataKey.objects.filter(pk__in=Person.objects.filter(merged_into=pk).values("key")),
    household=lambda pk: Household.objects.filter(pk__in=Person.objects.filter(pk=pk).values("household")),
    grants=lambda pk: Grant.objects.resting().filter(person=pk),
    openings=lambda pk: BreakGlass.objects.filter(person=pk),
    needs=lambda pk: Need.objects.filter(person=pk),
    scores=lambda pk: Score.objects.filter(person=pk, current=True)[:1],
    consents=lambda pk: Consent.objects.filter(Q(person=pk) | Q(person__merged_into=pk)).annotate(
        said=F("words__text"), language=F("words__language"), lapsed=F("withdrawn_by__is_system")
    ),
    bases=resting_on,
    visits=lambda pk: Visit.objects.filter(person=pk).annotate(by_name=F("by__name"))[:VISITS],
    evidence=lambda pk: Evidence.objects.filter(person=pk, kind=OF_RECORD)[:EVIDENCE],
    phones=lambda pk: PhoneCheck.objects.filter(person=pk, confirmed_at__isnull=False).annotate(by_name=F("by__name")),
    slips=lambda pk: Slip.objects.filter(person=pk, told_at=None),
    family=lambda pk: Person.objects.filter(_one(pk), status__in=OPEN_STATUSES).exclude(pk=pk),
    family_grants=lambda pk: Grant.objects.resting().filter(person__in=Person.objects.filter(_one(pk)).exclude(pk=pk)),
)


@functools.cache
def _whole() -> Together:
    """With what other apps will say of the person."""
    return _SHEET.with_others(dict(ALONG))


@dataclass(frozen=True)
class Sheet:
    """A person and what is known of them, as far as the reader stands to it."""

    person: Person
    standing: Standing
    needs: list[Need]  # open ones first
    score: Score | None
    consents: list[Consent]
    bases: list[Basis]  # laws by which offices keep the record
    visits: list[Visit]
    evidence: list[Evidence]  # that belongs to the record
    phone: PhoneCheck | None  # where the record's number was confirmed
    slips: list[Slip]  # what nobody has told yet
    family: list[Person]  # others of the household whom the reader may see
    joined: list[Person]  # records that were joined into this one


def open_sheet(user: User, person_id: UUID) -> Sheet:
    """As `open_person`, with all that its page shows; the look is recorded. A merged record is not followed.

    Raises Http404 where there is none or it is not in scope: the two look alike.
    """
    found = _whole().of(person_id)
    person = _placed(found["person"])[0] if found["person"] else None
    seen = standing(user, person, found["grants"], found["openings"]) if person else None
    if person is None or seen is None:
        raise Http404("person")
    person.__dict__["read_by"] = (user.pk, seen)
    through = "" if seen.own else seen.partners[0].code if seen.partners else ""
    if seen.opening is not None and not seen.own and not seen.partners:
        through = partners.known()[seen.opening.partner_id].code
    audit.record(by=user, verb="people.read", subject=person, fields=SECTIONS, partner=through, reason="view")
    hand_out(found, dict(ALONG), person)
    person.key, person.household = next(iter(found["key"]), None), next(iter(found["household"]), None)
    person.__dict__["joined_keys"] = found["joined_keys"]
    grants = _by_person(found["family_grants"])
    family = [one for one in _placed(found["family"]) if standing(user, one, grants.get(one.pk, []), ())]
    return Sheet(
        person, seen, _needs(found["needs"]), _score(found["scores"]), _named(found["consents"], "recipient"),
        [row for row in _named(found["bases"], "partner") if stands(row)],
        _named(found["visits"], "partner"), found["evidence"],
        next((row for row in found["phones"] if row.phone == person.phone), None), found["slips"], family[:FAMILY],
        _placed(found["joined"]),
    )  # fmt: skip


def questionnaires() -> dict[int, Questionnaire]:
    """Every version of every questionnaire, by its id."""
    return kept.value(KEPT, lambda: {row.pk: row for row in Questionnaire.objects.all()})


def _placed(rows: list[Person]) -> list[Person]:
    areas = places.known()
    for person in rows:
        person.area = areas[person.area_id]
    return rows


def _by_person(grants: Iterable[Grant]) -> dict[UUID, list[Grant]]:
    found: dict[UUID, list[Grant]] = {}
    for grant in grants:
        found.setdefault(grant.person_id, []).append(grant)
    return found


def _needs(rows: list[Need]) -> list[Need]:
    terms = taxonomy.words().by_id
    for need in _named(rows, "partner"):
        need.term = terms[need.term_id]
    return sorted(rows, key=lambda need: need.status != NeedStatus.OPEN)


def _score(rows: list[Score]) -> Score | None:
    for score in rows:
        score.questionnaire = questionnaires()[score.questionnaire_id]
    return next(iter(rows), None)


def _named(rows: list[Row], field: str) -> list[Row]:
    """With the partner to whom each row refers."""
    known = partners.known()
    for row in rows:
        setattr(row, field, known.get(getattr(row, f"{field}_id")))
    return rows
