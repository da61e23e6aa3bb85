"""What opportunities have to do with work."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from okat.city.catalogue.models import Opportunity
from okat.city.core.classify import classify
from okat.city.jobs.rules import HOURS_OF_A_WEEK, Lodging, Strength
from okat.city.taxonomy.models import Term


class Work(models.Model):
    """What an opportunity has to do with work: a job is done in an occupation, a course leads to it; the skills (codes
    of the city's words) that it asks for and that it teaches; what lodging comes with it and whom to ask about it;
    how strong one must be. `hours` in a week, of a job. `before` is what stood here before an import."""

    PRIVACY = classify(
        neither="id opportunity occupation needed taught hours lodging strength before", personal="lodging_contact",
        purpose="whom to ask about lodging, as its provider publishes it", basis="PDPA s.24(4)",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    opportunity = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="work")
    occupation = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    needed = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    taught = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    lodging = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Lodging], blank=True)
    lodging_contact = models.CharField(max_length=200, blank=True)
    strength = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Strength], blank=True)
    before = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name_plural = "work"
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["needed"], name="work_needed"), GinIndex(fields=["taught"], name="work_taught"),
        ]  # fmt: skip
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gt=0, hours__lte=HOURS_OF_A_WEEK), name="work_hours_fit_a_week"
            )
        ]

    def __str__(self) -> str:
        return str(self.opportunity_id)
