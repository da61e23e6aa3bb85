"""Budgeting: communities' money to communities' projects. problem -> decide -> outcome; check -> certificate."""

from okat.engine.budgeting.problem import KINDS, BudgetingError, Election, TieError
from okat.engine.budgeting.rules import CHOICES, Rules

__all__ = ["CHOICES", "KINDS", "BudgetingError", "Election", "Rules", "TieError"]
