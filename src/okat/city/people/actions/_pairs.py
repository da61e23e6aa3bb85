"""Noting that two records may be one person; part of several actions."""

from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.people import solve
from okat.city.people.models import MergeProposal, Person
from okat.city.people.queries.scope import visible_to
from okat.city.people.rules import ALIKE, PeopleError


def propose(
    one: Person, other: Person, *, source: str, by: User, score: float | None = None,
    parts: Iterable[Sequence[object]] = (),
) -> MergeProposal:  # fmt: skip
    """The open (or refused) proposal for a pair, made if there is none; part of other actions. A worker who looks at
    both and asks again asks anew; what was found by numbers alone is not asked twice."""
    left, right = sorted((one, other), key=lambda p: p.pk)
    if left.pk == right.pk:
        raise PeopleError("same_record", _("These are one record already."))
    made, _fresh = MergeProposal.objects.exclude(status=MergeProposal.Status.MERGED).get_or_create(
        left=left, right=right,
        defaults={"source": source, "by": by, "at": clock.now(), "score": score, "parts": [list(p) for p in parts]},
    )  # fmt: skip
    if source == "worker" and made.status == MergeProposal.Status.REFUSED:
        made.status, made.decided_by, made.decided_at = MergeProposal.Status.OPEN, None, None
        made.by, made.source = by, source
        made.save(update_fields=["status", "decided_by", "decided_at", "by", "source"])
    audit.record_many(by=by, verb="people.propose_merge", subjects=[left, right], fields=["identity"], reason=source)
    return made


def propose_unseen(people: Sequence[Person], by: User, *, but: Collection[Person]) -> None:
    """Put up each record that is very likely one of these people and that `by` does not see: what they see they were
    asked about before it was saved. `but`: what equal numbers put up."""
    found = [
        (one, alike) for one in people for alike in solve.alike(solve.compared(one), "en", besides=one.pk, limit=None)
    ]
    likely = [(one, a) for one, a in found if a.band == "likely" and a.person not in people and a.person not in but]
    seen = set(visible_to(by).filter(pk__in=[a.person.pk for _one, a in likely]).values_list("pk", flat=True))
    for one, alike in likely:
        if alike.person.pk not in seen:
            propose(one, alike.person, source=ALIKE, by=by, score=alike.total, parts=alike.parts)
