"""Courses that go on, and requests that wait, when their partner leaves."""

from functools import partial
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.catalogue.actions import hand_over
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Status
from okat.city.core.registries import HANDOVER, Holding
from okat.city.learning.actions._line import end_all, lock, open_turns
from okat.city.learning.models import Enrolment, Recognition, Turn
from okat.city.learning.rules import Standing
from okat.city.learning.rules.recognising import State
from okat.city.partners.models import Partner
from okat.city.people.actions import tell


def register() -> None:
    HANDOVER.register(
        "40 learning.course",
        Holding(
            ("catalogue.Opportunity.provider",),
            lambda n: ngettext("%(n)s course with learners", "%(n)s courses with learners", n) % {"n": n},
            lambda partner: _taught(partner).count(),
            taken=_("it teaches on, keeps attendance, issues the certificates and takes their waiting lists along"),
            hand=partial(_hand, taught=True), courses=_left,
            names=_taught,
        ),
    )  # fmt: skip
    HANDOVER.register(
        "41 learning.line",
        Holding(
            ("learning.Turn.opportunity",),
            lambda n: ngettext("%(n)s course that people wait for", "%(n)s courses that people wait for", n) % {"n": n},
            lambda partner: _waited(partner).count(),
            taken=_("the waiting lists go on there; that of a course with learners goes with the course"),
            hand=partial(_hand, taught=False),
            closed=_("the waiting lists end, and everybody in them is told"), close=_end, courses=_left,
            names=_waited,
        ),
    )  # fmt: skip
    HANDOVER.register(
        "42 learning.recognition",
        Holding(
            ("learning.Recognition.partner",),
            lambda n: ngettext("%(n)s request for recognition", "%(n)s requests for recognition", n) % {"n": n},
            lambda partner: _asked(partner).count(),
            taken=_("it decides them"), hand=_hand_requests,
        ),
    )  # fmt: skip


def _taught(partner: Partner) -> QuerySet[Opportunity]:
    rows = Enrolment.objects.filter(opportunity=OuterRef("pk"), standing=Standing.ACTIVE)
    return Opportunity.objects.filter(Exists(rows), provider=partner).order_by("pk")


def _waited(partner: Partner) -> QuerySet[Opportunity]:
    rows = Turn.objects.filter(opportunity=OuterRef("pk"), ended_at=None)
    return Opportunity.objects.filter(Exists(rows), provider=partner).order_by("pk")


def _asked(partner: Partner) -> QuerySet[Recognition]:
    return Recognition.objects.filter(partner=partner, state=State.ASKED)


def _left(partner: Partner) -> list[UUID]:
    return [*_taught(partner).values_list("pk", flat=True), *_waited(partner).values_list("pk", flat=True)]


def _hand(*, partner: Partner, to: Partner, by: User, taught: bool) -> None:
    """What the catalogue left: courses that take nobody new, with learners or a line. One goes whole: where somebody
    learns, that is what is asked of it (`taught`), and its line goes along."""
    teaches = set(_taught(partner).values_list("pk", flat=True))
    waits = set(_waited(partner).values_list("pk", flat=True)) - teaches
    hand_over(Opportunity.objects.filter(pk__in=teaches if taught else waits).exclude(status=Status.DRAFT), to, by)


def _end(*, partner: Partner, by: User) -> None:
    for course in _waited(partner):
        row = lock(course)
        end_all(row, list(open_turns(row)), by)


def _hand_requests(*, partner: Partner, to: Partner, by: User) -> None:
    rows = _asked(partner).filter(person__isnull=False).select_related("person__user")
    asked = {row.person_id: row.person for row in rows if row.person is not None}
    _asked(partner).update(partner=to)
    if asked:
        tell(
            people=asked.values(), kind="learning.request_handed_over", url="/learning/mine/recognition/",
            params={"partner": to.th, "before": partner.th}, by=by,
        )  # fmt: skip
