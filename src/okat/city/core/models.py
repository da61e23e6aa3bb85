"""Plumbing that every app stands on: the audit trail, data keys and the marks that make a form count once."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from okat.city.core import crypto
from okat.city.core.classify import classify
from okat.city.core.ids import new_id


class AuditEntry(models.Model):
    """Who did what to whose record, when. Keyed ids and field names, never values; the database refuses changes."""

    PRIVACY = classify(
        neither="id at verb subject_kind subject_key fields partner_code reason_code request_key",
        personal="actor",
        purpose="accountability: the person can see who looked", basis="PDPA s.37(1), s.39",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_key = models.CharField(max_length=64, blank=True)
    fields = models.JSONField(default=list)
    partner_code = models.CharField(max_length=40, blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    request_key = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_key", "-at"], name="audit_subject"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the audit trail is append-only';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind}"


class DataKey(models.Model):
    """One subject's wrapped key. Deleting the row erases all that was sealed with it."""

    PRIVACY = classify(neither="id wrapped made_at")

    id = models.UUIDField(primary_key=True, default=new_id)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def fresh(cls) -> "DataKey":
        """A new key, not yet saved."""
        made = new_id()
        return cls(id=made, wrapped=crypto.new_data_key(str(made)))

    def _key(self) -> bytes:
        cached: bytes | None = self.__dict__.get("_open")
        if cached is None:
            cached = self.__dict__["_open"] = crypto.unwrap(bytes(self.wrapped), str(self.id))
        return cached

    def seal(self, value: Any) -> bytes:
        return crypto.seal(value, self._key(), str(self.id))

    def unseal(self, sealed: bytes | memoryview | None) -> Any:
        """The value, or None for an empty field. Raises SealError where it was changed."""
        return None if not sealed else crypto.unseal(bytes(sealed), self._key(), str(self.id))


class OnceToken(models.Model):
    """A form carries a token; whatever was done for it is done once, and a second sending lands on the same page."""

    PRIVACY = classify(neither="id token location at", personal="user", purpose="no double entries", keep_days=30)

    id = models.BigAutoField(primary_key=True)
    token = models.UUIDField(default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "token"], name="once_per_user", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return str(self.token)


class RateCount(models.Model):
    """How often something was tried in one window of time; `key` is a keyed hash of who and what."""

    PRIVACY = classify(neither="key until count", purpose="safety of sign-in and search", keep_days=1)

    key = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%H:%M}"
