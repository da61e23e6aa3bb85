"""What people look for and is not there: counted without anybody's name, and kept for those who want to be told."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from okat.city.catalogue.models.opportunity import Opportunity
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.core.models import DataKey
from okat.city.people.models import Person
from okat.city.places.models import Area


class Unmet(models.Model):
    """One ask for something that is not there: need, area, formats and month, and nothing of who asked. `known`:
    somebody waits to be told of it, who counts once for a need; a visitor may ask as often as they like."""

    PRIVACY = classify(neither="id need area formats usable month known")

    id = models.BigAutoField(primary_key=True)
    need = models.CharField(max_length=60)  # code of a term
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")  # a sub-district, or wider
    formats = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    usable = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # codes of usable.csv
    month = models.DateField()  # its first day: a day would be too near to a person
    known = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["need", "area_id", "id"]
        verbose_name_plural = "unmet"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["need", "area"], name="unmet_where")]

    def __str__(self) -> str:
        return f"{self.need} {self.area_id}"


class Lookout(models.Model):
    """Somebody wants to be told when there is one: a resident, or a worker for a person. Told once.

    `sealed` holds {"formats", "usable"}, which may give a disability away, under a key of its own.
    """

    PRIVACY = classify(
        neither="id key need area made_at told_at told ended_at counted", personal="person user", sensitive="sealed",
        purpose="telling a person when what they look for is offered", basis="PDPA s.24(4); s.26 explicit consent",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="lookouts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")  # who is told
    need = models.CharField(max_length=60)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    key = models.OneToOneField(DataKey, null=True, on_delete=models.SET_NULL, related_name="+")
    sealed = models.BinaryField(null=True, blank=True)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told = models.ForeignKey(Opportunity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # withdrawn, or told
    counted = models.BooleanField(default=True)  # it is the one of theirs for this need that stands in the tally

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["need"], name="lookout_open", condition=Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return str(self.id)

    def conditions(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The formats and abilities; nothing where the key was destroyed."""
        said = self.key.unseal(self.sealed) if self.key is not None and self.sealed else None
        return (tuple(said["formats"]), tuple(said["usable"])) if said else ((), ())
