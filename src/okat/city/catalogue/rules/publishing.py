"""What must hold before an opportunity is shown to everybody. Pure."""

import datetime as dt
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.rules import Fault


class Told(Protocol):
    """What is looked at: a row of a form or a stored opportunity."""

    title_th: str
    title_en: str
    summary_th: str
    summary_en: str
    about_th: str
    about_en: str
    closes_on: dt.date | None
    online: bool
    place_note: str


def check_publishable(told: Told, *, today: dt.date, has_venue: bool, has_formats: bool) -> list[Fault]:
    """All that is missing: one whole language, a window that is not over, a way to take part and where."""
    faults = []
    thai = bool(told.title_th.strip() and (told.summary_th.strip() or told.about_th.strip()))
    english = bool(told.title_en.strip() and (told.summary_en.strip() or told.about_en.strip()))
    if not (thai or english):
        faults.append(Fault("summary_th", _("Say in one language at least, Thai or English, what it is about.")))
    if told.closes_on is not None and told.closes_on < today:
        faults.append(Fault("closes_on", _("The last day to apply is over.")))
    if not (has_formats or told.online):
        faults.append(Fault("formats", _("Say how people take part: on site, online, at home ...")))
    if not (told.online or has_venue or told.place_note.strip()):
        faults.append(Fault("place_note", _("Say where it is: a venue, or the place in words.")))
    return faults


def check_reason(reason: str) -> list[Fault]:
    return [] if reason.strip() else [Fault("reason", _("Say why, for those who applied."))]
