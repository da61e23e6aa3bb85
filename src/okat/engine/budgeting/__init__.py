"""Budgeting: communities' money to communities' projects. problem -> decide -> outcome; check -> certificate."""

from okat.engine.budgeting.certificate import Certificate, Violation
from okat.engine.budgeting.check import check
from okat.engine.budgeting.decide import decide
from okat.engine.budgeting.outcome import Outcome, Payment, Purchase, payments
from okat.engine.budgeting.problem import KINDS, BudgetingError, Election, TieError
from okat.engine.budgeting.rules import CHOICES, Rules

__all__ = [
    "CHOICES", "KINDS", "BudgetingError", "Certificate", "Election", "Outcome", "Payment", "Purchase", "Rules",
    "TieError", "Violation", "check", "decide", "payments",
]  # fmt: skip
