"""A link is a proposal that a person confirms; every merge can be undone."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.connections import hold_rows
from okat.city.core.registries import MERGE, publish
from okat.city.core.templatetags.okat import be
from okat.city.notices.models import Notice
from okat.city.people import rules
from okat.city.people.actions._account import parted, take_told, until
from okat.city.people.actions._joining import join_records, part_records
from okat.city.people.actions._locks import hold_all, hold_with_others, lock_pair, lock_person
from okat.city.people.actions._pairs import propose
from okat.city.people.actions._slips import holds_no_more
from okat.city.people.actions.telling import tell
from okat.city.people.models import Merge, MergeProposal, Person
from okat.city.people.queries.joining import merge_above, merges_after
from okat.city.people.rules import PeopleError, told


@action
def propose_merge(
    *, one: Person, other: Person, by: User, source: str = "worker", score: float | None = None,
    parts: Iterable[Sequence[object]] = (),
) -> MergeProposal:  # fmt: skip
    """Ask whether two records are one person; a pair is proposed once, whoever asks."""
    return propose(one, other, source=source, by=by, score=score, parts=parts)


@action
def refuse_merge(*, proposal: MergeProposal, by: User) -> MergeProposal:
    """They are two people; the pair is not proposed again."""
    row = _open(proposal)
    row.status, row.decided_by, row.decided_at = MergeProposal.Status.REFUSED, by, clock.now()
    row.save()
    audit.record_many(
        by=by, verb="people.refuse_merge", subjects=[row.left, row.right], fields=["identity"], reason=row.source
    )
    return row


@action
def merge(*, proposal: MergeProposal, keep: Person, by: User) -> Merge:
    """Join two records: everything of the other moves to `keep`, in every app; what `keep` did not know is filled, and
    where both differ the other's stays beside it. Raises PeopleError when decided, and where `by` asked themself: for
    as long as two records are joined either's consent opens both, and nobody brings that about alone."""
    row = _open(proposal)
    if rules.asked_alone(row.source, row.by_id, by.pk) and not by.is_system:
        raise PeopleError("same_worker", _("You asked yourself whether these two are one. A colleague decides it."))
    if keep.pk not in (row.left_id, row.right_id):
        raise PeopleError("not_of_pair", _("Choose one of the two records."))
    gone = row.right if keep.pk == row.left_id else row.left
    keep, gone = lock_pair(keep, gone)
    publish("people.settling", people=[keep.pk, gone.pk])
    if keep.user_id and gone.user_id:
        raise PeopleError("two_accounts", _("Both records have an account of their own; ask the person first."))
    row.status, row.decided_by, row.decided_at = MergeProposal.Status.MERGED, by, clock.now()
    row.save()
    made = Merge(proposal=row, kept=keep, gone=gone, by=by, at=clock.now())
    join_records(made, keep, gone)
    made.save(force_insert=True)
    holds_no_more([keep.pk, gone.pk], told.JOINED, by)
    tell(people=[keep], kind="people.joined", about=made.pk, by=by)
    audit.record_many(by=by, verb="people.merge", subjects=[keep, gone], fields=["identity"])
    return made


@action
def undo_merge(*, merge: Merge, by: User) -> Merge:
    """Put back what the merge changed; what was added since stays with the kept record. Later merges into the same
    record stand. Raises PeopleError where the kept record was itself joined to another since: that comes first."""
    known = Merge.objects.get(pk=merge.pk)
    _hold(lambda: [pk for each in (known, *merges_after(known)) for pk in (each.kept_id, each.gone_id)])
    rows = Merge.objects.select_for_update(of=("self",), no_key=True).select_related("kept", "gone", "proposal")
    done = rows.get(pk=merge.pk)
    if done.undone_at is not None:
        raise PeopleError("undone", _("This merge has been undone already."))
    above = merge_above(done)
    if above is not None:
        words = _("“%(name)s” was itself joined with “%(other)s” on %(day)s. Take that joining back first.")
        names = {"name": done.kept.full_name, "other": above.kept.full_name, "day": be(above.at)}
        raise PeopleError("inner", words % names)
    lock_person(done.kept)
    later = merges_after(done)
    publish("people.settling", people=[pk for each in (done, *later) for pk in (each.kept_id, each.gone_id)])
    for each in [*reversed(later), done]:
        part_records(each)
    done.undone_at, done.undone_by = clock.now(), by
    done.save(update_fields=["undone_at", "undone_by"])
    _ask_again(done.proposal)
    both = Person.objects.filter(pk__in=[done.kept_id, done.gone_id]).select_related("user")
    tell(people=both, kind="people.parted", about=done.pk, by=by)
    _tell_again(both, take_told([done.kept_id], since=done.at, by=by), by)
    for each in later:
        join_records(each, *lock_pair(each.kept, each.gone))
        each.settled_at = None  # what it holds now is looked at again when it is due
        each.save(update_fields=["moved", "own_sealed", "settled_at"])
    audit.record_many(by=by, verb="people.undo_merge", subjects=[done.kept, done.gone], fields=["identity"])
    return done


def _tell_again(both: Iterable[Person], waits: Iterable[Notice], by: User) -> None:
    """What bound whoever was told it reaches both: nobody can say of which of the two it spoke. Of an offer and of a
    question the first day is told; of what one would set out for in vain there is none."""
    said: dict[str, list[Notice]] = {}
    for row in waits:
        said.setdefault(parted(row), []).append(row)
    first = {kind: min(filter(None, map(until, rows)), default=None) for kind, rows in said.items()}
    if "parted_place" in said:
        tell(people=both, kind="people.parted_place", until=first["parted_place"], by=by)
    if "parted_asked" in said:
        tell(people=both, kind="people.parted_asked", until=first["parted_asked"], by=by)
    if "parted_way" in said:
        tell(people=both, kind="people.parted_way", by=by)


def _ask_again(proposal: MergeProposal | None) -> None:
    """Whether the two are one is an open question once more: somebody may find them two, or join them another way."""
    if proposal is not None and proposal.status == MergeProposal.Status.MERGED:
        proposal.status, proposal.decided_by, proposal.decided_at = MergeProposal.Status.OPEN, None, None
        proposal.save(update_fields=["status", "decided_by", "decided_at"])


@action
def settle_merge(*, merge: Merge, by: User) -> Merge:
    """The time in which undoing gives back everything is over: what was held for it (a second seat) goes on to whoever
    waits. Twice is once. Raises PeopleError for a merge that was undone."""
    hold_with_others(merge.gone_id, merge.kept_id, then=lambda: _hold_both(merge))
    row = Merge.objects.select_for_update(of=("self",), no_key=True).select_related("kept", "gone").get(pk=merge.pk)
    if row.undone_at is not None:
        raise PeopleError("undone", _("This merge has been undone already."))
    if row.settled_at is None:
        row.settled_at = clock.now()
        row.save(update_fields=["settled_at"])
        for name, handler in MERGE:
            handler.settle(row.gone_id, row.kept_id, row.moved.get(name, []), by)
    audit.record_many(by=by, verb="people.settle_merge", subjects=[row.kept, row.gone], fields=["identity"])
    return row


def _hold_both(merge: Merge) -> None:
    """The joining, then all that ends or moves when it is settled."""
    hold_rows(Merge.objects.filter(pk=merge.pk))
    publish("people.settling", people=[merge.gone_id, merge.kept_id])


def _hold(ids: Callable[[], Iterable[UUID]]) -> None:
    """These, and the records that were joined into one of them: those follow wherever it goes. Then all questions and
    all joinings of these, which change with them."""

    def named() -> set[UUID]:
        mine = set(ids())
        return mine | set(Person.objects.filter(merged_into__in=mine).values_list("pk", flat=True))

    def change() -> None:
        mine = set(ids())
        hold_rows(MergeProposal.objects.filter(Q(left__in=mine) | Q(right__in=mine)))
        hold_rows(Merge.objects.filter(Q(kept__in=mine) | Q(gone__in=mine)))

    hold_all(named, change)


def _open(proposal: MergeProposal) -> MergeProposal:
    """The records before the question: joining one of them with a third changes it."""
    _hold(lambda: (proposal.left_id, proposal.right_id))
    row = (
        MergeProposal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("left", "right")
        .get(pk=proposal.pk)
    )
    if row.status != MergeProposal.Status.OPEN or (row.left_id, row.right_id) != (proposal.left_id, proposal.right_id):
        raise PeopleError("decided", _("Somebody has decided about this pair already."))
    return row
