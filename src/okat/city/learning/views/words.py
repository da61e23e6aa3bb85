"""What the screens of learning say of sessions and learners."""

from collections.abc import Sequence
from typing import Any

import segno
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from okat.city.catalogue.models import Session
from okat.city.core import clock
from okat.city.core.templatetags.okat import be
from okat.city.learning.rules import Standing
from okat.city.learning.rules.assessing import FEWEST, Gain, course_gain
from okat.city.people.models import Questionnaire

TONES: dict[str, Any] = {"active": "", "completed": "good", "left": "plain", "cancelled": "plain"}


def when(session: Session) -> str:
    """6 ธ.ค. 2569 09:00-12:00"""
    start, end = timezone.localtime(session.start), timezone.localtime(session.end)
    return f"{be(start)} {start:%H:%M}-{end:%H:%M}"


def off(session: Session) -> str:
    """Why it was called off; empty where it takes place."""
    found = getattr(session, "called_off", None)
    return str(found.reason) if found is not None else ""


def state(session: Any) -> tuple[str, str]:
    """In words, and the tone; of a session that was loaded with its counts."""
    if off(session):
        return _("Called off: %(reason)s") % {"reason": off(session)}, "no"
    if session.marked:
        return _("%(n)s present") % {"n": session.present}, "good"
    if session.start <= clock.now():
        return _("Nobody noted yet"), "warn"
    return _("To come"), "plain"


def standing(value: str) -> str:
    return str(Standing(value).label)


def gain(instrument: Questionnaire, gains: Sequence[Gain]) -> tuple[str, str]:
    """An instrument's title, and what a course gained by it; of few learners nothing is told."""
    title, found = instrument.data["title"]["en" if get_language() == "en" else "th"], course_gain(gains)
    if found is None:
        return title, _("fewer than %(n)s learners were assessed before and after: nothing is told") % {"n": FEWEST}
    points = f"{'+' if found.tenths > 0 else '−' if found.tenths < 0 else ''}{abs(found.tenths) / 10:.1f}"
    values = {"points": points, "most": found.most, "n": found.learners}
    return title, _("%(points)s of %(most)s points on average; %(n)s learners") % values


def picture(address: str) -> SafeString:
    """A QR code as a drawing inside the page."""
    drawn = segno.make(address, error="m").svg_inline(scale=6, border=4, svgclass="qr", lineclass=None, light="#fff")
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from modules, holds no text of ours
