"""Households, persons, and the keys under which possible duplicates are found."""

import contextlib
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from okat.city.core.classify import classify
from okat.city.core.crypto import SealError
from okat.city.core.ids import new_id
from okat.city.core.models import DataKey
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.places.models import Area

PURPOSE = "care and follow-up of persons in need"
BASIS = "PDPA s.24(4) public task; s.26 explicit consent for sensitive data"


class Household(models.Model):
    """People who live together. It needs no address and no registration."""

    PRIVACY = classify(
        neither="id area tenure created_at updated_at registered_by batch", personal="house lat lon",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    house = models.CharField(max_length=160, blank=True)  # house code or number and lane, one wording per dwelling
    tenure = models.CharField(max_length=10, choices=rules.Tenure.choices, default=rules.Tenure.UNKNOWN)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    registered_by = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(
        "people.ImportBatch", null=True, blank=True, on_delete=models.SET_NULL, related_name="households"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area"], name="household_area")]

    def __str__(self) -> str:
        return str(self.id)


class Person(models.Model):
    """A pinned person. The id may be made by a phone without a network.

    `sealed` repeats the personal columns under the person's own key: history keeps that copy and never the plain
    values, so that destroying the key erases the past as well. `care_sealed` holds what is sensitive: disabilities,
    the card, health. `version` counts the changes: a form that was opened on an older one is a conflict.
    `merged_into` is always the record that is kept in the end: a chain of merges is one step long.
    """

    PRIVACY = classify(
        neither="id key area status merged_into papers registered_by version created_at updated_at noted_at batch"
        " sealed",
        personal="title given family nickname sex birth birth_first birth_last phone lat lon household household_role"
        " user responsible created_by sort find education occupation income situations pin_flag",
        sensitive="pin_sealed pin_hash care_sealed",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.OneToOneField(DataKey, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=40, blank=True)
    given = models.CharField(max_length=120, blank=True)
    family = models.CharField(max_length=120, blank=True)
    nickname = models.CharField(max_length=60, blank=True)
    sex = models.CharField(max_length=1, choices=rules.Sex.choices, blank=True)
    birth = models.CharField(max_length=16, blank=True)  # PartialDate.isoformat()
    birth_first = models.DateField(null=True, blank=True)
    birth_last = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # digits as dialled
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField(null=True, blank=True)  # shown to the responsible worker only
    lon = models.FloatField(null=True, blank=True)
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    household_role = models.CharField(max_length=12, choices=rules.HouseholdRole.choices, blank=True)
    papers = models.CharField(max_length=10, choices=rules.Papers.choices, default=rules.Papers.UNKNOWN)
    education = models.CharField(max_length=60, blank=True)  # code of a term, as are occupation and situations
    occupation = models.CharField(max_length=60, blank=True)
    income = models.PositiveIntegerField(null=True, blank=True)  # baht a month
    situations = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    pin_sealed = models.BinaryField(null=True, blank=True)
    pin_hash = models.CharField(max_length=64, blank=True)
    pin_flag = models.CharField(max_length=40, blank=True)
    care_sealed = models.BinaryField(null=True, blank=True)
    sealed = models.BinaryField(null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    registered_by = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=8, choices=rules.Status.choices, default=rules.Status.ACTIVE)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sort = models.CharField(max_length=400, blank=True)
    find = models.CharField(max_length=320, blank=True)  # names folded for the search box
    version = models.PositiveIntegerField(default=1)
    batch = models.ForeignKey(
        "people.ImportBatch", null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    noted_at = models.DateTimeField(null=True, blank=True)  # when the phone wrote it, by the phone's clock
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["sort", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["pin_hash"], name="person_pin", condition=~models.Q(pin_hash="")),
            models.Index(fields=["phone"], name="person_phone", condition=~models.Q(phone="")),
            models.Index(fields=["area", "status"], name="person_area"),
            models.Index(fields=["birth_first"], name="person_birth"),
            GinIndex(fields=["find"], name="person_find", opclasses=["gin_trgm_ops"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(birth_first=None) | models.Q(birth_first__lte=models.F("birth_last")),
                name="person_birth_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=rules.Status.MERGED) | models.Q(merged_into__isnull=False),
                name="person_merged_into",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)  # never the name: this may end in a log

    @property
    def full_name(self) -> str:
        """Title, given and family name as they are printed."""
        return f"{self.title}{self.given} {self.family}".strip() if self.given or self.family else self.nickname

    def unseal(self, value: bytes | memoryview | None) -> Any:
        """A sealed value of this person, or of a record that was merged into it; None when it is empty or its key
        was destroyed. Raises SealError where it was changed."""
        if not value or self.key is None:
            return None
        try:
            return self.key.unseal(value)
        except SealError:
            for key in self._joined_keys():
                with contextlib.suppress(SealError):
                    return key.unseal(value)
            raise

    def _joined_keys(self) -> list[DataKey]:
        """Of the records that were merged into this one, also by way of others; a page may have brought them along."""
        brought: list[DataKey] | None = self.__dict__.get("joined_keys")
        if brought is None:
            joined = Person.objects.filter(merged_into=self).select_related("key")
            brought = [person.key for person in joined if person.key is not None]
        return brought


class PersonEvent(
    pghistory.create_event_model(  # type: ignore[misc]  # a model made at run time
        Person,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        fields=["sealed", "pin_sealed", "care_sealed", "area", "papers", "status", "merged_into", "version"],
        context_field=None,
        obj_field=pghistory.ObjForeignKey(related_name="+"),
    )
):
    """History of a person: sealed values and the columns that identify nobody."""

    PRIVACY = classify(
        neither="pgh_id pgh_created_at pgh_label pgh_obj sealed area papers status merged_into version",
        sensitive="pin_sealed care_sealed", purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    class Meta:
        db_table = "people_personevent"
        ordering: ClassVar[list[str]] = ["pgh_id"]


class PersonKey(models.Model):
    """One blocking key of one person as a keyed 64-bit number: equal keys meet, and none can be read back."""

    PRIVACY = classify(neither="id", personal="person code", purpose="no double records", basis=BASIS)

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")
    code = models.BigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["code", "person"], name="personkey_code")]

    def __str__(self) -> str:
        return str(self.code)
