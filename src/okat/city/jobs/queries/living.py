"""Where a person works."""

from uuid import UUID

from django.utils.translation import gettext as _

from okat.city.core.registries import Going
from okat.city.core.templatetags.okat import words
from okat.city.jobs.models import Hire


def going(person: UUID) -> list[Going]:
    rows = Hire.objects.filter(person=person, ended_on=None).select_related("opportunity", "employer")
    return [
        Going(
            begun=True, title=words(row.opportunity), note=_("works at %(who)s") % {"who": words(row.employer)},
            tells=row.opportunity.telling,
        )
        for row in rows
    ]  # fmt: skip
