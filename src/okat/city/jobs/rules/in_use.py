"""What hangs on a person or an opportunity in this app: taking an import back asks."""

from django.utils.translation import gettext_lazy as _

from okat.city.core.in_use import Use

IN_USE = (
    Use("jobs.StatedSkill", why=_("said what they can do")),
    Use("jobs.Hire", why=_("was hired")),
    Use("jobs.Ask", "opportunity", _("was asked about by an employer")),
    Use("jobs.Hire", "opportunity", _("has hired people")),
    Use("jobs.Work", "opportunity"),  # what the same file said of the work
)
