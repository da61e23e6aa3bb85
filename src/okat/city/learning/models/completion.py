"""When a course counts as completed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from okat.city.catalogue.models import Opportunity, Session
from okat.city.core.classify import classify
from okat.city.learning.rules import SHARE


class Completion(models.Model):
    """When a course counts as completed, as its provider says. `share`: percent of the sessions; `hours`: spent in
    them; `sessions`: those that nobody may miss; `assessment`: the code of the instrument that must be taken
    afterwards; `months`: for how long its certificates are valid (None: without end)."""

    PRIVACY = classify(neither="id opportunity share hours sessions assessment months")

    id = models.BigAutoField(primary_key=True)
    opportunity = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="completion")
    share = models.PositiveSmallIntegerField(default=SHARE)
    hours = models.PositiveSmallIntegerField(default=0)
    sessions = models.ManyToManyField(Session, blank=True, related_name="+")
    assessment = models.CharField(max_length=40, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="completion_share_is_percent")
        ]

    def __str__(self) -> str:
        return f"{self.share} %"
