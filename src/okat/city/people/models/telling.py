"""How a person is reached who may have no account: a telephone that was confirmed, and slips of paper."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people.models.person import BASIS, PURPOSE, Person


class PhoneCheck(models.Model):
    """That a telephone number reaches a person. It counts for this number alone: a changed one is asked for anew."""

    class How(models.TextChoices):
        RANG = "rang", _("rang and spoke with the person")
        CODE = "code", _("the person read out the code that was sent")

    PRIVACY = classify(
        neither="id how made_at confirmed_at proof proof_until tries", personal="person phone by",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phone_checks")
    phone = models.CharField(max_length=20)
    how = models.CharField(max_length=5, choices=How.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=64, blank=True)  # keyed hash of the code that was sent
    proof_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "phone"], name="phone_check_once")
        ]

    def __str__(self) -> str:
        return self.phone


class Slip(models.Model):
    """A message on paper for a person whom no channel reaches: a worker prints it and gives it over.

    It holds no title and no reason, only the kind of message, until when, and which partner to ask: paper lies about.
    `about` is the id of what it tells of, by which newer news of the same thing takes its place.
    """

    class How(models.TextChoices):
        GIVEN = "given", _("given over")
        SAID = "said", _("told in person or on the telephone")
        OVER = "over", _("no longer holds, so that nobody needs to bring it")

    PRIVACY = classify(
        neither="id kind about until partner made_at printed_at batch told_at how over_at",
        personal="person printed_by told_by", purpose=PURPOSE, basis=BASIS, keep_days=365,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="slips")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=36, blank=True)
    until = models.DateField(null=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    batch = models.UUIDField(null=True, db_index=True)  # printed together
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    how = models.CharField(max_length=5, choices=How.choices, blank=True)
    over_at = models.DateTimeField(null=True)  # told, and since then it does not hold: the mark is not taken back

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "kind", "about"], condition=models.Q(told_at=None, printed_at=None), name="slip_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partner"], condition=models.Q(told_at=None), name="slip_open")
        ]

    def __str__(self) -> str:
        return self.kind


class CodeSlip(models.Model):
    """A slip with a code that opens one page of the person's own, once. The code stands on the paper alone: here lies
    its keyed hash. `page` is a key of OWN_PAGES, `about` the id of what it shows; `ended_at` when a newer one was
    printed."""

    PRIVACY = classify(
        neither="id page about code_hash partner made_at until opened_at ended_at",
        personal="person made_by opened_by", purpose=PURPOSE, basis=BASIS, keep_days=365,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="code_slips")
    page = models.CharField(max_length=40)
    about = models.UUIDField()
    code_hash = models.CharField(max_length=64, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")  # whose office printed it
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    until = models.DateField()
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "page", "about"], condition=models.Q(ended_at=None), name="code_slip_once"
            )
        ]

    def __str__(self) -> str:
        return self.page
