"""What hangs on an opportunity, or on a person, in this app: taking an import back asks."""

from django.utils.translation import gettext_lazy as _

from okat.city.core.in_use import Use

IN_USE = (
    Use("catalogue.Wish", why=_("keeps a list of wishes")),
    Use("catalogue.Lookout", why=_("asked to be told of something")),
    Use("catalogue.Opportunity_needs", "opportunity"),
    Use("catalogue.Opportunity_teachers", "opportunity", _("names who teaches")),
    Use("catalogue.Session", "opportunity"),  # of a file; those added by hand are looked at by the import itself
    Use("catalogue.Wish", "opportunity", _("stands on somebody's list of wishes")),
    Use("catalogue.Sought", "opportunity", _("asks other offices for something")),
    Use("catalogue.Pledge", "opportunity", _("has contributions")),
    Use("catalogue.Lookout", "told"),  # was told of it: the note stays, without its link
)
