"""Slips with a code: what a code is worth, and what a browser has opened with one."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from okat.city.core import clock, crypto
from okat.city.core.own_pages import OWN_PAGES
from okat.city.people.models import CodeSlip
from okat.city.people.rules import LIVING
from okat.city.people.rules.codes import OPEN_TIME, State

KEY = "own_page"


def code_hash(code: str) -> str:
    return crypto.keyed_hash(code, "code-slip")


def code_slip_called(code: str) -> CodeSlip | None:
    """The slip on which this code stands, whatever it is worth."""
    return CodeSlip.objects.filter(code_hash=code_hash(code)).select_related("person", "partner", "opened_by").first()


def state_of(slip: CodeSlip) -> State:
    if slip.ended_at is not None:
        return State.NEWER
    if slip.opened_at is not None:
        return State.USED
    return State.FRESH if _there(slip) and clock.today() <= slip.until else State.OVER


def newer_than(slip: CodeSlip) -> CodeSlip | None:
    """The slip that was printed last for the same page."""
    return slips_about(slip.page, slip.about).exclude(pk=slip.pk).first()


def slips_about(page: str, about: UUID) -> QuerySet[CodeSlip]:
    """All that were printed for one page, the last first."""
    return CodeSlip.objects.filter(page=page, about=about).select_related("partner", "opened_by")


def remember(request: HttpRequest, slip: CodeSlip) -> None:
    """This browser, as whoever sits at it now, may read the page for a while."""
    request.session.cycle_key()
    ends = (clock.now() + OPEN_TIME).isoformat()
    request.session[KEY] = {"slip": str(slip.pk), "until": ends, "user": request.user.pk}


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def opened_in(request: HttpRequest, page: str) -> tuple[CodeSlip, dt.datetime] | None:
    """What this browser has opened with a code, and until when it may be read; None when that is over."""
    kept = request.session.get(KEY)
    if kept is None or kept["user"] != request.user.pk:
        return None
    until = dt.datetime.fromisoformat(kept["until"])
    slip = CodeSlip.objects.filter(pk=kept["slip"], page=page, ended_at=None, opened_at__isnull=False)
    found = slip.select_related("person", "partner").first()
    return (found, until) if found is not None and clock.now() < until and _there(found) else None


def _there(slip: CodeSlip) -> bool:
    alive = slip.person.status in LIVING
    return alive and OWN_PAGES[slip.page].there(slip.person_id, slip.about)
