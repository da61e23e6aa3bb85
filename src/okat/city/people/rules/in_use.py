"""What hangs on a person's record in this app: taking an import back asks."""

from django.utils.translation import gettext_lazy as _

from okat.city.core.in_use import Use

SEEN = _("is seen by another office")
IN_USE = (
    Use("people.Person", "merged_into", _("another record was joined into it")),
    Use("people.PersonKey"),
    Use("people.Evidence", why=_("has photos or papers")),
    Use("people.Consent", why=_("gave a consent"), since="at"),
    Use("people.Grant", why=SEEN, since="since"),
    Use("people.BreakGlass", why=_("was opened in an emergency")),
    # A pair hangs on the record for those alone who see both (`queries.joining.paired`): of another office's it says
    # nothing, and goes with the record.
    Use("people.MergeProposal", "left"),
    Use("people.MergeProposal", "right"),
    Use("people.Merge", "kept", _("was joined with another record")),
    Use("people.Merge", "gone", _("was joined with another record")),
    Use("people.Need", why=_("has a new need"), since="since"),
    Use("people.Answers", why=_("answered questions"), since="at"),
    Use("people.Score", why=_("answered questions"), since="at"),
    Use("people.LinkRequest", why=_("its account was asked about it"), since="asked_at"),
    Use("people.PhoneCheck", why=_("has a confirmed telephone")),
    Use("people.CodeSlip", why=_("has a slip with a code")),
    Use("people.Slip", why=_("has a message that somebody brings")),
    Use("people.Visit", why=_("was visited"), since="at"),
)
