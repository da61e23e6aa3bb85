"""Skills: those in use, their codes in ESCO and ISCO-08, and the words that are missing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from okat.city.catalogue.models import Opportunity
from okat.city.jobs.models import Work
from okat.city.jobs.rules.rows import WorkRow
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words
from okat.files import esco

ISCO = "ISCO-08"


@dataclass(frozen=True)
class Used:
    """One word with how many published jobs and courses use it. `code` is its code in the standard ("" where none was
    settled), `name` what the standard calls it in English ("" where the list is not installed)."""

    term: Term
    times: int
    code: str
    name: str

    @property
    def lacks_thai(self) -> bool:
        return not self.term.th

    @property
    def lacks_code(self) -> bool:
        return not self.code


def used() -> list[Used]:
    """Every occupation and skill that is in use, and those that lack a Thai word, the gaps first; one statement beside
    the words."""
    rows = Work.objects.filter(opportunity__in=Opportunity.objects.published()).order_by()
    times: Counter[tuple[str, str]] = Counter()
    for occupation, needed, taught in rows.values_list("occupation__code", "needed", "taught"):
        if occupation:
            times[Vocabulary.OCCUPATION, occupation] += 1
        times.update((Vocabulary.SKILL, code) for code in {*needed, *taught})
    found = [
        Used(term, times[key], *coded(term))
        for key, term in words().by_code.items()
        if key in times or (term.active and not term.th)
    ]
    return sorted(found, key=lambda u: (not u.lacks_thai, not u.lacks_code, u.term.vocabulary, -u.times, u.term.code))


def coded(term: Term) -> tuple[str, str]:
    """A term's code in its standard and the standard's own name for it."""
    if term.version.startswith(ISCO):
        code = term.version.removeprefix(ISCO).strip()
        return f"{ISCO} {code}", esco.groups().get(code, "")
    if term.source.startswith(esco.SKILL):
        entry = esco.skills().get(term.source)
        return f"ESCO {term.source.removeprefix(esco.SKILL)[:8]}", entry.head if entry else ""
    return "", ""


def skills(codes: Iterable[str]) -> list[Term]:
    """The city's words for these skills, in its order."""
    return words().called(Vocabulary.SKILL, codes)


def row_of(work: Work) -> WorkRow:
    """What stands, as a row; load it with `occupation`, or many times one statement."""
    occupation = words().by_id.get(work.occupation_id or 0)
    return WorkRow(
        occupation=occupation.code if occupation else "", needed=tuple(work.needed), taught=tuple(work.taught),
        hours=work.hours, lodging=work.lodging, lodging_contact=work.lodging_contact, strength=work.strength,
    )  # fmt: skip
