"""Rounds, what is applied for, who applied, and what was decided."""

from okat.city.rounds.models.application import Application, Choice
from okat.city.rounds.models.outcome import Appeal, Cutoff, Decision, Result
from okat.city.rounds.models.round import DrawEntry, Place, PolicyLook, Round

__all__ = [
    "Appeal",
    "Application",
    "Choice",
    "Cutoff",
    "Decision",
    "DrawEntry",
    "Place",
    "PolicyLook",
    "Result",
    "Round",
]
