"""Persons, households, needs, consent, and the grants that say who may see whom."""

from okat.city.people.models.consent import BreakGlass, Consent, Evidence, Wording
from okat.city.people.models.grant import Basis, Grant
from okat.city.people.models.imports import ColumnMapping, ImportBatch
from okat.city.people.models.life import LifeEvent
from okat.city.people.models.linking import LinkRequest
from okat.city.people.models.merging import Merge, MergeProposal
from okat.city.people.models.person import Household, Person, PersonEvent, PersonKey
from okat.city.people.models.situation import Answers, Need, Questionnaire, Score, Visit
from okat.city.people.models.telling import CodeSlip, PhoneCheck, Slip

__all__ = [
    "Answers",
    "Basis",
    "BreakGlass",
    "CodeSlip",
    "ColumnMapping",
    "Consent",
    "Evidence",
    "Grant",
    "Household",
    "ImportBatch",
    "LifeEvent",
    "LinkRequest",
    "Merge",
    "MergeProposal",
    "Need",
    "Person",
    "PersonEvent",
    "PersonKey",
    "PhoneCheck",
    "Questionnaire",
    "Score",
    "Slip",
    "Visit",
    "Wording",
]
