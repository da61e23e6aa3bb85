"""Links by which a learner shows the passport to others, and each time that one was opened."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.people.models import Person

_WHY = "the learner shows the passport to whom they choose"
_BASIS = "PDPA s.19"


class PassportLink(models.Model):
    """Good until `until`, until it is withdrawn, and only while the account that made it (`by`) opens the record. Of
    the address only a keyed hash is kept: whoever reads the table cannot open it."""

    PRIVACY = classify(neither="id digest made_at until withdrawn_at", personal="person by", purpose=_WHY, basis=_BASIS)

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passport_links")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class PassportOpening(models.Model):
    """One time that a link was opened; `by` is empty for somebody without an account."""

    PRIVACY = classify(neither="id link at", personal="by", purpose=_WHY, basis=_BASIS)

    id = models.BigAutoField(primary_key=True)
    link = models.ForeignKey(PassportLink, on_delete=models.CASCADE, related_name="openings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at:%Y-%m-%d}"
