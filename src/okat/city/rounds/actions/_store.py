"""Keeping a decision, and telling people."""

import datetime as dt
from collections.abc import Iterable, Mapping

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.notices.actions import notify
from okat.city.rounds.actions._lock import policy_of
from okat.city.rounds.models import Application, Cutoff, Decision, Place, Round
from okat.city.rounds.solve import Decided


def store(row: Round, version: int, decided: Decided, places: Iterable[Place], by: User) -> Decision:
    """The decision with its cut-offs. The outcome behind it has passed its check (solve raises otherwise)."""
    decision = Decision.objects.create(
        round=row, version=version, certificate=decided.certificate, figures=decided.figures,
        engine_ms=decided.engine_ms, audit_sealed=row.key.seal(decided.audit.hex()), audit_digest=decided.audit_digest,
        public=decided.public, public_digest=decided.public_digest, by=by, at=clock.now(),
    )  # fmt: skip
    by_code = {place.code: place for place in places}
    Cutoff.objects.bulk_create(
        [
            Cutoff(
                decision=decision, place=by_code[cut.code], seat_class=cut.seat_class, priority=cut.priority,
                lottery=cut.lottery, full=cut.full, held=cut.held, applied=cut.applied,
            )
            for cut in decided.cuts
        ],
        batch_size=1000,
    )  # fmt: skip
    return decision


def offers_of(row: Round) -> dt.date:
    """The last day to answer an offer made today."""
    return clock.today() + dt.timedelta(days=policy_of(row).answer_days)


def tell(applications: Iterable[Application], kind: str, row: Round, url: str, by: User | None, **more: str) -> None:
    """The applicants who have an account, and the workers who entered the others."""
    users: dict[int, User] = {}
    for each in applications:
        user = each.person.user if each.person else None
        found = user or each.entered_by
        if isinstance(found, User) and not found.is_system:
            users[found.pk] = found
    params: Mapping[str, object] = {"title": row.title_th, "title_en": row.title_en or row.title_th, **more}
    if users:
        notify(users=users.values(), kind=kind, params=params, url=url, by=by)
