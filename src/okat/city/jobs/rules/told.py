"""What was done, as the audit trail says it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Mapping[str, Promise] = {
    "jobs.headcount": _("Wrote down how many work for an employer"),
    "jobs.ask": _("Asked a partner about work"),
    "jobs.describe": _("Said what an opportunity has to do with work"),
    "jobs.describe_many": _("Said what many opportunities have to do with work"),
    "jobs.adopt_skill": _("Took a skill of ESCO into the city's words"),
    "jobs.answer": _("Answered a question about work"),
}
