"""What was decided: each version with its certificate and bundles, everyone's present result, and reviews."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.rounds.models.application import BASIS, PURPOSE, Application
from okat.city.rounds.models.round import Place, Round
from okat.city.rounds.rules import ENDED, Answer, NextStep
from okat.city.rounds.rules import Appeal as AppealStatus


class Decision(models.Model):
    """One version of the outcome: the first run, then each time a freed seat went to the waiting list.

    It exists only with a certificate that passed. `audit_sealed` is the audit bundle under the round's key. Every
    version has its `root`, which is published at once; `public` only the first and those after which ten or more
    people's results had changed. `shown` are the figures and the report that may be shown with it, and
    `numbers_sealed` the sets of people that were counted in public so far.
    """

    PRIVACY = classify(
        neither="id round version certificate figures engine_ms root public public_digest shown audit_digest at",
        personal="by", sensitive="audit_sealed numbers_sealed", purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    version = models.PositiveIntegerField()
    certificate = models.JSONField()
    figures = models.JSONField()
    engine_ms = models.PositiveIntegerField()
    audit_sealed = models.BinaryField()
    audit_digest = models.CharField(max_length=64)
    root = models.CharField(max_length=64, blank=True)
    public = models.BinaryField(null=True, blank=True)
    public_digest = models.CharField(max_length=64, blank=True)
    shown = models.JSONField(null=True, blank=True)
    numbers_sealed = models.BinaryField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["round_id", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "version"], name="decision_version")
        ]

    def __str__(self) -> str:
        return str(self.version)


class Cutoff(models.Model):
    """What anybody may see of one seat class in a public version: the seats offered, and the band that holds the
    cut-off where ten or more are offered. Exact cut-offs stand in the sealed bundle alone."""

    PRIVACY = classify(neither="id decision place seat_class seats low below")

    id = models.BigAutoField(primary_key=True)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="cutoffs")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    seat_class = models.CharField(max_length=60)
    seats = models.PositiveIntegerField()
    low = models.IntegerField(null=True, blank=True)  # the band holds scores from here on
    below = models.IntegerField(null=True, blank=True)  # and under this one

    class Meta:
        ordering: ClassVar[list[str]] = ["decision_id", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["decision", "place", "seat_class"], name="cutoff_once")
        ]

    def __str__(self) -> str:
        return self.seat_class


class Result(models.Model):
    """One applicant's present result. `version` is the version of the outcome that gave it. A place that was given back
    is held until `held_until`; `was` is the answer that stands again when it is taken back. Where what it led to was
    left early there is no `held_until`: it cannot be taken back, and goes on as soon as places are passed on."""

    PRIVACY = classify(
        neither="id place lost had seat_class answer keeps_waiting answer_by answered_at held_until was version",
        personal="application",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="result")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="results")
    seat_class = models.CharField(max_length=60, blank=True)
    lost = models.ForeignKey(  # the place they held until its opportunity was cancelled
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    had = models.ForeignKey(  # the place that was theirs last, and is not any more
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Answer])
    keeps_waiting = models.BooleanField(
        default=True
    )  # who accepts leaves the lists of dearer places, unless they say so
    answer_by = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    was = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["answer_by"], name="result_due", condition=models.Q(answer="offered")),
            models.Index(fields=["held_until"], name="result_held", condition=models.Q(answer="returning")),
        ]

    def __str__(self) -> str:
        return self.answer

    @property
    def stands(self) -> Answer:
        """The answer as people read it."""
        left = self.answer == Answer.RETURNING and self.held_until is None
        return Answer.STOPPED if left else Answer(self.answer)

    @property
    def about(self) -> Place | None:
        """The place of which the answer speaks, also where it is not theirs any more."""
        return self.place or (self.had if self.answer in ENDED else None)

    @property
    def taken(self) -> bool:
        """Whether the place counts as accepted, also while it is held after being given back."""
        return Answer.ACCEPTED in (self.answer, self.was)


class Appeal(models.Model):
    """A request for review, answered with a reason by somebody who did not run the round."""

    PRIVACY = classify(
        neither="id status next_step at answered_at", personal="application by answered_by",
        sensitive="reason_sealed answer_sealed", purpose="review of a decision", basis="PDPA s.24(4) public task",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="appeals")
    reason_sealed = models.BinaryField()
    status = models.CharField(
        max_length=8, choices=[(a.value, a.value) for a in AppealStatus], default=AppealStatus.OPEN.value
    )
    next_step = models.CharField(max_length=16, choices=[(n.value, n.value) for n in NextStep], blank=True)
    answer_sealed = models.BinaryField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application"], condition=models.Q(status="open"), name="one_open_appeal")
        ]

    def __str__(self) -> str:
        return self.status
