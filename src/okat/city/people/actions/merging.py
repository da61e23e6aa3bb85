"""A link is a proposal that a person confirms; every merge can be undone."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.registries import MERGE
from okat.city.people.actions._locks import lock_pair, lock_person
from okat.city.people.actions._pairs import propose
from okat.city.people.models import Merge, MergeProposal, Person
from okat.city.people.rules import PeopleError, Status

ACCOUNT = "people.account"  # among what a merge moved, beside the names of the apps


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
    audit.record_many(by=by, verb="people.refuse_merge", subjects=[row.left, row.right], fields=["identity"])
    return row


@action
def merge(*, proposal: MergeProposal, keep: Person, by: User) -> Merge:
    """Join two records: everything of the other moves to `keep`, in every app. Raises PeopleError when decided."""
    row = _open(proposal)
    if keep.pk not in (row.left_id, row.right_id):
        raise PeopleError("not_of_pair", _("Choose one of the two records."))
    gone = row.right if keep.pk == row.left_id else row.left
    keep, gone = lock_pair(keep, gone)
    if keep.user_id and gone.user_id:
        raise PeopleError("two_accounts", _("Both records have an account of their own; ask the person first."))
    moved = {name: handler.move(gone.pk, keep.pk) for name, handler in MERGE}
    if gone.user_id:  # the person still finds what is theirs under "my page"
        moved[ACCOUNT] = [str(gone.user_id)]
    gone.status, gone.merged_into = Status.MERGED, keep
    _hand_over(gone, keep, moved)
    row.status, row.decided_by, row.decided_at = MergeProposal.Status.MERGED, by, clock.now()
    row.save()
    made = Merge.objects.create(proposal=row, kept=keep, gone=gone, moved=moved, by=by, at=clock.now())
    audit.record_many(by=by, verb="people.merge", subjects=[keep, gone], fields=["identity"])
    return made


@action
def undo_merge(*, merge: Merge, by: User) -> Merge:
    """Put back what the merge moved; what was added since stays with the kept record."""
    done = Merge.objects.select_for_update(of=("self",)).select_related("kept", "gone", "proposal").get(pk=merge.pk)
    if done.undone_at is not None:
        raise PeopleError("undone", _("This merge has been undone already."))
    keep = lock_person(done.kept)
    gone = Person.objects.select_for_update(of=("self",)).get(pk=done.gone_id)
    for name, handler in MERGE:
        handler.back(gone.pk, keep.pk, done.moved.get(name, []))
    gone.status, gone.merged_into = Status.ACTIVE, None
    _hand_over(keep, gone, done.moved)
    done.undone_at, done.undone_by = clock.now(), by
    done.save(update_fields=["undone_at", "undone_by"])
    if done.proposal is not None:
        done.proposal.status = MergeProposal.Status.REFUSED
        done.proposal.save(update_fields=["status"])
    audit.record_many(by=by, verb="people.undo_merge", subjects=[keep, gone], fields=["identity"])
    return done


def _hand_over(one: Person, other: Person, moved: Mapping[str, Sequence[str]]) -> None:
    """Save both; an account that belongs to the other goes over first, for it opens one record at a time."""
    account = int(moved[ACCOUNT][0]) if moved.get(ACCOUNT) else None
    if account is not None and one.user_id == account:
        one.user_id, other.user_id = None, account
    for person in (one, other):
        person.version += 1
        person.save(update_fields=["user", "status", "merged_into", "version", "updated_at"])


def _open(proposal: MergeProposal) -> MergeProposal:
    row = MergeProposal.objects.select_for_update(of=("self",)).select_related("left", "right").get(pk=proposal.pk)
    if row.status != MergeProposal.Status.OPEN:
        raise PeopleError("decided", _("Somebody has decided about this pair already."))
    return row
