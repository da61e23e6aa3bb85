"""What opportunities have to do with work, and skills that the city takes over from ESCO."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.jobs.models import Work
from okat.city.jobs.queries.skills import row_of
from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.rows import WorkRow, as_json, from_json
from okat.city.taxonomy.actions import add_term
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words
from okat.files import esco

FIELDS = ("occupation", "needed", "taught", "hours", "lodging", "lodging_contact", "strength", "before")


@action
def describe_work(*, opportunity: Opportunity, row: WorkRow, by: User) -> Work:
    """Say what an opportunity has to do with work; said again, it replaces. Raises JobsError for an unknown word."""
    work = _fill(Work.objects.filter(opportunity=opportunity).first() or Work(opportunity=opportunity), row)
    work.before = None
    work.save()
    audit.record(by=by, verb="jobs.describe", subject=opportunity, fields=FIELDS[:-1])
    return work


@action
def describe_many(*, rows: Sequence[tuple[UUID, WorkRow]], by: User) -> int:
    """The same of many, for imports and the demo, in a constant number of statements; what stood there is kept, so
    that an import can be taken back. Raises JobsError for an unknown word; nothing is written then."""
    kept = {w.opportunity_id: w for w in Work.objects.filter(opportunity__in=[pk for pk, _row in rows])}
    for work in kept.values():
        work.before = as_json(row_of(work))
    made = [_fill(kept.get(pk) or Work(opportunity_id=pk), row) for pk, row in rows]
    Work.objects.bulk_create([work for work in made if work.pk is None], batch_size=1000)
    Work.objects.bulk_update([work for work in made if work.opportunity_id in kept], FIELDS, batch_size=500)
    audit.record(by=by, verb="jobs.describe_many", reason="bulk")
    return len(made)


@action
def take_back(*, opportunities: Sequence[UUID], by: User) -> int:
    """Put what an import changed back as it stood; what somebody has said since stays. How many."""
    rows = list(Work.objects.filter(opportunity__in=opportunities, before__isnull=False))
    for work in rows:
        _fill(work, from_json(work.before or {})).before = None
    Work.objects.bulk_update(rows, FIELDS, batch_size=500)
    audit.record(by=by, verb="jobs.describe_many", reason="undo")
    return len(rows)


@action
def adopt_skill(*, uri: str, en: str, th: str, by: User) -> Term:
    """Take a skill of ESCO into the city's words; without `th` it stands among the words that lack Thai. Taken twice,
    it is the same word, and gets the Thai that it lacked. Raises JobsError for a skill that ESCO does not have, or a
    label with which its entry does not begin."""
    entry = esco.skills().get(uri)
    if entry is None:
        raise JobsError("uri", _("ESCO's list has no such skill. Search for it again."))
    if not slugify(en) or not entry.begins(en):
        raise JobsError("en", _("Copy the first words of the entry, as many as are its name."))
    code = f"{slugify(en)[:50].strip('-')}-{uri.removeprefix(esco.SKILL)[:8]}"
    term = add_term(
        vocabulary=Vocabulary.SKILL, code=code, th=th, en=en.strip(), version="ESCO", source=uri, by=by
    )  # fmt: skip
    audit.record(by=by, verb="jobs.adopt_skill", subject=term, fields=["th", "en"])
    return term


def _fill(work: Work, row: WorkRow) -> Work:
    """Set what the row says. Raises JobsError for a code that is none of the city's words."""
    known = words().by_code
    if row.occupation and (Vocabulary.OCCUPATION, row.occupation) not in known:
        raise JobsError("occupation", _("The city has no occupation “%(code)s”.") % {"code": row.occupation})
    for name in ("needed", "taught"):
        for code in getattr(row, name):
            if (Vocabulary.SKILL, code) not in known:
                raise JobsError(name, _("The city has no skill “%(code)s”.") % {"code": code})
        setattr(work, name, list(dict.fromkeys(getattr(row, name))))
    work.occupation = known[Vocabulary.OCCUPATION, row.occupation] if row.occupation else None
    for name in ("hours", "lodging", "lodging_contact", "strength"):
        setattr(work, name, getattr(row, name))
    return work
