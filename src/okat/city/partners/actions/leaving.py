"""A partner leaves the network, or gets another name; what it holds is settled before."""

from okat.city.accounts import actions as accounts
from okat.city.accounts.models import User
from okat.city.core import audit, clock, registries
from okat.city.core.action import action
from okat.city.core.connections import one_at_a_time
from okat.city.core.fresh import guarded
from okat.city.core.kept import forget
from okat.city.core.registries import HANDOVER
from okat.city.notices.actions import notify
from okat.city.partners.actions._may import COORDINATORS, lock_partner
from okat.city.partners.models import Membership, Partner
from okat.city.partners.queries import (
    KEPT,
    Held,
    all_stay,
    coordinators,
    held_before,
    held_by,
    other_coordinators,
    successors_of,
)
from okat.city.partners.rules import Role


class LeavingError(ValueError):
    """It cannot leave (so): `held` (something is not settled), `successor` (nobody, or not one that can), `left`,
    `last_coordinator` (nobody else is the city team), `first` (something else is settled before), or `cannot` (this is
    not settled in this way). `held` says what is left."""

    def __init__(self, code: str, held: tuple[Held, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.held = code, held


@action
@guarded
def settle(*, partner: Partner, key: str, to: Partner | None, by: User) -> int:
    """One kind of thing that the partner holds: given to `to`, or ended where nobody takes it; how many there were.
    Raises LeavingError."""
    row = _lock(partner, to)
    if to is not None:
        _fitting(row, to)
    registries.publish("partner.settling", partner=row, keys=[key])
    count = _settle(row, key, to, by)
    audit.record(by=by, verb="partners.settle", subject=row, fields=[key.partition(" ")[2]], partner=row.code)
    return count


@action
@guarded
def leave_network(*, partner: Partner, reason: str, by: User, successor: Partner | None = None) -> int:
    """The partner leaves today; how many roles ended. With a successor everything that it holds goes there in this
    transaction; without one nothing may be left to settle.

    Its rows stay, its people lose what their roles opened, and `partner.left` tells the apps above. Leaving twice
    changes nothing. `reason` is a word of rules.LEAVING. Raises LeavingError.
    """
    one_at_a_time(COORDINATORS)
    row = _lock(partner, successor)
    audit.record(by=by, verb="partners.leave", subject=row, partner=row.code, reason=reason)
    if row.left_on is not None:
        return 0
    if successor is None and reason == "merged":
        raise LeavingError("successor")
    if successor is not None:
        _fitting(row, successor)
        registries.publish("partner.settling", partner=row, keys=[key for key, _holding in HANDOVER])
        for key, holding in HANDOVER:
            _settle(row, key, successor if holding.hand else None, by)
    if rest := held_by(row):
        raise LeavingError("held", tuple(rest))
    forget(KEPT)
    members = list(Membership.objects.filter(partner=row, ended_on=None).select_related("user"))
    if any(m.role == Role.COORDINATOR for m in members) and not other_coordinators([m.pk for m in members]):
        raise LeavingError("last_coordinator")
    partner.left_on = row.left_on = clock.today()
    partner.successor = row.successor = successor
    row.save(update_fields=["left_on", "successor"])
    registries.publish("partner.left", partner=row, by=by)
    Membership.objects.filter(partner=row, ended_on=None).update(ended_on=clock.today())
    for member in {m.user_id: m.user for m in members}.values():
        accounts.end_sessions(user=member, by=by)
    notify(users=[*coordinators(), *(m.user for m in members)], kind="partners.left", params={"code": row.code}, by=by)
    return len(members)


@action
def rename_partner(*, partner: Partner, th: str, en: str, by: User) -> Partner:
    """Another name for the same office: code, people, courses and history stay; the old name is kept with its day."""
    row = lock_partner(partner)
    if (row.th, row.en) != (th.strip(), en.strip()):
        row.former = [*row.former, {"th": row.th, "en": row.en, "until": clock.today().isoformat()}]
        row.th, row.en = th.strip(), en.strip()
        row.save(update_fields=["th", "en", "former"])
        forget(KEPT)
        registries.publish("partner.renamed", partner=row, by=by)
    audit.record(by=by, verb="partners.rename", subject=row, fields=["th", "en"], partner=row.code)
    return row


def _lock(partner: Partner, to: Partner | None) -> Partner:
    """As it stands now, and nobody who takes over leaves meanwhile; in the order of their ids, so that two who would
    give each other what they hold do not wait for each other."""
    before = to is not None and to.pk < partner.pk
    if to is not None and before:
        all_stay([to.pk])
    row = lock_partner(partner)
    if to is not None and not before:
        all_stay([to.pk])
    return row


def _fitting(partner: Partner, to: Partner) -> None:
    """Somebody must answer there for everything that comes."""
    if not successors_of(partner).filter(pk=to.pk).exists():
        raise LeavingError("successor")


def _settle(partner: Partner, key: str, to: Partner | None, by: User) -> int:
    if partner.left_on is not None:
        raise LeavingError("left")
    holding = HANDOVER[key]
    count = holding.count(partner)
    if to is not None and holding.hand is not None:
        holding.hand(partner=partner, to=to, by=by)
    elif count and to is None and holding.close is not None:
        if rest := held_before(partner, key):
            raise LeavingError("first", tuple(rest))
        holding.close(partner=partner, by=by)
    elif count:
        raise LeavingError("cannot")
    return count
