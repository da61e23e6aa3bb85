"""Asking the owner of an account whether a record is theirs."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.models.person import BASIS, PURPOSE, Person


class LinkRequest(models.Model):
    """An office says that a record is that of an account's owner; it opens there only once the owner says yes. Without
    `user` nobody could be asked, which the office is not told."""

    PRIVACY = classify(
        neither="id partner asked_at answered_at answer", personal="person user by", purpose=PURPOSE, basis=BASIS,
        keep_days=365,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="link_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=rules.LinkAnswer.choices, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "user"], condition=models.Q(answered_at=None), name="link_asked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} asks {self.user_id}"
