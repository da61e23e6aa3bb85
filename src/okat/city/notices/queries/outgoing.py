"""What the city's outbox did this month, for whoever pays for it. Figures and reasons, never a reader."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.rules import Channel
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.core.outbox import channels
from okat.city.notices.rules import CHANNELS, ORDER

State = Letter.State
_MEND: Mapping[str, Promise] = {
    "sign_in": _(
        "The key or password for this server is refused: the operator writes the right one into the settings."
    ),
    "credit": _("The account at the gateway is empty: pay credit in; letters go by another way meanwhile."),
    "quota": _("The month's messages of the LINE account are used up: buy more, or wait for the next month."),
    "bad_number": _("The number or address does not exist any more: confirm a new one with the person."),
    "no_answer": _("The server does not answer: the operator looks whether it is running."),
    "our_fault": _("A fault of this program: the operator finds it in the log."),
}
_OTHER = _("The other side refuses it; the operator finds the meaning of the code in the guide.")


def month() -> dict[str, Any]:
    first = timezone.localtime(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    of_month = Letter.objects.filter(done_at__gte=first)  # sent or failed then: a bill counts by that day too
    sent = {row["channel"]: row for row in _by(of_month.filter(state=State.SENT), "channel", total=Sum("cost"))}
    there = channels.set_up()
    rows = [
        {
            "name": CHANNELS[Channel(name)], "count": sent.get(name, {}).get("count", 0),
            "cost": Decimal(sent.get(name, {}).get("total") or 0) / 100, "there": name in there,
        }
        for name in (channel.value for channel in ORDER)
    ]  # fmt: skip
    return {
        "first": first, "rows": rows, "count": sum(row["count"] for row in rows),
        "cost": sum((row["cost"] for row in rows), Decimal(0)),
        "waiting": Letter.objects.filter(state=State.WAITING).count(),
        "held": Letter.objects.filter(state=State.HELD).values("user").distinct().count(),
        "failed": [_told(row) for row in _by(of_month.filter(state=State.FAILED), "channel", "fault")],
        "trying": [_told(row) for row in _by(Letter.objects.filter(state=State.WAITING).exclude(fault=""),
                                             "channel", "fault")],
    }  # fmt: skip


def _by(rows: QuerySet[Letter], *names: str, **more: Any) -> list[dict[str, Any]]:
    return list(rows.order_by(*names).values(*names).annotate(count=Count("pk"), **more))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    name = CHANNELS[Channel(row["channel"])] if row["channel"] else "–"
    return {"name": name, "count": row["count"], "code": row["fault"], "mend": _MEND.get(row["fault"], _OTHER)}
