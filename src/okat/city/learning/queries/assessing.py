"""Assessments: the city's instruments, one learner's, and what a course achieved."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit
from okat.city.core.permissions import Permission
from okat.city.learning.models import Assessment, Enrolment
from okat.city.learning.queries.courses import LEARNING, with_beginning
from okat.city.learning.rules.assessing import USE, Gain, When
from okat.city.partners.queries import partners_where
from okat.city.people.models import Questionnaire
from okat.city.people.queries import may_act_for, may_see_sensitive


def instruments() -> list[Questionnaire]:
    """Those in use, by their code."""
    return list(Questionnaire.objects.filter(active=True, data__use=USE).order_by("code"))


def open_learner(user: User, pk: UUID) -> Enrolment:
    """A learner of a course of the user's partner which holds their record; the look is recorded. Raises Http404."""
    mine = partners_where(user, Permission.TEACH)
    rows = Enrolment.objects.filter(opportunity__provider__in=mine, opportunity__kind__in=LEARNING, pk=pk)
    rows = with_beginning(rows)
    found = rows.select_related("opportunity__provider", "person__key", "person__area").first()
    if found is None or found.person is None or not may_act_for(user, found.person, Permission.TEACH):
        raise Http404("learner")
    if found.opportunity.telling and not may_see_sensitive(user, found.person):
        raise Http404("learner")
    audit.record(by=user, verb="people.read", subject=found.person, fields=["identity"], reason="learner")
    return found


def instrument_for(enrolment: Enrolment, code: str, moment: When, version: int | None = None) -> Questionnaire:
    """The version that was used before is used after, so that the two can be compared; a page that was drawn with
    another (`version`) is kept with that one. Raises Http404."""
    if version is not None:
        drawn = Questionnaire.objects.filter(code=code, version=version, data__use=USE).first()
        if drawn is not None:
            return drawn
    other = When.BEFORE if moment == When.AFTER else When.AFTER
    for when in (moment, other):
        said = enrolment.assessments.filter(instrument__code=code, moment=when).select_related("instrument").first()
        if said is not None:
            return said.instrument
    found = next((one for one in instruments() if one.code == code), None)
    if found is None:
        raise Http404("assessment")
    return found


def said_at(enrolment: Enrolment, instrument: Questionnaire, moment: When) -> dict[str, object]:
    """The answers given, opened; load the enrolment with `person__key`."""
    row = enrolment.assessments.filter(instrument=instrument, moment=moment).first()
    found = enrolment.person.unseal(row.sealed) if row is not None and enrolment.person is not None else None
    return found or {}


def taken_by(enrolments: Iterable[UUID]) -> list[Assessment]:
    rows = Assessment.objects.filter(enrolment__in=list(enrolments)).select_related("instrument")
    return list(rows.order_by("instrument__code", "at", "id"))


def gains_of(course: Opportunity) -> list[tuple[Questionnaire, list[Gain]]]:
    """By instrument, of all learners with both; in one statement."""
    rows = Assessment.objects.filter(enrolment__opportunity=course).select_related("instrument")
    found: dict[int, dict[UUID, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    kinds = {}
    for row in rows.order_by("instrument__code", "instrument__version", "id"):
        kinds[row.instrument_id] = row.instrument
        found[row.instrument_id][row.enrolment_id][row.moment] = row.points
    return [
        (one, [
            Gain(points["before"], points["after"], one.data["score"]["max"])
            for points in found[pk].values() if len(points) == 2
        ])
        for pk, one in kinds.items()
    ]  # fmt: skip
