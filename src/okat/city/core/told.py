"""What was done, as the audit trail says it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Mapping[str, Promise] = {
    "core.rotate_keys": _("Changed the keys that seal sensitive answers"),
    "core.draw_figures": _("Drew the weekly figures"),
    "core.let_go_figures": _("Forgot weekly figures that nobody reads"),
}
