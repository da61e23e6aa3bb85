"""What was done, as the audit trail says it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Mapping[str, Promise] = {
    "places.import_boundaries": _("Imported boundaries of areas"),
    "places.load": _("Loaded the areas of the city's folder"),
}
