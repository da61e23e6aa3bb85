"""What cases keep going for a person."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, QuerySet, Value

from okat.city.cases.models import Case
from okat.city.cases.queries.rounds import begun, given_back_until
from okat.city.cases.rules import OPEN_STATES, State
from okat.city.core.registries import Going
from okat.city.core.templatetags.okat import words


def going(person: UUID) -> list[Going]:
    """Whoever reads the lines out leaves out what tells too much."""
    rows = Case.objects.filter(person=person, state__in=OPEN_STATES).select_related("opportunity", "need", "owner")
    rows = rows.annotate(
        deep=Value(True), returning=given_back_until(), begun=ExpressionWrapper(begun(), BooleanField())
    )
    return [
        Going(
            begun=case.begun, title=words(case), note=f"{case.stage_label} · {words(case.owner)}",
            tells=case.tells,
        )
        for case in rows.order_by("opened_at")
    ]  # fmt: skip


def offices(person: UUID) -> Iterable[int]:
    """Those that were responsible for cases of theirs: what a wrong word closed is proposed again by them."""
    return Case.objects.filter(person=person).order_by().values_list("owner", flat=True).distinct()


def unasked(people: Iterable[UUID]) -> QuerySet[Case]:
    """Offers to these persons that wait for an account's answer, where no account opens the record any more."""
    return Case.objects.filter(person__in=list(people), person__user=None, state=State.OFFERED, acts_next=None)
