"""Why an opportunity is in a list of search results, in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.rules.wish import Grade, Reason

WRITTEN: dict[str, Promise] = {
    "A": _("“%(typed)s” in the title"),
    "B": _("“%(typed)s” in its kind or the need that it answers"),
    "C": _("“%(typed)s” in the summary, the partner or the place"),
    "D": _("“%(typed)s” in the description"),
}
MATCHED: dict[Grade, Promise] = {
    Grade.SYNONYM: _("matched by meaning: “%(typed)s” is “%(shown)s”"),
    Grade.SOUND: _("matched by sound: “%(typed)s” is like “%(shown)s”"),
    Grade.SPELT: _("matched by spelling: “%(typed)s” is like “%(shown)s”"),
    Grade.SOME: _("without “%(typed)s”"),
}
# What stands above a list whose best row is of this grade.
NOTES: dict[Grade, Promise] = {
    Grade.SYNONYM: _("Nothing is written exactly like that. These mean the same:"),
    Grade.SOUND: _("Nothing is written exactly like that. These sound alike:"),
    Grade.SPELT: _("Nothing is written exactly like that. These are spelt alike:"),
    Grade.SOME: _("Nothing has all of these words. These have some of them:"),
}


def said(reasons: Iterable[Reason]) -> str:
    """One line: how each word of the search is met."""
    return " · ".join(_sentence(reason) % {"typed": reason.typed, "shown": reason.shown} for reason in reasons)


def _sentence(reason: Reason) -> str:
    return str(WRITTEN[reason.place] if reason.grade is Grade.WRITTEN else MATCHED[reason.grade])
