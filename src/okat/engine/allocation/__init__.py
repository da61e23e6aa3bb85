"""Allocation: people to opportunities with limited places. problem -> decide -> outcome; check ->
certificate."""

from okat.engine.allocation.check import Certificate, Violation, check
from okat.engine.allocation.decide import decide
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.outcome import CutOff, Outcome, Placement
from okat.engine.allocation.problem import (
    OPEN,
    AllocationProblemError,
    Applicant,
    Opportunity,
    Preference,
    Problem,
    Reserve,
)
from okat.engine.allocation.rules import RULES, Rules

__all__ = [
    "OPEN",
    "RULES",
    "AllocationProblemError",
    "Applicant",
    "Certificate",
    "CutOff",
    "Opportunity",
    "Outcome",
    "Placement",
    "Preference",
    "Problem",
    "Reserve",
    "Rules",
    "Violation",
    "check",
    "decide",
    "lottery_number",
]
