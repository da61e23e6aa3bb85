"""Forms of the catalogue."""

from okat.city.catalogue.forms.facts import AnswersForm
from okat.city.catalogue.forms.look import LookForm
from okat.city.catalogue.forms.opportunity import OpportunityForm
from okat.city.catalogue.forms.reach import AccessForm, ReachForm
from okat.city.catalogue.forms.reason import ReasonForm
from okat.city.catalogue.forms.rule import Board, RuleForm
from okat.city.catalogue.forms.sharing import DeclineForm, PledgeForm, SoughtForm, UsedForm, WantedForm
from okat.city.catalogue.forms.spaces import SpaceForm
from okat.city.catalogue.forms.unmet import TellForm
from okat.city.catalogue.forms.visitor import VisitorForm
from okat.city.catalogue.forms.wisdom import AgreedForm, HolderForm, NewHolderForm

__all__ = [
    "AccessForm",
    "AgreedForm",
    "AnswersForm",
    "Board",
    "DeclineForm",
    "HolderForm",
    "LookForm",
    "NewHolderForm",
    "OpportunityForm",
    "PledgeForm",
    "ReachForm",
    "ReasonForm",
    "RuleForm",
    "SoughtForm",
    "SpaceForm",
    "TellForm",
    "UsedForm",
    "VisitorForm",
    "WantedForm",
]
