"""Plumbing that every app stands on: the audit trail, data keys and the marks that make a form count once."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock, crypto
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

    PRIVACY = classify(neither="key until count", purpose="safety of sign-in, telling many from one", keep_days=30)

    key = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%H:%M}"


class KeyMark(models.Model):
    """By what a key of the key file is known again, noted at its first use here (core.key_marks)."""

    PRIVACY = classify(neither="name mark noted_at")

    name = models.CharField(primary_key=True, max_length=40)
    mark = models.CharField(max_length=64)
    noted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class WeeklyFigures(models.Model):
    """One sheet of figures of people as it was last told (core.weekly), with what each number was told at before."""

    PRIVACY = classify(neither="id kind of numbers drawn_on asked_on")

    id = models.CharField(primary_key=True, max_length=64)  # a hash of `kind` and `of`
    kind = models.CharField(max_length=60)
    of = models.JSONField()  # of what: areas, a course ...
    numbers = models.JSONField()
    drawn_on = models.DateField(db_index=True)
    asked_on = models.DateField(default=clock.today)  # the first day of the last week in which somebody read it

    def __str__(self) -> str:
        return f"{self.kind} {self.drawn_on}"


class KeptForm(models.Model):
    """A form whose session had ended when it was sent, for an hour (core.form_again). Its key lies in the browser."""

    PRIVACY = classify(
        neither="id digest until", sensitive="sealed", purpose="what was typed is not lost when a session ends",
        basis="PDPA s.24(3)", keep_days=1,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    digest = models.CharField(max_length=64, unique=True)  # a keyed hash of the browser's token
    sealed = models.BinaryField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"until {self.until:%H:%M}"


class Letter(models.Model):
    """One letter to one reader, a row of the same transaction as what it tells: it goes out after, or never was.

    `id` is also what the receiving side knows a second sending by (Message-ID, X-Line-Retry-Key). What must not lie
    about (an address that is no account's, a code) is sealed with a key of the letter's own, which goes when the
    letter has served. `fold`: while a letter waits under this name, no second one is made.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        HELD = "held", _("no way to reach the reader")
        DROPPED = "dropped", _("not needed any more")

    PRIVACY = classify(
        neither="id kind params language channel tried key fold state tries go_at leased_until cost receipt fault"
                " made_at done_at",
        personal="user", sensitive="sealed", purpose="messages about one's work or applications",
        basis="PDPA s.24(3)", keep_days=180,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    key = models.OneToOneField(DataKey, null=True, on_delete=models.SET_NULL, related_name="+")
    sealed = models.BinaryField(null=True)
    language = models.CharField(max_length=2, blank=True)  # empty: the user's
    channel = models.CharField(max_length=10, blank=True)  # the one that was asked for, else the last one tried
    tried = models.JSONField(default=list)  # channels that would not take it
    fold = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    go_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)  # a sender has it in hand; past this moment it is presumed dead
    cost = models.PositiveIntegerField(default=0)  # satang
    receipt = models.CharField(max_length=100, blank=True)
    fault = models.CharField(max_length=40, blank=True)  # a code, never what the other side wrote
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["fold"], condition=models.Q(state="waiting") & ~models.Q(fold=""), name="letter_folded"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["go_at", "id"], condition=models.Q(state="waiting"), name="letter_waiting"),
            models.Index(fields=["state", "made_at"], name="letter_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def secret(self) -> dict[str, Any]:
        """What is sealed: `address`, and values of the letter that nobody else may read."""
        found: dict[str, Any] | None = self.key.unseal(self.sealed) if self.key is not None else None
        return found or {}
