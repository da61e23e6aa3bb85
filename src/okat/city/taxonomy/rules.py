"""Where a format counts, and what may be answered about it; what was done, as the audit trail says it."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(StrEnum):
    """The stages of taking part. Each is asked by itself: a sign-language teacher up a flight of stairs is no help to
    somebody in a wheelchair."""

    VENUE = "venue"
    SESSION = "session"
    MATERIAL = "material"
    SUPPORT = "support"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_NEEDED = "not_needed"
    ASK = "ask"


STAGE_LABELS: dict[Stage, Promise] = {
    Stage.VENUE: _("The place"),
    Stage.SESSION: _("The teaching or meeting itself"),
    Stage.MATERIAL: _("What is read, heard or filled in"),
    Stage.SUPPORT: _("Help along the way"),
}
ANSWER_LABELS: dict[Answer, Promise] = {
    Answer.YES: pgettext_lazy("access", "yes"),
    Answer.NO: pgettext_lazy("access", "no"),
    Answer.NOT_NEEDED: _("not needed"),
    Answer.ASK: _("ask first"),
}
ANSWER_CHOICES = (("", _("Not said")), *((answer.value, label) for answer, label in ANSWER_LABELS.items()))

# What says something of a health or a disability where a city's file has no column `sensitive`.
TELLING: Mapping[str, frozenset[str]] = {
    "need": frozenset({"work-disability", "disability-card", "health", "care-older"}),
    "format": frozenset({
        "sign-language", "captions", "described", "braille", "audio", "large-print", "easy-read", "wheelchair", "lift",
        "toilet", "parking", "quiet", "guide", "companion",
    }),
    "situation": frozenset({"carer"}),
}  # fmt: skip

TOLD: Mapping[str, Promise] = {
    "taxonomy.load": _("Loaded the city's words"),
    "taxonomy.add": _("Took a word of a standard over"),
}
