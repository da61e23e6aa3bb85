"""What the trail says of a record, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Promise] = {
    "people.pin": _("Pinned"),
    "people.update": _("Changed"),
    "people.consent": _("Consent given"),
    "people.withdraw_consent": _("Consent withdrawn"),
    "people.add_need": _("Need noted"),
    "people.close_need": _("Need closed"),
    "people.visit": _("Visit noted"),
    "people.answer": _("Questions answered"),
    "people.evidence": _("Photo or signature kept"),
    "people.status": _("Status changed"),
    "people.household": _("Household changed"),
    "people.merge": _("Joined with another record"),
    "people.undo_merge": _("Joining taken back"),
    "people.propose_merge": _("Possible double record noted"),
    "people.refuse_merge": _("Found to be two people"),
    "people.review_break_glass": _("Emergency opening reviewed"),
    "people.grant": _("An office was let in"),
    "people.end_grant": _("An office's access ended"),
    "people.link_account": _("The person's own account was linked"),
    "people.read": _("Opened"),
    "people.break_glass": _("Opened in an emergency"),
    "people.export": _("Taken out as a file"),
    "people.print": _("Printed"),
}
# Not worth a line of the record's story: they follow from others, or change nothing.
QUIET = frozenset({"people.suggested", "people.pin_again", "people.grant_again"})
WHY: dict[str, Promise] = {
    "view": _("to look"),
    "pin_person": _("to work on it"),
    "record_consent": _("for a consent"),
    "evidence": _("for a photo or signature"),
    "compare": _("to compare two records"),
    "mine": _("own record"),
}
FIELDS: dict[str, Promise] = {
    "birth": _("birth date"),
    "phone": _("telephone"),
    "education": _("schooling"),
    "papers": _("house registration"),
    "income": _("income"),
    "score": _("the questions of the score"),
    "household": _("who lives in the house"),
}
