"""What changed in a life: somebody died, left the city, or came back."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.models.person import BASIS, PURPOSE, Person


class LifeEvent(models.Model):
    """`kind` is the status that followed, or that somebody turned twenty and was told so. `ended` names, by app, what
    ended with it (core.registries.LIFE), so that a wrong word can be mended: what can be given back is, and `mended_at`
    says when."""

    PRIVACY = classify(
        neither="id at partner mended_at", personal="person kind ended by mended_by", purpose=PURPOSE, basis=BASIS
    )

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="life_events")
    kind = models.CharField(max_length=8, choices=rules.Turn.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended = models.JSONField(default=dict, blank=True)
    mended_at = models.DateTimeField(null=True, blank=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=models.Q(mended_at=None), name="life_event_one_open"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
