"""Forms of rounds."""

from okat.city.rounds.forms.answers import AnswerForm, ReasonForm
from okat.city.rounds.forms.consent import ConsentForm
from okat.city.rounds.forms.planning import DrawForm, PlacesForm, PolicyForm, RoundForm
from okat.city.rounds.forms.variant import VariantForm

__all__ = [
    "AnswerForm",
    "ConsentForm",
    "DrawForm",
    "PlacesForm",
    "PolicyForm",
    "ReasonForm",
    "RoundForm",
    "VariantForm",
]
