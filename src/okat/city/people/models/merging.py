"""Two records that may be one person: a proposal, and the merge that can be undone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.people.models.person import Person


class MergeProposal(models.Model):
    """A question to a person: are these two one? `left` has the smaller id, so that a pair is proposed once."""

    PRIVACY = classify(
        neither="id score parts source status at decided_at", personal="left right by decided_by",
        purpose="no double records", basis="PDPA s.35",
    )  # fmt: skip

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        MERGED = "merged", _("Merged")
        REFUSED = "refused", _("Two people")

    id = models.UUIDField(primary_key=True, default=new_id)
    left = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(null=True, blank=True)
    parts = models.JSONField(default=list)  # [[comparison, level]]: levels only, no values
    source = models.CharField(max_length=20)  # "worker", "pin" (same identity number), "import", rules.ALIKE
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-score", "at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["left", "right"], condition=~models.Q(status="merged"), name="proposal_once"
            ),
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="proposal_order"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Merge(models.Model):
    """What a merge changed, so that it can be put back: `moved` app by app (core.merging.Changes), and of the two
    records themselves `own_sealed`, under the kept one's key. From `settled_at` on, what was held for an undo (a second
    seat) has been passed on."""

    PRIVACY = classify(
        neither="id proposal at settled_at undone_at", personal="kept gone moved by undone_by", sensitive="own_sealed",
        purpose="no double records", basis="PDPA s.35",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    proposal = models.ForeignKey(MergeProposal, null=True, on_delete=models.SET_NULL, related_name="merges")
    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    gone = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    moved = models.JSONField(default=dict)
    own_sealed = models.BinaryField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["gone"], condition=models.Q(undone_at=None), name="merge_gone_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at"], name="merge_to_settle", condition=models.Q(undone_at=None, settled_at=None))
        ]

    def __str__(self) -> str:
        return str(self.id)
