"""Every write of learning."""

from okat.city.learning.actions.assessing import assess
from okat.city.learning.actions.attending import cancel_session, mark, move_marks, sign_in
from okat.city.learning.actions.completing import set_rule
from okat.city.learning.actions.passport import record_opening, share_passport, withdraw_link
from okat.city.learning.actions.proving import call_back_key, issue, record_download, revoke
from okat.city.learning.actions.taking_part import cancel_course, end, enrol, erase_learning

__all__ = [
    "assess",
    "call_back_key",
    "cancel_course",
    "cancel_session",
    "end",
    "enrol",
    "erase_learning",
    "issue",
    "mark",
    "move_marks",
    "record_download",
    "record_opening",
    "revoke",
    "set_rule",
    "share_passport",
    "sign_in",
    "withdraw_link",
]
