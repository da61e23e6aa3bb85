"""Sessions that make up for others."""

from typing import ClassVar

from django.db import models

from okat.city.catalogue.models import Session
from okat.city.core.classify import classify


class MakeUp(models.Model):
    """`session` makes up for `missed`. Where that one was called off, it stands in its place for everybody. Where it
    was held, it is for those who missed it: attending it counts as having been there, and nobody else need come."""

    PRIVACY = classify(neither="session missed")

    session = models.OneToOneField(Session, primary_key=True, on_delete=models.CASCADE, related_name="makes_up")
    missed = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="made_up_by")

    class Meta:
        ordering: ClassVar[list[str]] = ["session"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(session=models.F("missed")), name="make_up_for_another")
        ]

    def __str__(self) -> str:
        return str(self.session_id)
