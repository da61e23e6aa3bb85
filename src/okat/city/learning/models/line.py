"""Courses that take people first come, first served, and the lines that wait for them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from okat.city.catalogue.models import Opportunity
from okat.city.core.classify import classify
from okat.city.learning.rules import BASIS, PURPOSE
from okat.city.learning.rules.line import OPEN, State
from okat.city.people.models import Person


class FirstCome(models.Model):
    """The provider gives the places of this course in the order of arrival; without a row, by a round or a case."""

    PRIVACY = classify(neither="opportunity since")

    opportunity = models.OneToOneField(
        Opportunity, primary_key=True, on_delete=models.CASCADE, related_name="first_come"
    )
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-since", "opportunity"]
        verbose_name_plural = "first come"

    def __str__(self) -> str:
        return str(self.opportunity_id)


class Turn(models.Model):
    """One person's turn in a course's line. The number grows under the course's lock: its order is that of arrival.
    An offered place is counted among the course's taken ones. `entered_by` hears of it where the person has no
    account."""

    PRIVACY = classify(
        neither="id opportunity state asked_at offered_at answer_by ended_at", personal="person entered_by",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="turns")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="turns")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "opportunity"], condition=Q(ended_at=None), name="turn_once"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="turn_ends_with_its_state",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OFFERED) | Q(answer_by__isnull=False), name="turn_offered_until_a_day"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["opportunity", "state"], name="turn_course")]

    def __str__(self) -> str:
        return str(self.pk)
