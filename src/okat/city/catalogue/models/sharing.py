"""What an opportunity looks for, and what partners put into it."""

from typing import ClassVar

from django.db import models

from okat.city.catalogue.models.opportunity import Opportunity
from okat.city.catalogue.rules.sharing import PledgeStatus
from okat.city.core.classify import classify
from okat.city.partners.models import Contribution, Partner
from okat.city.partners.rules import say_unit
from okat.city.taxonomy.models import Term


class Sought(models.Model):
    """What an opportunity still needs from others: one line for each resource and unit."""

    PRIVACY = classify(neither="id opportunity resource unit amount note added_at")

    id = models.BigAutoField(primary_key=True)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="sought")
    resource = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")  # vocabulary: resource
    unit = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    note = models.CharField(max_length=400, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-added_at", "id"]
        verbose_name_plural = "sought"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["opportunity", "resource", "unit"], name="sought_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="sought_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @property
    def unit_words(self) -> str:
        return say_unit(self.unit)


class Pledge(models.Model):
    """What a partner puts into one opportunity, in money or in kind: planned and used. It counts once the provider has
    accepted it; what comes with an import or from the provider itself is accepted from the start."""

    PRIVACY = classify(
        neither="id opportunity partner contribution resource unit planned used note status reason offered_at"
        " answered_at"
    )

    id = models.BigAutoField(primary_key=True)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="pledges")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="pledges")
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="pledges"
    )
    resource = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")  # vocabulary: resource
    unit = models.CharField(max_length=20)
    planned = models.DecimalField(max_digits=14, decimal_places=2)
    used = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    note = models.CharField(max_length=400, blank=True)
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in PledgeStatus], default=PledgeStatus.ACCEPTED.value
    )
    reason = models.CharField(max_length=400, blank=True)  # why the provider declined
    offered_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["opportunity_id", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(planned__gte=0, used__gte=0), name="pledge_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.partner.code}: {self.planned} {self.unit}"

    @property
    def unit_words(self) -> str:
        return say_unit(self.unit)
