"""Keeping a decision, and telling people."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.holidays import next_open
from okat.city.notices.actions import notify
from okat.city.notices.rules import KINDS
from okat.city.people import actions as people
from okat.city.rounds.actions._lock import policy_of
from okat.city.rounds.models import Application, Cutoff, Decision, Place, Round
from okat.city.rounds.solve import Decided, Public


def store(row: Round, version: int, decided: Decided, places: Iterable[Place], by: User) -> Decision:
    """The decision with what the public sees of it. The outcome behind it has passed its check (solve raises
    otherwise)."""
    public = decided.public
    decision = Decision.objects.create(
        round=row, version=version, certificate=decided.certificate, figures=decided.figures,
        engine_ms=decided.engine_ms, audit_sealed=row.key.seal(decided.audit.hex()), audit_digest=decided.audit_digest,
        root=decided.root, by=by, at=clock.now(), **(_public(row, public) if public else {}),
    )  # fmt: skip
    if public:
        by_code = {place.code: place for place in places}
        rows = [
            Cutoff(
                decision=decision, place=by_code[line.opportunity], seat_class=line.seat_class, seats=line.seats,
                low=line.band.low if line.band else None, below=line.band.below if line.band else None,
            )
            for line in public.lines
        ]  # fmt: skip
        Cutoff.objects.bulk_create(rows, batch_size=1000)
    return decision


def _public(row: Round, public: Public) -> dict[str, Any]:
    return {
        "public": public.data, "public_digest": public.digest, "shown": public.shown,
        "numbers_sealed": row.key.seal(public.numbers),
    }  # fmt: skip


def offers_of(row: Round) -> dt.date:
    """The last day to answer an offer made today: one on which offices are open, so that somebody can be asked."""
    return next_open(clock.today() + dt.timedelta(days=policy_of(row).answer_days))


def tell(
    applications: Iterable[Application], kind: str, row: Round, url: str, by: User | None, *,
    about: UUID | None = None, more: Mapping[str, str] | None = None, staff: Mapping[str, str] | None = None,
    until: dt.date | None = None,
) -> None:  # fmt: skip
    """The applicants, by whatever reaches each; and the workers who entered those without an account. It is `about` the
    round, of which the newest news alone holds, unless it says otherwise. Workers read `staff` in place of `more`. What
    binds is to be answered `until` then, an offer by its own day."""
    rows = [each for each in applications if each.person is not None]
    entered = {each.entered_by for each in rows if each.person and each.person.user is None}
    users = [user for user in entered if isinstance(user, User) and not user.is_system]
    params: Mapping[str, object] = {"title": row.title_th, "title_en": row.title_en or row.title_th, **(more or {})}
    if rows:
        until = until or (offers_of(row) if KINDS[kind].binding else None)
        whom = [each.person for each in rows if each.person is not None]
        people.tell(people=whom, kind=kind, params=params, url=url, until=until, about=about or row.pk, by=by)
    if users:
        notify(users=users, kind=kind, params={**params, **(staff or {})}, url=url, by=by)
