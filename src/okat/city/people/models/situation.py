"""What a person needs, what was asked, the score that follows from it, and the visits."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.models.person import BASIS, PURPOSE, Person
from okat.city.taxonomy.models import Term


class Need(models.Model):
    """One need of one person, in the city's words."""

    PRIVACY = classify(
        neither="id term status since closed_at partner", personal="person note_sealed by", purpose=PURPOSE, basis=BASIS
    )

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="needs")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")  # vocabulary: need
    note_sealed = models.BinaryField(null=True, blank=True)
    status = models.CharField(max_length=5, choices=rules.NeedStatus.choices, default=rules.NeedStatus.OPEN)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "term"], condition=models.Q(status=rules.NeedStatus.OPEN), name="need_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Questionnaire(models.Model):
    """Questions and the score's formula as data (see docs/reference/questionnaires.md); a version never changes."""

    PRIVACY = classify(neither="id code version data digest active loaded_at")

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    active = models.BooleanField(default=True)  # the newest version of its code is
    loaded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["code", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(active=True), name="questionnaire_active"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Answers(models.Model):
    """What a person said to one questionnaire on one day."""

    PRIVACY = classify(
        neither="id questionnaire at partner", personal="person by", sensitive="sealed", purpose=PURPOSE, basis=BASIS
    )

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="answers")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "-at"], name="answers_person")]

    def __str__(self) -> str:
        return str(self.id)


class Score(models.Model):
    """A published vulnerability score. `parts_sealed` is [[part, points]]; their words stand in the questionnaire."""

    PRIVACY = classify(
        neither="id answers questionnaire at current", personal="person value", sensitive="parts_sealed",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="scores")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    answers = models.OneToOneField(Answers, on_delete=models.CASCADE, related_name="score")
    value = models.PositiveSmallIntegerField()
    parts_sealed = models.BinaryField()
    at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], name="score_current", condition=models.Q(current=True))
        ]

    def __str__(self) -> str:
        return str(self.value)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visits(self) -> Self:
        """Those at which somebody was met or rung: a note that came with a pin or a file says nothing of that."""
        return self.exclude(kind=rules.VisitKind.NOTE)


class Visit(models.Model):
    """A visit or call, and when to come again; or a note without one."""

    PRIVACY = classify(
        neither="id at kind partner next_on", personal="person by note_sealed", purpose=PURPOSE, basis=BASIS
    )

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="visits")
    kind = models.CharField(max_length=6, choices=rules.VisitKind.choices)
    note_sealed = models.BinaryField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["by", "next_on"], name="visit_next", condition=models.Q(next_on__isnull=False))
        ]

    def __str__(self) -> str:
        return str(self.id)
