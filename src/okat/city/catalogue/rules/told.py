"""What was done, as the audit trail says it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOLD: Mapping[str, Promise] = {
    "catalogue.cancel": _("Cancelled an opportunity"),
    "catalogue.handed_over": _("Opportunities went to whoever took over their provider's duties"),
    "catalogue.close": _("Closed an opportunity to new people"),
    "catalogue.publish": _("Published an opportunity"),
    "catalogue.publish_many": _("Published many opportunities at once"),
    "catalogue.missed": _("Counted a search that found nothing, without who searched"),
    "catalogue.reindex": _("Made the index of the search anew"),
    "catalogue.rule": _("Set who may take part in an opportunity"),
    "catalogue.write": _("Wrote or changed an opportunity"),
    "catalogue.add_sessions": _("Added meetings to a course"),
    "catalogue.count_seats": _("Counted the places that are taken"),
    "catalogue.erase": _("Took a person's list of wishes out"),
    "catalogue.order_wishes": _("Reordered a person's wishes"),
    "catalogue.wish": _("Put an opportunity on a person's list"),
    "catalogue.unwish": _("Took an opportunity off a person's list"),
    "catalogue.undo_import": _("Took back imported opportunities"),
    "catalogue.seek": _("Said what an opportunity still lacks"),
    "catalogue.stop_seeking": _("Stopped looking for something that an opportunity lacked"),
    "catalogue.pledge": _("Pledged something for an opportunity"),
    "catalogue.answer_pledge": _("Answered a pledge"),
    "catalogue.take_back": _("Took a pledge back"),
    "catalogue.use_pledge": _("Noted how much of a pledge was used"),
    "catalogue.holder": _("Wrote down a holder of local wisdom"),
    "catalogue.follow_venue": _("Took over what a venue says of itself"),
    "catalogue.count_ask": _("Counted an ask for something that is not there"),
    "catalogue.look_out": _("Wants to be told when there is one"),
    "catalogue.stop_looking": _("Wants to be told no more"),
    "catalogue.start_draft": _("Started a draft from what people ask for"),
    "catalogue.hide_holder": _("Hid the name of a holder of local wisdom"),
    "catalogue.name_holder": _("Showed a holder of local wisdom by name, with consent"),
    "catalogue.read_holder": _("Looked at a holder of local wisdom"),
}
