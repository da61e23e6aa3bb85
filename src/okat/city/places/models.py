"""Areas from province to community, by their official codes, and where they lie."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from okat.city.core.classify import classify
from okat.thai.sort import sort_key


class Level(models.TextChoices):
    PROVINCE = "province", "Province"
    DISTRICT = "district", "District"
    SUBDISTRICT = "subdistrict", "Sub-district"
    COMMUNITY = "community", "Community"  # a village (8-digit code) or an urban community


class AreaQuerySet(models.QuerySet["Area"]):
    def within(self, *areas: "Area") -> "AreaQuerySet":
        """These areas and everything in them; none for no areas."""
        wanted = models.Q(pk__in=[])
        for area in areas:
            wanted |= models.Q(path__startswith=area.path)
        return self.filter(wanted)


def whole(paths: Iterable[str]) -> bool:
    """Whether one of these is the path of the province itself, inside which every area of the city lies."""
    return any(path.count("/") == 1 for path in paths)


class Area(models.Model):
    """`code` is official (2, 4, 6 or 8 digits) or, for an urban community, the sub-district's with `-name`.

    `path` is the chain of codes from the province down, each ended by `/`: everything inside an area starts
    with its path, so that one index answers "in this area".
    """

    PRIVACY = classify(
        neither="id code level th en parent path sort lat lon boundary population households urban source valid_until"
    )

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=40, unique=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    th = models.CharField(max_length=120)
    en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=120, unique=True)
    sort = models.CharField(max_length=400, editable=False)
    lat = models.FloatField(null=True, blank=True)  # degrees, WGS 84: a point inside
    lon = models.FloatField(null=True, blank=True)
    boundary = models.JSONField(null=True, blank=True)  # GeoJSON geometry (RFC 7946)
    population = models.PositiveIntegerField(null=True, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    urban = models.BooleanField(default=False)  # inside a municipality
    source = models.CharField(max_length=300, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["sort", "code"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["path"], name="area_path", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["level", "sort"], name="area_level"),
        ]

    def __str__(self) -> str:
        return self.th

    def save(self, *args: object, **kwargs: object) -> None:
        self.fill()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on

    def fill(self) -> "Area":
        """Set what follows from the other fields; bulk imports call it themselves."""
        self.path = f"{self.parent.path if self.parent else ''}{self.code}/"
        self.sort = sort_key(self.th)
        return self

    def holds(self, other: "Area") -> bool:
        """Whether `other` is this area or lies in it."""
        return other.path.startswith(self.path)
