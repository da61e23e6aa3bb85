"""Places in courses and attendance."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from okat.city.cases.models import Case
from okat.city.catalogue.models import Opportunity, Session
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.learning.rules import BASIS, PURPOSE, How, Standing
from okat.city.people.models import Person


class CalledOff(models.Model):
    """A session that does not take place; it counts for nobody."""

    PRIVACY = classify(neither="id session reason at")

    id = models.BigAutoField(primary_key=True)
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="called_off")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name_plural = "called off"

    def __str__(self) -> str:
        return str(self.session_id)


class Enrolment(models.Model):
    """One person's place in one course. `person` is empty once the record is erased. `seated`: it holds one of the
    places that the course gives first come, first served, which is free again when the person leaves. `entered_by`
    hears of it, as of a turn, where the person has no account; a place that a case led to is the office's to follow."""

    PRIVACY = classify(
        neither="id opportunity case seated standing began_at ended_at", personal="person entered_by",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="enrolments")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="enrolments")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="enrolments")
    seated = models.BooleanField(default=False)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.ACTIVE)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["began_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "opportunity"], condition=Q(standing=Standing.ACTIVE), name="enrolled_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["opportunity", "standing"], name="enrolment_course")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Attendance(models.Model):
    """Whether a learner attended a session; `held_on` is the session's day. A session with a list never goes."""

    PRIVACY = classify(
        neither="id session held_on how at", personal="enrolment present by", purpose=PURPOSE, basis=BASIS
    )

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendance")
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="attendance")
    held_on = models.DateField()
    present = models.BooleanField()
    how = models.CharField(max_length=4, choices=How.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["held_on", "id"]
        verbose_name_plural = "attendance"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["enrolment", "session"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.held_on}: {self.present}"
