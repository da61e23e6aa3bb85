"""Budgeting: communities' money to communities' projects. problem -> decide -> outcome; check -> certificate."""

from okat.engine.budgeting.certificate import Certificate, Violation
from okat.engine.budgeting.check import check
from okat.engine.budgeting.decide import decide
from okat.engine.budgeting.explain import Comparison, Reason, Round, compare, money, reasons, rounds
from okat.engine.budgeting.outcome import Outcome, Payment, Purchase, payments
from okat.engine.budgeting.problem import KINDS, BudgetingError, Election, TieError
from okat.engine.budgeting.rules import CHOICES, Rules

__all__ = [
    "CHOICES", "KINDS", "BudgetingError", "Certificate", "Comparison", "Election", "Outcome", "Payment", "Purchase",
    "Reason", "Round", "Rules", "TieError", "Violation", "check", "compare", "decide", "money", "payments", "reasons",
    "rounds",
]  # fmt: skip
