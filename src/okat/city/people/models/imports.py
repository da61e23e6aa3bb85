"""Files that offices send. Shared by every kind of row that can be imported (people here, opportunities above)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.core.models import DataKey
from okat.city.partners.models import Partner
from okat.city.people import rules


class ImportBatch(models.Model):
    """One file on its way in. The file itself is kept sealed, only until it is imported or given up."""

    PRIVACY = classify(
        neither="id kind partner at status key sheet mapping rows imported known digest done_at undone_at "
        "left law lawful looked looked_rows",
        personal="by filename file", purpose="import", basis="PDPA s.24(4)", keep_days=7,
    )  # fmt: skip

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        IMPORTED = "imported", _("Imported")
        UNDONE = "undone", _("Undone")
        DROPPED = "dropped", _("Given up")

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20)  # people, opportunities, jobs
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    key = models.OneToOneField(DataKey, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.BinaryField(null=True, blank=True)  # sealed
    sheet = models.CharField(max_length=80, blank=True)
    mapping = models.JSONField(default=dict)  # column letter -> field, as corrected by the person
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    rows = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)  # rows that were there already
    law = models.CharField(max_length=10, choices=rules.Law.choices, blank=True)  # said by whoever imports
    lawful = models.PositiveIntegerField(default=0)  # rows without a consent: of which it was said; that went in by it
    looked = models.CharField(max_length=64, blank=True)  # SHA-256 of the remarks at which somebody said they looked
    looked_rows = models.PositiveIntegerField(default=0)  # how many rows these were
    left = models.JSONField(default=list, blank=True)  # what stayed as it was though the file says otherwise
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "partner", "digest"], name="batch_digest")
        ]

    def __str__(self) -> str:
        return str(self.id)


class ColumnMapping(models.Model):
    """How one partner names a column: learnt when a person corrects a guess."""

    PRIVACY = classify(neither="id kind partner heading field at")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    heading = models.CharField(max_length=200)  # folded heading text
    field = models.CharField(max_length=60, blank=True)  # empty: leave this column out
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["heading"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "partner", "heading"], name="mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading}: {self.field}"
