"""What was done, as the audit trail says it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.notices.rules import PLACE_OFFERED

TOLD: Mapping[str, Promise] = {
    "rounds.accept": _("A place was accepted"),
    "rounds.accept_again": _("Accepted the same place once more: nothing changed"),
    "rounds.decline": _("A place was given back"),
    "rounds.give_back": _("A place was given back and is held for a while"),
    "rounds.take_back": _("A place that was given back was taken back"),
    "rounds.take_back_again": _("Took the same place back once more: nothing changed"),
    "rounds.stop_waiting": _("Waits no longer in a round"),
    "rounds.stop_waiting_again": _("Stopped waiting once more: nothing changed"),
    "rounds.leave_place": _("Ended a place from a round with what it led to"),
    "rounds.pass_on": _("Passed on places that were given back"),
    "rounds.decline_again": _("Gave the same place back once more: nothing changed"),
    "rounds.expire": _("An unanswered offer ended"),
    "rounds.erase": _("Took a person out of rounds"),
    "rounds.leave": _("Left the rounds with a death or a move"),
    "rounds.resume": _("Came back to rounds that a wrong word had ended"),
    "rounds.release_closed": _("Freed the place of a closed record"),
    "rounds.appeal": _("Asked for a review"),
    "rounds.answer_appeal": _("Answered a request for review"),
    "rounds.apply": _("Applied to a round"),
    "rounds.apply_many": _("Entered many applications at once"),
    "rounds.consent_untouched": _("A consent for something else was withdrawn: no round changed"),
    "rounds.withdraw": _("Withdrew an application"),
    "rounds.add_places": _("Put opportunities into a round"),
    "rounds.change": _("Changed a round"),
    "rounds.create": _("Planned a round"),
    "rounds.freeze": _("Froze and published a round's rules"),
    "rounds.look": _("Compared policies"),
    "rounds.set_rules": _("Set a round's rules"),
    "rounds.cancel_places": _("Ended the places of a cancelled opportunity"),
    "rounds.drop_places": _("Took an opportunity that was closed out of open rounds"),
    "rounds.end_places": _("Ended the places of an office that leaves"),
    "rounds.take_out": _("Took an opportunity out of a round"),
    "rounds.open": _("Opened a round for applications"),
    "rounds.close": _("Closed a round's applications"),
    "rounds.draw": _("Confirmed the public draw"),
    "rounds.draw_enter": _("Entered the public draw, to be confirmed"),
    "rounds.run": _("Decided and checked a round"),
    "rounds.publish": _("Published a round's results"),
    "rounds.finish": _("Finished a round"),
    "rounds.open_again": _("Opened a round once more: nothing changed"),
    "rounds.close_again": _("Closed a round once more: nothing changed"),
    "rounds.draw_again": _("Entered the draw once more: nothing changed"),
    "rounds.run_again": _("Decided a round once more: nothing changed"),
    "rounds.publish_again": _("Published the results once more: nothing changed"),
    "rounds.freeze_again": _("Froze the rules once more: nothing changed"),
    "rounds.finish_again": _("Finished a round once more: nothing changed"),
    "rounds.audit_bundle": _("Took a decision's audit bundle"),
}

_RESULTS = _("There are results of something that you applied for.")
CHOOSE_AGAIN = _("Something that you listed in a round is not to be had any more. You may list something else.")
_GONE = _("Something that you listed in a round is not to be had any more.")
BINDING = (PLACE_OFFERED, CHOOSE_AGAIN)  # what these say is lost to whoever does nothing by a day
# What a slip of paper or an SMS says of each notice.
PLAIN: dict[str, Promise] = {
    "offered": PLACE_OFFERED,
    "waiting": _RESULTS,
    "moved_up": PLACE_OFFERED,
    "expired": _RESULTS,
    "cancelled_instead": PLACE_OFFERED,
    "cancelled_waits": _RESULTS,
    "cancelled_ends": _RESULTS,
    "cancelled_back": _RESULTS,
    "place_out": CHOOSE_AGAIN,
    "place_out_last": CHOOSE_AGAIN,
    "place_gone": _GONE,
    "place_gone_last": _GONE,
    "appeal_answered": _("Your request for review is answered."),
}
