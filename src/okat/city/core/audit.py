"""Writing and reading the audit trail."""

from collections.abc import Iterable
from contextvars import ContextVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from okat.city.core import clock, crypto, planned
from okat.city.core.models import AuditEntry

request_key: ContextVar[str] = ContextVar("okat_request", default="")
written: ContextVar[int] = ContextVar("okat_audit_written", default=0)


def subject_key(subject: models.Model) -> str:
    """The keyed id under which entries about `subject` are found."""
    return crypto.keyed_hash(str(subject.pk), f"audit:{subject._meta.label_lower}")


def record(
    *, by: AbstractBaseUser | None, verb: str, subject: models.Model | None = None, fields: Iterable[str] = (),
    partner: str = "", reason: str = "", key: str = "",
) -> None:  # fmt: skip
    """One entry. `verb` is `app.verb`; `fields` are names, never values; `reason` is a code; `key` is a keyed hash of
    what it is about, where that is no row."""
    entries = [subject] if subject is not None else []
    if entries:
        record_many(by=by, verb=verb, subjects=entries, fields=fields, partner=partner, reason=reason)
        return
    entry = _entry(by, verb, None, fields, partner, reason)
    entry.subject_key = key
    _write([entry])


def record_many(
    *, by: AbstractBaseUser | None, verb: str, subjects: Iterable[models.Model], fields: Iterable[str] = (),
    partner: str = "", reason: str = "",
) -> None:  # fmt: skip
    """One entry for each subject, in one statement."""
    names = sorted(fields)
    _write([_entry(by, verb, subject, names, partner, reason) for subject in subjects])


def about(subject: models.Model) -> models.QuerySet[AuditEntry]:
    """All entries about one record, newest first."""
    return about_all([subject])


def about_all(subjects: Iterable[models.Model]) -> models.QuerySet[AuditEntry]:
    """All entries about several records that are one thing, newest first."""
    return AuditEntry.objects.filter(subject_key__in=[subject_key(one) for one in subjects]).order_by("-id")


def _entry(
    by: AbstractBaseUser | None,
    verb: str,
    subject: models.Model | None,
    fields: Iterable[str],
    partner: str,
    reason: str,
) -> AuditEntry:
    return AuditEntry(
        at=clock.now(), actor_id=by.pk if by else None, verb=verb, fields=sorted(fields), partner_code=partner,
        reason_code=reason, subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_key=subject_key(subject) if subject is not None else "", request_key=request_key.get(),
    )  # fmt: skip


def _write(entries: list[AuditEntry]) -> None:
    planned.insert_all(entries)
    written.set(written.get() + len(entries))
