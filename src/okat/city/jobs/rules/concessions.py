"""Section 35 of the Act: what is given instead of employment, to persons with disabilities or who care for them."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.jobs.rules import JobsError


class Way(StrEnum):
    """The ways that the section names (lms.nhrc.or.th E08786 p. 79)."""

    CONCESSION = "concession"
    SPACE = "space"
    SUBCONTRACT = "subcontract"
    TRAINING = "training"
    OTHER = "other"


WAY_LABELS: dict[Way, Promise] = {
    Way.CONCESSION: _("A concession"),
    Way.SPACE: _("A place to sell"),
    Way.SUBCONTRACT: _("A subcontract"),
    Way.TRAINING: _("Training at work"),
    Way.OTHER: _("Other help"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an employer or agency gives; `taken` of `places` persons have it now. `until` None: without an end."""

    way: Way
    what: str
    places: int
    taken: int
    since: dt.date
    until: dt.date | None = None
    contact: str = ""


def check_given(given: Given) -> None:
    """Raises JobsError for more persons than places, or an end before the beginning."""
    if given.taken > given.places:
        raise JobsError("taken", _("These are more persons than places."))
    if given.until is not None and given.until < given.since:
        raise JobsError("until", _("It ends before it begins."))
