"""Every write about work."""

from okat.city.jobs.actions.asking import answer_ask, ask_for_candidates, ask_to_talk, keep_headcount
from okat.city.jobs.actions.work import adopt_skill, describe_many, describe_work

__all__ = [
    "adopt_skill",
    "answer_ask",
    "ask_for_candidates",
    "ask_to_talk",
    "describe_many",
    "describe_work",
    "keep_headcount",
]
