"""Requests to recognise what was learned elsewhere, and who signed for the outcome."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.learning.rules import BASIS
from okat.city.learning.rules.recognising import Kind, State
from okat.city.partners.models import Partner
from okat.city.people.models import Evidence, Person

_WHY = "recognition of learning that the person asked for"


class Recognition(models.Model):
    """`sealed` holds what was learned and where, in the person's words; `credits` are those that were recognised."""

    PRIVACY = classify(
        neither="id partner kind wanted credits state asked_at decided_at", personal="person by sealed evidence",
        purpose=_WHY, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="recognitions")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sealed = models.BinaryField(null=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="+")
    wanted = models.PositiveSmallIntegerField()
    credits = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["partner", "state"], name="recognition_waits")]

    def __str__(self) -> str:
        return str(self.id)


class RecognitionSignature(models.Model):
    """One person's answer with its reason. Nobody signs twice: the database itself refuses it."""

    PRIVACY = classify(neither="id recognition credits at", personal="by sealed", purpose=_WHY, basis=BASIS)

    id = models.BigAutoField(primary_key=True)
    recognition = models.ForeignKey(Recognition, on_delete=models.CASCADE, related_name="signatures")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    credits = models.PositiveSmallIntegerField()  # 0: not recognised
    sealed = models.BinaryField(null=True)  # the reason, with the learner's key
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recognition", "by"], name="recognition_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.recognition_id} {self.credits}"
