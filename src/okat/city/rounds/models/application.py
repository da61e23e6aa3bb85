"""Who applied, under which pseudonym, and for what."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people.models import Person
from okat.city.rounds.models.round import Place, Round

PURPOSE = "fair allocation of limited places"
BASIS = "PDPA s.19 consent; s.26 explicit consent for groups"


class Application(models.Model):
    """One person in one round. The pseudonym is fixed here: the lottery is drawn on it.

    `sealed` holds, under the person's key, the groups as they were on applying. `person` is empty once the record is
    erased: a published decision stays provable by pseudonyms, and leads back to nobody.
    """

    PRIVACY = classify(
        neither="id round pseudonym receipt partner at changed_at withdrawn_at withdrawn_why",
        personal="person entered_by", sensitive="sealed", purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="applications")
    pseudonym = models.CharField(max_length=32)
    receipt = models.CharField(max_length=16, unique=True)
    sealed = models.BinaryField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "pseudonym"], name="application_pseudonym"),
            models.UniqueConstraint(
                fields=["round", "person"], condition=Q(withdrawn_at=None), name="application_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "-at"], name="application_person")]

    def __str__(self) -> str:
        return self.receipt


class Choice(models.Model):
    """One line of an application's list. `priority` is the published score; `parts_sealed` is {"parts": [[code, points,
    th, en]], "raw": what the points were counted from}."""

    PRIVACY = classify(
        neither="id place rank", personal="application priority", sensitive="parts_sealed", purpose=PURPOSE, basis=BASIS
    )

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="choices")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="choices")
    rank = models.PositiveSmallIntegerField()
    priority = models.IntegerField()
    parts_sealed = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["application_id", "rank"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application", "place"], name="choice_once"),
            models.UniqueConstraint(fields=["application", "rank"], name="choice_rank_once"),
        ]

    def __str__(self) -> str:
        return str(self.rank)
