"""Assessments before and after a course: when, and what was gained. No ORM here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

USE = "assessment"  # what an instrument's file says that it is for
FEWEST = 10  # learners of whom a figure is told; below, it could tell of one


class When(TextChoices):
    BEFORE = "before", _("Before the course")
    AFTER = "after", _("After the course")


@dataclass(frozen=True)
class Gain:
    """Of one learner by one instrument: points of `most`."""

    before: int
    after: int
    most: int

    @property
    def points(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class CourseGain:
    """Of a course: learners with both assessments, the mean gain in tenths of a point, and how many gained."""

    learners: int
    tenths: int
    better: int
    most: int


def course_gain(gains: Sequence[Gain]) -> CourseGain | None:
    """None where fewer than FEWEST learners have both: then nothing is told but that."""
    if len(gains) < FEWEST:
        return None
    total = sum(gain.points for gain in gains)
    tenths = int(abs(total) * 10 / len(gains) + 0.5)
    return CourseGain(len(gains), tenths if total >= 0 else -tenths, sum(g.points > 0 for g in gains), gains[0].most)
