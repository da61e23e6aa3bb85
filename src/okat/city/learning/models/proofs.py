"""Certificates and the keys that sign them."""

from typing import ClassVar

from django.db import models

from okat.city.catalogue.models import Opportunity
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.learning.models.taking_part import Enrolment
from okat.city.learning.rules import BASIS, PURPOSE
from okat.city.people.models import Person


class PublicKey(models.Model):
    """The public half of a key that signs or signed; the secret half is made from the key file and never stored."""

    PRIVACY = classify(neither="id name public since revoked_at")

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    public = models.CharField(max_length=80)
    since = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-since", "-id"]

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """A certificate that was issued. The document is sealed with the person's key; `place` is its bit in the status
    list `list_number`, drawn by lot so that the list tells nothing of when and to whom. `replaces`: the one that was
    taken back and that this one stands for; of one enrolment one certificate holds."""

    PRIVACY = classify(
        neither="id opportunity key list_number place issued_at valid_until revoked_at reason replaces",
        personal="enrolment person sealed",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.SET_NULL, related_name="certificates")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="certificates")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="certificates")
    key = models.ForeignKey(PublicKey, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField(null=True)
    list_number = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-issued_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["list_number", "place"], name="certificate_place_once"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=models.Q(revoked_at=None), name="certificate_holds_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
