"""Where a person works."""

from uuid import UUID

from django.utils.translation import gettext as _

from okat.city.core.registries import Found
from okat.city.core.templatetags.okat import words
from okat.city.jobs.models import Hire


def going(person: UUID) -> list[Found]:
    rows = Hire.objects.filter(person=person, ended_on=None).select_related("opportunity", "employer")
    return [Found("begun", words(row.opportunity), _("works at %(who)s") % {"who": words(row.employer)}, "",
                  row.opportunity.telling)
            for row in rows]  # fmt: skip
