"""The learner's passport when it is shown to others. No ORM here."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# For how many days a link may be good, in words.
DAYS: Mapping[int, Promise] = {
    1: _("one day"),
    7: _("seven days"),
    30: _("thirty days"),
    90: _("ninety days"),
}
MOST_LINKS = 10  # that are good at the same time: a list that the learner can still look through
