"""Talks, questions and places of an employer or adviser that leaves."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.registries import HANDOVER, Holding
from okat.city.jobs.models import Ask, Concession, Slot
from okat.city.notices.actions import notify
from okat.city.partners.models import Partner


def register() -> None:
    HANDOVER.register(
        "60 jobs.ask",
        Holding(
            ("jobs.Ask.to",),
            lambda n: ngettext("%(n)s question on work", "%(n)s questions on work", n) % {"n": n},
            lambda partner: _asked(partner).count(),
            taken=_("it answers them"), hand=_hand_asks,
            closed=_("whoever asked is told that nobody answers there any more"), close=_answer,
        ),
    )  # fmt: skip
    HANDOVER.register(
        "61 jobs.slot",
        Holding(
            ("jobs.Slot.partner",),
            lambda n: ngettext("%(n)s time for a talk", "%(n)s times for a talk", n) % {"n": n},
            lambda partner: _free(partner).count(),
            closed=_("the times that nobody has taken are withdrawn"), close=_withdraw,
        ),
    )  # fmt: skip
    HANDOVER.register(
        "62 jobs.concession",
        Holding(
            ("jobs.Concession.partner",),
            lambda n: ngettext("%(n)s offer instead of employing", "%(n)s offers instead of employing", n) % {"n": n},
            lambda partner: _given(partner).count(),
            closed=_("they end today"), close=_end, things=True,
        ),
    )  # fmt: skip


def _asked(partner: Partner) -> QuerySet[Ask]:
    return Ask.objects.filter(to=partner, answered_at=None)


def _hand_asks(*, partner: Partner, to: Partner, by: User) -> None:
    Slot.objects.filter(ask__in=_asked(partner)).update(partner=to)
    _asked(partner).update(to=to)


def _answer(*, partner: Partner, by: User) -> None:
    rows = list(_asked(partner).select_related("by"))
    with override("th"):  # it is kept, and read by others than who clicks
        said = gettext("This office answers no more questions. Please ask another one.")
    Ask.objects.filter(pk__in=[row.pk for row in rows]).update(answered_at=clock.now(), answered_by=by, answer=said)
    users = [row.by for row in rows if row.by is not None]
    if users:
        params = {"partner": partner.th, "answer": said}
        notify(users=users, kind="jobs.answered", params=params, url="", by=by)


def _free(partner: Partner) -> QuerySet[Slot]:
    return Slot.objects.filter(partner=partner, start__gt=clock.now(), ask=None)


def _withdraw(*, partner: Partner, by: User) -> None:
    _free(partner).delete()


def _given(partner: Partner) -> QuerySet[Concession]:
    return Concession.objects.filter(Q(until=None) | Q(until__gt=clock.today()), partner=partner)


def _end(*, partner: Partner, by: User) -> None:
    for row in _given(partner):
        row.until = max(row.since, clock.today())
        row.save(update_fields=["until"])
