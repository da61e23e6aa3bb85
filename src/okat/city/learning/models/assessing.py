"""What a learner could do before and after a course, by an instrument of the city."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.learning.models.taking_part import Enrolment
from okat.city.learning.rules import BASIS, PURPOSE
from okat.city.learning.rules.assessing import When
from okat.city.people.models import Questionnaire


class Assessment(models.Model):
    """One learner, one instrument, once before and once after. The answers are sealed with the person's key."""

    PRIVACY = classify(
        neither="id instrument moment at", personal="enrolment points by", sensitive="sealed", purpose=PURPOSE,
        basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="assessments")
    instrument = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=6, choices=When.choices)
    points = models.PositiveSmallIntegerField()
    sealed = models.BinaryField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["enrolment", "instrument", "moment"], name="assessed_once")
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.points}"
