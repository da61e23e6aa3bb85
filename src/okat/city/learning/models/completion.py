"""When a course counts as completed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from okat.city.catalogue.models import Opportunity
from okat.city.core.classify import classify
from okat.city.learning.rules import SHARE


class Completion(models.Model):
    """When a course counts as completed, as its provider says. `share`: percent of the sessions; `months`: for how
    long its certificates are valid (None: without end)."""

    PRIVACY = classify(neither="id opportunity share months")

    id = models.BigAutoField(primary_key=True)
    opportunity = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="completion")
    share = models.PositiveSmallIntegerField(default=SHARE)
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="completion_share_is_percent")
        ]

    def __str__(self) -> str:
        return f"{self.share} %"
