"""What hangs on a person or an opportunity in this app: taking an import back asks."""

from django.utils.translation import gettext_lazy as _

from okat.city.core.in_use import Use

IN_USE = (
    Use("learning.Enrolment", why=_("takes part in a course")),
    Use("learning.Turn", why=_("waits for a place in a course")),
    Use("learning.PassportLink", why=_("shares a learning passport")),
    Use("learning.Credential", why=_("has a certificate")),
    Use("learning.Recognition", why=_("asked to have learning recognised")),
    Use("learning.Enrolment", "opportunity", _("has learners"), at="began_at"),
    Use("learning.Turn", "opportunity", _("has people who wait"), at="asked_at"),
    Use("learning.Credential", "opportunity", _("has certificates"), at="issued_at"),
    Use("learning.Material", "opportunity", _("has materials")),
    Use("learning.Feedback", "opportunity", _("has what learners thought of it")),
    Use("learning.Completion", "opportunity", _("has a rule of completion")),
    Use("learning.FirstCome", "opportunity", _("takes people in the order of arrival")),
)
