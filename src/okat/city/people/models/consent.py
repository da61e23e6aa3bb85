"""Consents and their evidence, and emergency openings."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.models.person import BASIS, PURPOSE, Person


class Evidence(models.Model):
    """A photo, signature or document of a person: the file lies sealed under a random name."""

    PRIVACY = classify(
        neither="id kind name content_type size digest at", personal="person by", purpose=PURPOSE, basis=BASIS
    )

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=rules.EvidenceKind.choices)
    name = models.CharField(max_length=80, unique=True)  # below MEDIA_ROOT
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the plain file
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "id"]

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """What was read before somebody agreed, whole and in one language, under its digest. Never changed: other words are
    another row."""

    PRIVACY = classify(neither="digest language text", purpose="what was agreed to, word for word", basis="PDPA s.19")

    digest = models.CharField(primary_key=True, max_length=64)  # SHA-256 of the text
    language = models.CharField(max_length=2)
    text = models.TextField()

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="words_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Consent(models.Model):
    """One purpose, one recipient. It is never edited: it is withdrawn, and another is given.

    `sensitive`: the person explicitly allowed sensitive data too (PDPA s.26). `words` is what was shown or read out,
    `terms` the version of it; both are empty where an office had asked on paper of its own. `replaced_by` is the one
    that was given in its place: it ended by that, and nobody took it back.
    """

    PRIVACY = classify(
        neither="id purpose recipient sensitive how at words terms withdrawn_at evidence replaced_by",
        personal="person by withdrawn_by witness_sealed",
        purpose="proof of consent", basis="PDPA s.19",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=10, choices=rules.Purpose.choices)
    recipient = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    sensitive = models.BooleanField(default=False)
    how = models.CharField(max_length=10, choices=rules.How.choices)
    witness_sealed = models.BinaryField(null=True, blank=True)  # name of the witness or guardian
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    words = models.ForeignKey(Wording, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    terms = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "purpose", "recipient"], condition=models.Q(withdrawn_at=None), name="consent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.recipient_id}"


class BreakGlass(models.Model):
    """A record opened outside one's scope: for a reason, for three hours, reviewed afterwards."""

    PRIVACY = classify(
        neither="id partner reason at until reviewed_at finding",
        personal="user person note_sealed reviewed_by review_sealed",
        purpose="emergency access", basis="PDPA s.24(2)",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="openings")
    reason = models.CharField(max_length=10, choices=rules.Emergency.choices)
    note_sealed = models.BinaryField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    finding = models.CharField(max_length=14, choices=rules.Finding.choices, blank=True)
    review_sealed = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("user")), name="not_own_review"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["user", "until"], name="breakglass_user")]

    def __str__(self) -> str:
        return str(self.id)
