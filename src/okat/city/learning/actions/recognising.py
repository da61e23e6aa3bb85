"""What was learned elsewhere is recognised: asked for with evidence, and signed by two persons of the partner."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.models import Recognition, RecognitionSignature
from okat.city.learning.queries.recognising import check_asked
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.recognising import MOST_CREDITS, MOST_PICTURES, Kind, Signed, State, outcome
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people import actions as people
from okat.city.people.actions import tell
from okat.city.people.models import Evidence, Person
from okat.city.people.rules import EvidenceKind, PeopleError


@action
def ask_recognition(
    *, person: Person, partner: Partner, kind: Kind, what: str, where: str, wanted: int, pictures: Sequence[bytes],
    by: User,
) -> Recognition:  # fmt: skip
    """Keep the request; words and pictures are sealed with the person's key. Raises LearningError without a picture
    or with one that cannot be kept (nothing is kept then), and for a number of credits that is none."""
    if not 1 <= wanted <= MOST_CREDITS:
        raise LearningError("wanted", _("Write a number of credits between 1 and %(most)s.") % {"most": MOST_CREDITS})
    if not 1 <= len(pictures) <= MOST_PICTURES:
        raise LearningError("pictures", _("Add between one and %(most)s pictures.") % {"most": MOST_PICTURES})
    check_stay(partner.pk)
    person = people.lock_living(person)
    assert person.key is not None
    row = Recognition.objects.create(
        person=person, partner=partner, kind=kind, sealed=person.key.seal({"what": what, "where": where}),
        wanted=wanted, by=by, asked_at=clock.now(),
    )  # fmt: skip
    row.evidence.set(_kept(person, pictures, by))
    audit.record(by=by, verb="learning.ask_recognition", subject=row, fields=["sealed"], partner=partner.code)
    return row


def _kept(person: Person, pictures: Sequence[bytes], by: User) -> list[Evidence]:
    """All of them, or none: a file outlives a transaction that is undone."""
    kept: list[Evidence] = []
    try:
        kept.extend(
            people.add_evidence(person=person, kind=EvidenceKind.DOCUMENT, data=picture, by=by) for picture in pictures
        )
    except PeopleError as error:
        for one in kept:
            (Path(settings.MEDIA_ROOT) / one.name).unlink()
        raise LearningError("pictures", str(error)) from error
    return kept


@action
def sign_recognition(*, request: Recognition, given: int, reason: str, by: User) -> Recognition:
    """One person's answer (`given` credits; 0: no). With the second that comes to the same it is decided, and the
    learner is told. Raises LearningError for whoever asked, for a second signature of one person, for more credits than
    were asked for, and once it is decided."""
    rows = Recognition.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("person__key", "person__user").get(pk=request.pk)
    _may_sign(row, given, reason, by)
    assert row.person is not None
    assert row.person.key is not None
    RecognitionSignature.objects.create(
        recognition=row, by=by, credits=given, sealed=row.person.key.seal(reason), at=clock.now()
    )
    found = outcome([Signed(one.by_id, one.credits) for one in row.signatures.all()])
    if found is not None:
        row.state, row.credits, row.decided_at = State.GRANTED if found else State.REFUSED, found, clock.now()
        row.save(update_fields=["state", "credits", "decided_at"])
        _tell(row, by)
    fields = ["credits", "sealed"]
    audit.record(by=by, verb="learning.sign_recognition", subject=row, fields=fields, partner=row.partner.code)
    return row


def _may_sign(row: Recognition, given: int, reason: str, by: User) -> None:
    check_asked(row)
    assert row.person is not None
    if by.pk in {row.by_id, row.person.user_id}:
        raise LearningError("own", _("You cannot sign for what you asked for yourself."))
    if row.signatures.filter(by=by).exists():
        raise LearningError("twice", _("You signed already. Somebody else of your office has to sign now."))
    if not 0 <= given <= row.wanted:
        raise LearningError(
            "credits", _("Recognise at most the %(n)s credits that were asked for.") % {"n": row.wanted}
        )
    if not reason.strip():
        raise LearningError("reason", _("Write the reason; the learner reads it."))


def _tell(row: Recognition, by: User) -> None:
    if row.person is not None:
        tell(people=[row.person], kind="learning.recognised", url="/learning/mine/recognition/", by=by)


@action
def withdraw_recognition(*, request: Recognition, by: User) -> None:
    """The learner does not want it any more; what was decided stays decided."""
    Recognition.objects.filter(pk=request.pk, state=State.ASKED).update(state=State.WITHDRAWN, decided_at=clock.now())
    audit.record(by=by, verb="learning.withdraw_recognition", subject=request, fields=["state"])
