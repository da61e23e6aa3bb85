"""How many work for an employer, and what it gives instead of work."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from okat.city.core.classify import classify
from okat.city.jobs.rules.concessions import Way
from okat.city.partners.models import Partner


class Headcount(models.Model):
    """What an employer says of one day; `wage` is the least daily wage in baht that it named (None: the table's)."""

    PRIVACY = classify(
        neither="id partner on heads employed helped wage at", personal="by",
        purpose="the employment quota", basis="PDPA s.24(6)",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="headcounts")
    on = models.DateField()
    heads = models.PositiveIntegerField()
    employed = models.PositiveIntegerField()
    helped = models.PositiveIntegerField(default=0)
    wage = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "on"], name="headcount_once"),
            models.CheckConstraint(condition=Q(employed__lte=F("heads")), name="headcount_fits"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.heads}"


class Concession(models.Model):
    """Places that an employer or agency gives under section 35 instead of employing; only numbers of persons."""

    PRIVACY = classify(
        neither="id partner way what places taken since until at", personal="contact by",
        purpose="whom to ask about such a place, as its giver publishes it", basis="PDPA s.24(4)",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="concessions")
    way = models.CharField(max_length=12, choices=[(w.value, w.value) for w in Way])
    what = models.CharField(max_length=200)
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-since", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="concession_fits"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="concession_days"),
        ]

    def __str__(self) -> str:
        return self.what
