"""Materials, the questions after a course, and the published rules by which somebody may be about to drop out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Made(TextChoices):
    """The form of a material."""

    TEXT = "text", _("Text that can be read aloud")
    EASY = "easy", _("Easy to read")
    LARGE = "large", _("Large print")
    BRAILLE = "braille", _("Braille")
    AUDIO = "audio", _("Sound")
    CAPTION = "caption", _("Video with captions")
    SIGN = "sign", _("Video with sign language")
    PICTURE = "picture", _("Picture or scan: cannot be read aloud")
    VIDEO = "video", _("Video without captions")


QUESTIONS: Mapping[str, Promise] = {
    "useful": _("Was it of use to you?"),
    "clear": _("Could you follow it?"),
    "again": _("Would you tell a friend to come?"),
}
POINTS: Sequence[tuple[int, Promise]] = (
    (5, _("Yes, very much")), (4, pgettext_lazy("how much", "Yes")), (3, _("So-so")), (2, _("Not really")),
    (1, _("Not at all")),
)  # fmt: skip


class RiskError(ValueError):
    """The city's file of rules is wrong; the message says where and what to write."""

    code = "risk.file"


@dataclass(frozen=True)
class RiskRule:
    """`kind` is `row` (missed at least `least` in a row, up to now) or `share` (attended less than `least` percent,
    once `after` sessions were held)."""

    code: str
    kind: str
    least: int
    after: int
    th: str
    en: str

    def hits(self, marks: Sequence[bool]) -> bool:
        """`marks`: whether the learner was there, in order, of the sessions held and noted so far."""
        if self.kind == "row":
            return len(marks) >= self.least and not any(marks[-self.least :])
        return len(marks) >= max(self.after, 1) and 100 * sum(marks) < self.least * len(marks)


def parse_risk(data: Mapping[str, Any]) -> tuple[RiskRule, ...]:
    """`dropout.json`: {"rules": [{"code", "kind", "least", "after", "th", "en"}]}. Raises RiskError."""
    found = []
    try:
        for row in data["rules"]:
            rule = RiskRule(row["code"], row["kind"], row["least"], row.get("after", 0), row["th"], row["en"])
            if rule.kind not in {"row", "share"} or type(rule.least) is not int or not 1 <= rule.least <= 100:
                raise RiskError(f"dropout.json, {rule.code}: kind is row or share, least a number from 1 to 100.")
            found.append(rule)
    except (KeyError, TypeError) as error:
        raise RiskError(
            f"dropout.json: {error} is missing or has another shape; compare with cities/khon-kaen."
        ) from error
    if len({rule.code for rule in found}) < len(found):
        raise RiskError("dropout.json: a code stands twice.")
    return tuple(found)


def first_hit(rules: Iterable[RiskRule], marks: Sequence[bool]) -> RiskRule | None:
    return next((rule for rule in rules if rule.hits(marks)), None)


TOLD: Mapping[str, Promise] = {
    "learning.material": _("Added a material to a course"),
    "learning.remove_material": _("Took a material out of a course"),
    "learning.feedback": _("A learner said what the course was like"),
}
