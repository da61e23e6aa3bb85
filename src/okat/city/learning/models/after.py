"""What a course leaves: materials to learn from, and what learners thought of it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from okat.city.catalogue.models import Opportunity, Session
from okat.city.core.classify import classify
from okat.city.learning.models.taking_part import Enrolment
from okat.city.learning.rules import BASIS, PURPOSE
from okat.city.learning.rules.after import Made


class Material(models.Model):
    """A link or a text to learn from, of one session or of the whole course. `made` says in which form it is, so that
    somebody who cannot see or hear knows before opening it."""

    PRIVACY = classify(neither="id opportunity session title url text made at")

    id = models.BigAutoField(primary_key=True)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="materials")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="materials")
    title = models.CharField(max_length=120)
    url = models.URLField(max_length=400, blank=True)
    text = models.TextField(max_length=8000, blank=True)
    made = models.CharField(max_length=8, choices=Made.choices)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(url="") | ~Q(text=""), name="material_is_something")
        ]

    def __str__(self) -> str:
        return self.title


class Feedback(models.Model):
    """One learner's answers, 1 to 5, and nothing that leads to the learner: no name, no time, a number by lot."""

    PRIVACY = classify(neither="id opportunity useful clear again")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="feedback")
    useful = models.PositiveSmallIntegerField()
    clear = models.PositiveSmallIntegerField()
    again = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name_plural = "feedback"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(useful__range=(1, 5), clear__range=(1, 5), again__range=(1, 5)),
                name="feedback_from_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Answered(models.Model):
    """That this learner has answered; which answers were theirs stands nowhere."""

    PRIVACY = classify(personal="enrolment", purpose=PURPOSE, basis=BASIS)

    enrolment = models.OneToOneField(Enrolment, primary_key=True, on_delete=models.CASCADE, related_name="answered")

    class Meta:
        ordering: ClassVar[list[str]] = ["enrolment"]
        verbose_name_plural = "answered"

    def __str__(self) -> str:
        return str(self.enrolment_id)
