"""The groups and words of the desk."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.cases.rules import REASONS as CASES
from okat.city.partners.rules import ROLE_WORDS
from okat.city.people.rules.told import WHY

ANSWER_DAYS = 7  # a referral answered within a week is answered in time
AGES = ((0, 14), (15, 24), (25, 39), (40, 59), (60, 74), (75, 200))


@dataclass(frozen=True)
class Group:
    """Told of one group: who said that they need something, those of them who were reached, and those who wait. None is
    held back. Each is a whole ten by itself: the two parts need not add up."""

    key: str
    need: int | None
    reached: int | None
    waits: int | None


def band_of(key: str) -> tuple[int, int] | None:
    """The first and last year of an age band's key."""
    found = [band for band in AGES if str(band[0]) == key]
    return found[0] if found else None


# Whose task it is, in the words of the menu.
APPS: Mapping[str, Promise] = {
    "people": _("People"), "catalogue": _("Opportunities"), "rounds": _("Rounds"), "cases": _("Referrals"),
    "learning": _("Courses"), "jobs": _("Jobs"),
}  # fmt: skip
# What the audit trail may be narrowed to: the beginning of a verb.
VERBS: Mapping[str, Promise] = {
    "people.read": _("Opened a person's record"), "people.search": _("Searched for a person"),
    "people.break_glass": _("Opened a record in an emergency"),
    "people.emergency_try": _("Tried to open a record in an emergency by a number that opens none"),
    "people.export": _("Took a person's data along"),
    "people.": _("Everything about people"), "cases.": _("Everything about cases"),
    "rounds.": _("Everything about rounds"), "catalogue.": _("Everything about opportunities"),
    "partners.": _("Everything about partners"), "accounts.": _("Everything about accounts"),
    "audit.": _("Read the audit trail"),
}  # fmt: skip

# Reasons are codes of the app that recorded them; those that say something to whoever watches over the work.
REASONS: Mapping[str, Promise] = {
    **ROLE_WORDS, **WHY, **{code: words for known in CASES.values() for code, words in known.items()},
    "right": _("The code was right"), "wrong": _("The code was wrong"), "figures": _("for figures"),
    "import": _("from a file"), "bulk": _("many at once"),
}  # fmt: skip

# What was done, as the audit trail says it.
TOLD: Mapping[str, Promise] = {
    "audit.read": _("Read the audit trail"),
    "desk.count_disability": _("Looked at the figures about disability"),
}
