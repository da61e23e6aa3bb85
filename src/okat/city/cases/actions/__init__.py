"""Every write of cases."""

from okat.city.cases.actions.at_once import refer_at_once
from okat.city.cases.actions.bulk import Placed, open_cases_for, release_place
from okat.city.cases.actions.elsewhere import (
    end_cancelled,
    end_unheld,
    end_without_basis,
    end_without_consent,
    erase_cases,
    leave_behind,
    remind_overdue,
)
from okat.city.cases.actions.many import move_many, record_many
from okat.city.cases.actions.outcome import close, complete, leave, record_follow_up
from okat.city.cases.actions.plan import add_goal, end_goal
from okat.city.cases.actions.referral import accept, decline, hand_over, propose, propose_again
from okat.city.cases.actions.sending import recall, receive, refer, return_referral, start

__all__ = [
    "Placed",
    "accept",
    "add_goal",
    "close",
    "complete",
    "decline",
    "end_cancelled",
    "end_goal",
    "end_unheld",
    "end_without_basis",
    "end_without_consent",
    "erase_cases",
    "hand_over",
    "leave",
    "leave_behind",
    "move_many",
    "open_cases_for",
    "propose",
    "propose_again",
    "recall",
    "receive",
    "record_follow_up",
    "record_many",
    "refer",
    "refer_at_once",
    "release_place",
    "remind_overdue",
    "return_referral",
    "start",
]
