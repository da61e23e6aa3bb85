"""What was done, as the audit trail says it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Mapping[str, Promise] = {
    "learning.enrol": _("Enrolled somebody in a course"),
    "learning.resume": _("Gave back places in courses that had ended by a wrong word"),
    "learning.end": _("Ended somebody's place in a course"),
    "learning.rule": _("Set when a course counts as completed"),
    "learning.assess": _("Noted what a learner could do"),
    "learning.attend": _("Noted who attended a session"),
    "learning.correct": _("Corrected who attended a session"),
    "learning.move": _("Moved attendance to the right session"),
    "learning.sign_in": _("Signed in to a session in the room"),
    "learning.cancel_session": _("Cancelled a session"),
    "learning.reinstate": _("Let a session that was called off take place after all"),
    "learning.follow_changes": _("Told those who take part that sessions changed"),
    "learning.handed_over": _("Told learners that another office gives their course"),
    "learning.issue": _("Issued a certificate"),
    "learning.revoke": _("Took a certificate back"),
    "learning.call_back_key": _("Called a signing key back"),
    "learning.download": _("Downloaded a certificate"),
    "learning.ask_recognition": _("Asked to recognise what was learned elsewhere"),
    "learning.sign_recognition": _("Signed for a recognition of learning"),
    "learning.withdraw_recognition": _("Withdrew a request for recognition"),
    "learning.share": _("Made a link to a learning passport"),
    "learning.withdraw_link": _("Withdrew a link to a learning passport"),
    "learning.end_links": _("Ended the links that showed somebody's learning passport"),
    "learning.open_passport": _("Opened a learning passport by its link"),
    "learning.erase": _("Erased learning with a person's record"),
}
