"""Every write about work."""

from okat.city.jobs.actions.asking import answer_ask, ask_for_candidates, ask_to_talk, give, keep_headcount
from okat.city.jobs.actions.hiring import agree, end_hire, erase_work, open_hire, state_skills
from okat.city.jobs.actions.talks import close_slot, forget_talks, open_slots
from okat.city.jobs.actions.work import adopt_skill, describe_many, describe_work

__all__ = [
    "adopt_skill",
    "agree",
    "answer_ask",
    "ask_for_candidates",
    "ask_to_talk",
    "close_slot",
    "describe_many",
    "describe_work",
    "end_hire",
    "erase_work",
    "forget_talks",
    "give",
    "keep_headcount",
    "open_hire",
    "open_slots",
    "state_skills",
]
