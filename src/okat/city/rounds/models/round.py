"""A round, its places, and the looks at its own data."""

import datetime as dt
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Family
from okat.city.core import clock
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.core.models import DataKey
from okat.city.partners.models import Partner
from okat.city.rounds.rules import Status


@pghistory.track(exclude=["key", "secret_sealed"])
class Round(models.Model):
    """One allocation of one family of opportunities.

    `rules` is the frozen policy; `rules_digest` and `commitment` (SHA-256 of the sealed secret) are published before
    it opens. `secret` is empty until it is revealed together with the draw; then `seed` follows from both.
    `ran_before`: offices that ran it until they handed it over; what was agreed to for one of them holds for it still.
    """

    PRIVACY = classify(
        neither="id key partner ran_before family title_th title_en status rules rules_digest commitment secret_sealed"
        " secret draw_th draw_en draw_on draw_result seed opens_at closes_at answer_by auditors created_at frozen_at"
        " published_at",
        personal="created_by run_by",
        purpose="who answers for a decision", basis="PDPA s.24(4) public task",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.OneToOneField(DataKey, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="rounds")  # who runs it
    ran_before = models.ManyToManyField(Partner, blank=True, related_name="+")
    family = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Family])
    title_th = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Status], default=Status.DRAFT.value)
    rules = models.JSONField(default=dict)
    rules_digest = models.CharField(max_length=64, blank=True)
    commitment = models.CharField(max_length=64, blank=True)
    secret_sealed = models.BinaryField(null=True, blank=True)
    secret = models.CharField(max_length=80, blank=True)
    draw_th = models.CharField(max_length=200, blank=True)
    draw_en = models.CharField(max_length=200, blank=True)
    draw_on = models.DateField(null=True, blank=True)
    draw_result = models.CharField(max_length=20, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateField(null=True, blank=True)  # of the first offers; set when the results are published
    auditors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(opens_at=None) | models.Q(closes_at__gt=models.F("opens_at")),
                name="round_closes_after_opening",
            )
        ]

    def __str__(self) -> str:
        return self.title_th

    @property
    def stage(self) -> Status:
        return Status(self.status)

    @property
    def counts_on(self) -> dt.date:
        """The day on which ages, groups and conditions count: the last one to apply. Birthdays after it change nothing,
        so that nobody gains or loses a place by the day on which they sent their list."""
        return timezone.localdate(self.closes_at or clock.now())


class Place(models.Model):
    """One opportunity of a round, as it stood when the rules were frozen: later changes over there change nothing
    here. `off` says why it dropped out before the round was decided (`cancelled`)."""

    PRIVACY = classify(neither="id round opportunity capacity reserves priority off")

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="places")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="+")
    capacity = models.PositiveIntegerField()
    reserves = models.JSONField(default=list, blank=True)
    priority = models.JSONField(default=list, blank=True)
    off = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["round_id", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "opportunity"], name="place_once")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Its name in bundles."""
        return str(self.opportunity_id)


class DrawEntry(models.Model):
    """The public draw as one person wrote it down. Kept for ever: the draw counts when two people's entries agree."""

    PRIVACY = classify(neither="id round digits at", personal="by", purpose="fairness of the round")

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="draw_entries")
    digits = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="draw_entries", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.digits


class PolicyLook(models.Model):
    """Somebody tried another policy on the round's own data after it had opened; the bundle lists every look."""

    PRIVACY = classify(neither="id round policy at", personal="by", purpose="fairness of the round")

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="looks")
    policy = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return str(self.at)

    def as_words(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "policy": self.policy}
