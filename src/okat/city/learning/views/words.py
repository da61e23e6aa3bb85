"""What the screens of learning say of sessions and learners."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from okat.city.catalogue.models import Session
from okat.city.catalogue.rules import Status
from okat.city.core import clock
from okat.city.core.templatetags.okat import be
from okat.city.learning.models import Enrolment, Material, Turn
from okat.city.learning.rules import Progress, Standing
from okat.city.learning.rules.after import Made
from okat.city.learning.rules.assessing import FEWEST, Gain, course_gain
from okat.city.learning.rules.line import State
from okat.city.people.models import Questionnaire

TONES: dict[str, Any] = {"active": "", "completed": "good", "left": "plain", "cancelled": "plain", "joined": "plain"}


def when(session: Session) -> str:
    """6 ธ.ค. 2569 09:00-12:00"""
    start, end = timezone.localtime(session.start), timezone.localtime(session.end)
    return f"{be(start)} {start:%H:%M}-{end:%H:%M}"


def off(session: Session) -> str:
    """Why it was called off; empty where it takes place."""
    found = getattr(session, "called_off", None)
    return str(found.reason) if found is not None else ""


def never(session: Session) -> bool:
    """It was still to come when its course was cancelled."""
    course = session.opportunity
    return course.status == Status.CANCELLED and (course.ended_at is None or session.start > course.ended_at)


def state(session: Any) -> tuple[str, str]:
    """In words, and the tone; of a session that was loaded with its counts."""
    if off(session):
        return _("Called off: %(reason)s") % {"reason": off(session)}, "no"
    if session.marked:
        return _("%(n)s present") % {"n": session.present}, "good"
    if never(session):
        return _("Does not take place any more"), "no"
    if session.start <= clock.now():
        return _("Nobody noted yet"), "warn"
    return _("To come"), "plain"


def standing(row: Enrolment) -> str:
    """How somebody stands in a course; loaded with `never_began`."""
    return _("Gave the place back before it began") if unbegun(row) else str(Standing(row.standing).label)


def unbegun(row: Enrolment) -> bool:
    return bool(getattr(row, "never_began", False))


def attended(row: Enrolment, done: Progress) -> tuple[str, str]:
    """How many of the sessions held, and the percent; of none there is neither."""
    if unbegun(row) or not done.held:
        return "–", ""
    return f"{done.attended}/{done.held}", f"{done.share}%"


def gain(instrument: Questionnaire, gains: Sequence[Gain]) -> tuple[str, str]:
    """An instrument's title, and what a course gained by it; of few learners nothing is told."""
    title, found = instrument.data["title"]["en" if get_language() == "en" else "th"], course_gain(gains)
    if found is None:
        return title, _("fewer than %(n)s learners were assessed before and after: nothing is told") % {"n": FEWEST}
    points = f"{'+' if found.tenths > 0 else '−' if found.tenths < 0 else ''}{abs(found.tenths) / 10:.1f}"
    values = {"points": points, "most": found.most, "n": found.learners}
    return title, _("%(points)s of %(most)s points on average; %(n)s learners") % values


def mark(session: Session, there: bool | None) -> tuple[str, str]:
    """The tone and the word of a learner's own attendance; empty where nothing is noted."""
    if off(session):
        return "no", _("Called off: %(reason)s") % {"reason": off(session)}
    if never(session):
        return "no", _("Does not take place any more")
    if there is None:
        return "", ""
    return ("good", _("present")) if there else ("warn", _("absent"))


def made_up(session: Session) -> str:
    """What it makes up for; empty for an ordinary session."""
    found = getattr(session, "makes_up", None)
    return _("Makes up for %(day)s") % {"day": when(found.missed)} if found is not None else ""


@dataclass(frozen=True)
class Shown:
    """A material as pages show it."""

    pk: int
    title: str
    made: str
    tone: str
    about: str
    text: str
    url: str


def material(row: Material) -> Shown:
    about = when(row.session) if row.session is not None else _("The whole course")
    tone = "warn" if row.made in {Made.PICTURE, Made.VIDEO} else "plain"
    return Shown(row.pk, row.title, str(Made(row.made).label), tone, about, row.text, row.url)


def turn(row: Turn) -> str:
    """An open turn, with the day where a place is offered."""
    if row.state == State.OFFERED:
        return _("A place is offered: answer by %(day)s") % {"day": be(row.answer_by)}
    return str(State(row.state).label)


def picture(address: str, scale: int = 6) -> SafeString:
    """A QR code as a drawing inside the page; `scale`: pixels for each of its squares."""
    drawn = segno.make(address, error="m").svg_inline(
        scale=scale, border=4, svgclass="qr", lineclass=None, light="#fff"
    )
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from modules, holds no text of ours
