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
    "jobs.state_skills": _("Wrote down what somebody can do"),
    "jobs.hire": _("Somebody started at work"),
    "jobs.agree": _("Wrote down what was agreed"),
    "jobs.resume": _("Noted that work goes on after all"),
    "jobs.end_hire": _("Somebody left work"),
    "jobs.erase": _("Took a person out of work"),
    "jobs.give": _("Wrote down places under section 35"),
    "jobs.open_slots": _("Opened times for talks"),
    "jobs.close_slot": _("Took back a time for a talk"),
    "jobs.forget_talks": _("Deleted talks that have served"),
    "jobs.answer": _("Answered a question about work"),
}
