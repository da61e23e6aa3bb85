"""Words and limits of work: what is asked of a partner, and from how many people on a figure is shown."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.core.refusals import UndoneError

HOURS_OF_A_WEEK = 168


class About(StrEnum):
    """What somebody asks a partner."""

    CANDIDATES = "candidates"  # an employer looks for persons with disabilities
    TALK = "talk"  # a young person would like to talk about a way into work


ABOUT_LABELS: dict[About, Promise] = {
    About.CANDIDATES: _("An employer asks for candidates"),
    About.TALK: _("A young person would like to talk"),
}


class When(StrEnum):
    """When somebody can be reached."""

    DAY = "day"
    EVENING = "evening"
    WEEKEND = "weekend"


WHEN_LABELS: dict[When, Promise] = {
    When.DAY: _("On weekdays"),
    When.EVENING: _("In the evening"),
    When.WEEKEND: _("At the weekend"),
}


class Lodging(StrEnum):
    """Whether a place to live comes with the work; empty: not said."""

    NONE = "none"
    FREE = "free"
    PAID = "paid"


LODGING_LABELS: dict[Lodging, Promise] = {
    Lodging.NONE: _("No lodging"),
    Lodging.FREE: _("Lodging free of charge"),
    Lodging.PAID: _("Lodging that one pays for"),
}


class Strength(StrEnum):
    """How strong one must be, so that older persons can choose."""

    LIGHT = "light"
    MIDDLE = "middle"
    HEAVY = "heavy"


STRENGTH_LABELS: dict[Strength, Promise] = {
    Strength.LIGHT: _("Light work, mostly sitting"),
    Strength.MIDDLE: _("Some standing and carrying"),
    Strength.HEAVY: _("Heavy work"),
}
LIKES: dict[str, Promise] = {"yes": _("I like it"), "some": _("A little"), "no": _("Not for me")}


class JobsError(UndoneError):
    """Something that cannot be done; `code` says which field, `message` (lazy, translated) how to mend it."""
