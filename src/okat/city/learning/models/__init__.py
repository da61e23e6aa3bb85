"""Places in courses, attendance, and certificates."""

from okat.city.learning.models.after import Answered, Feedback, Material
from okat.city.learning.models.assessing import Assessment
from okat.city.learning.models.completion import Completion
from okat.city.learning.models.line import FirstCome, Turn
from okat.city.learning.models.makeup import MakeUp
from okat.city.learning.models.passport import PassportLink, PassportOpening
from okat.city.learning.models.proofs import Credential, PublicKey
from okat.city.learning.models.recognising import Recognition, RecognitionSignature
from okat.city.learning.models.taking_part import Attendance, CalledOff, Enrolment

__all__ = [
    "Answered",
    "Assessment",
    "Attendance",
    "CalledOff",
    "Completion",
    "Credential",
    "Enrolment",
    "Feedback",
    "FirstCome",
    "MakeUp",
    "Material",
    "PassportLink",
    "PassportOpening",
    "PublicKey",
    "Recognition",
    "RecognitionSignature",
    "Turn",
]
