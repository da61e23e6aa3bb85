"""What a merge does to the rows of people: what both records hold becomes one, and nobody sees more than before."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from okat.city.core import clock
from okat.city.core.merging import Changes, Column, Journal, Repoint, Sealed
from okat.city.core.templatetags.okat import words
from okat.city.people.actions._account import asking
from okat.city.people.actions._replaced import keep_own_words
from okat.city.people.actions._slips import end_unread
from okat.city.people.models import Consent, Grant, LinkRequest, MergeProposal, Need, Person, Score
from okat.city.people.queries.joining import one_human
from okat.city.people.rules import LIVING, OPEN_STATUSES, LinkAnswer, NeedStatus

COLUMNS = (
    Column("people.Need", unique=("term",), where=(("status", NeedStatus.OPEN),)),
    Column("people.Consent", unique=("purpose", "recipient"), where=(("withdrawn_at", None),)),
    Column("people.Grant"),
    Column("people.BreakGlass"),
    Column("people.LinkRequest"),
    Column("people.LifeEvent", unique=("kind",), where=(("mended_at", None),)),
    Column("people.Visit"),
    Column("people.PhoneCheck", unique=("phone",)),
    Column("people.Slip", unique=("kind", "about"), where=(("told_at", None), ("printed_at", None))),
    Column("people.CodeSlip", unique=("page", "about"), where=(("ended_at", None),)),
    Column("people.Evidence"),
    Column("people.Answers"),
    Column("people.Score"),
    Column("people.Person", field="merged_into"),
)
SEALED = (
    Sealed("people.Person", "pin_sealed", "pk"),
    Sealed("people.Person", "care_sealed", "pk"),
    Sealed("people.Person", "sealed", "pk"),
    Sealed("people.Need", "note_sealed"),
    Sealed("people.Consent", "witness_sealed"),
    Sealed("people.Basis", "why_sealed", "grants__person"),  # noted for one person, whose grant rests on it
    Sealed("people.BreakGlass", "note_sealed"),
    Sealed("people.BreakGlass", "review_sealed"),
    Sealed("people.Visit", "note_sealed"),
    Sealed("people.Answers", "sealed"),
    Sealed("people.Score", "parts_sealed"),
)
STAYS = (
    ("people.PersonKey.person", "what the gone record is found by leads to the kept one"),
    ("people.MergeProposal.left", "open questions are asked of the kept record, by a hand of their own"),
    ("people.MergeProposal.right", "as left"),
    ("people.Merge.kept", "tells what happened"),
    ("people.Merge.gone", "tells what happened"),
    ("people.PersonEvent.pgh_obj", "history of the record itself"),
    ("people.PersonEvent.merged_into", "history of the record itself"),
)


class PeopleMerge(Repoint):
    """Of two consents for one purpose and recipient that of the gone record stays with it, in force: both are this
    human's words, what rested on either moves, and withdrawing one withdraws the other (`withdraw_consent`)."""

    def join(self, journal: Journal, gone: UUID, keep: UUID) -> None:
        _one_grant_each(journal, gone, keep)
        _needs(journal, gone, keep)
        _scores(journal, gone, keep)
        _questions(journal, gone, keep)
        # An account that says yes meanwhile would say it of the kept record, of which nobody asked.
        journal.set(asking(_asked(gone)), over_at=clock.now())
        journal.set(_asked(gone), answered_at=clock.now(), answer=LinkAnswer.RECALLED)
        super().join(journal, gone, keep)

    def back(self, gone: UUID, keep: UUID, moved: Changes) -> None:
        """Nobody sees one of the two by the other's word; what was agreed anew in place of both is the word of each."""
        super().back(gone, keep, moved)
        theirs = one_human(gone)
        own = [pk for pk in one_human(keep) if pk not in theirs]
        keep_own_words(theirs, own)
        keep_own_words(own, theirs)
        _still_hold(gone, keep, moved)
        for records in (theirs, own):
            strange = Grant.objects.filter(person__in=records, ended_at=None, consent__isnull=False)
            strange.exclude(consent__person__in=records).update(ended_at=clock.now())

    def foretell(self, gone: UUID, keep: UUID, *, deep: bool) -> list[str]:
        mine = {(row.purpose, row.recipient_id) for row in _in_force(keep)}
        asked = _("Whether an account is theirs was asked about the record that goes: the question ends. Ask again.")
        text = _("Agreed in both records: “%(purpose)s” to %(partner)s. Both count, and are withdrawn as one.")
        return [asked] * _asked(gone).exists() + [
            text % {"purpose": row.get_purpose_display(), "partner": words(row.recipient)}
            for row in _in_force(gone)
            if (row.purpose, row.recipient_id) in mine
        ]


def _still_hold(gone: UUID, keep: UUID, moved: Changes) -> None:
    """What the merge had ended, and whose ground went meanwhile, stays ended; of each questionnaire the newest score
    counts."""
    grants = Grant.objects.filter(pk__in=_with(moved, "people.Grant", "ended_at"), ended_at=None)
    grants.exclude(pk__in=Grant.objects.resting().values("pk")).update(ended_at=clock.now())
    asked = LinkRequest.objects.filter(pk__in=_with(moved, "people.LinkRequest", "answered_at"), answered_at=None)
    opens = Person.objects.filter(user=OuterRef("user"))
    over = asked.filter(Q(Exists(opens)) | Q(partner__left_on__isnull=False) | ~Q(person__status__in=LIVING))
    end_unread(asking(over), None)
    over.update(answered_at=clock.now(), answer=LinkAnswer.RECALLED)
    for person in (gone, keep):
        _one_score_each(Score.objects.filter(person=person, current=True), Journal())


def _with(moved: Changes, label: str, field: str) -> list[str]:
    return [pk for name, pk, fields in moved if name == label and field in (fields or {})]


def _asked(person: UUID) -> QuerySet[LinkRequest]:
    return LinkRequest.objects.filter(person=person, answered_at=None)


def _in_force(person: UUID) -> QuerySet[Consent]:
    return Consent.objects.filter(person=person, withdrawn_at=None).select_related("recipient")


def _one_grant_each(journal: Journal, gone: UUID, keep: UUID) -> None:
    """A partner that was let in twice for one thing: where both rest on the same consent one is enough; else both
    stay, each until what it rests on ends."""
    mine = {(row.partner_id, row.source): row for row in Grant.objects.filter(person=keep, ended_at=None)}
    for theirs in Grant.objects.filter(person=gone, ended_at=None):
        same = mine.get((theirs.partner_id, theirs.source))
        if same is None:
            continue
        row = Grant.objects.filter(pk=theirs.pk)
        if _rests_on(same) == _rests_on(theirs) and same.until is None:
            journal.set(row, ended_at=clock.now())
        else:
            journal.set(row, source=f"{theirs.source[:20]}:{gone.hex}")


def _rests_on(grant: Grant) -> tuple[object, ...]:
    return grant.consent_id, grant.basis_id, grant.sensitive


def _needs(journal: Journal, gone: UUID, keep: UUID) -> None:
    """A need that both name is one: since the earlier day, with what either said of it."""
    people = {person.pk: person for person in Person.objects.filter(pk__in=(gone, keep)).select_related("key")}
    mine = {need.term_id: need for need in Need.objects.filter(person=keep, status=NeedStatus.OPEN)}
    for theirs in Need.objects.filter(person=gone, status=NeedStatus.OPEN, term__in=mine):
        need = mine[theirs.term_id]
        note = people[gone].unseal(theirs.note_sealed)
        said = people[keep].unseal(need.note_sealed)
        sealed, key = need.note_sealed, people[keep].key
        if note and not said:
            sealed = theirs.note_sealed
        elif note and said and note != said and key is not None:
            sealed = key.seal(f"{said}\n{note}")
        journal.set(Need.objects.filter(pk=need.pk), since=min(need.since, theirs.since), note_sealed=sealed)


def _scores(journal: Journal, gone: UUID, keep: UUID) -> None:
    """Of each questionnaire the newest score is the present one."""
    _one_score_each(Score.objects.filter(person__in=(gone, keep), current=True), journal)


def _one_score_each(rows: QuerySet[Score], journal: Journal) -> None:
    last: dict[int, Score] = {}
    for row in rows.order_by("at", "pk"):
        earlier = last.get(row.questionnaire_id)
        if earlier is not None:
            journal.set(Score.objects.filter(pk=earlier.pk), current=False)
        last[row.questionnaire_id] = row


def _questions(journal: Journal, gone: UUID, keep: UUID) -> None:
    """Whether the gone record and a third are one is asked of the kept one from now on, unless it was asked already;
    so is the answer that they are two."""
    rows = MergeProposal.objects.exclude(status=MergeProposal.Status.MERGED)
    two = Q(left__status__in=OPEN_STATUSES, right__status__in=OPEN_STATUSES)  # not of records joined before
    for row in rows.filter(two, Q(left=gone) | Q(right=gone)):
        third = row.right_id if row.left_id == gone else row.left_id
        left, right = sorted((keep, third))
        if third != keep and not rows.filter(left=left, right=right).exists():
            journal.set(MergeProposal.objects.filter(pk=row.pk), left=left, right=right)
