"""Every write of learning."""

from okat.city.learning.actions.after import add_material, give_feedback, remove_material
from okat.city.learning.actions.assessing import assess
from okat.city.learning.actions.attending import mark, move_marks, sign_in
from okat.city.learning.actions.completing import set_rule
from okat.city.learning.actions.line import (
    accept_turn,
    end_lines,
    leave_course,
    leave_line,
    offer_added,
    set_first_come,
    take_seat,
    tell_closed,
    tend_line,
)
from okat.city.learning.actions.moving import cancel_session, follow_changes, reinstate_session, tell_handed_over
from okat.city.learning.actions.passport import end_links, record_opening, share_passport, withdraw_link
from okat.city.learning.actions.planning import plan_make_up, plan_sessions, record_sheet
from okat.city.learning.actions.proving import call_back_key, issue, issue_anew, record_download, revoke
from okat.city.learning.actions.recognising import ask_recognition, sign_recognition, withdraw_recognition
from okat.city.learning.actions.taking_part import cancel_course, end, enrol, erase_learning

__all__ = [
    "accept_turn",
    "add_material",
    "ask_recognition",
    "assess",
    "call_back_key",
    "cancel_course",
    "cancel_session",
    "end",
    "end_lines",
    "end_links",
    "enrol",
    "erase_learning",
    "follow_changes",
    "give_feedback",
    "issue",
    "issue_anew",
    "leave_course",
    "leave_line",
    "mark",
    "move_marks",
    "offer_added",
    "plan_make_up",
    "plan_sessions",
    "record_download",
    "record_opening",
    "record_sheet",
    "reinstate_session",
    "remove_material",
    "revoke",
    "set_first_come",
    "set_rule",
    "share_passport",
    "sign_in",
    "sign_recognition",
    "take_seat",
    "tell_closed",
    "tell_handed_over",
    "tend_line",
    "withdraw_link",
    "withdraw_recognition",
]
