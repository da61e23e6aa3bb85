"""A quota, and the work in an opportunity, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import PER_LABELS, Per
from okat.city.core.registries import Found, Panel
from okat.city.core.templatetags.okat import baht, be, words
from okat.city.jobs.models import Hire, Work
from okat.city.jobs.queries.skills import skills
from okat.city.jobs.queries.ways import work_of
from okat.city.jobs.rules import LODGING_LABELS, STRENGTH_LABELS, Lodging, Strength
from okat.city.jobs.rules.quota import LAWS, Law, Quota


@dataclass(frozen=True)
class Told:
    """The result as a sentence, with its figures and the law that it rests on."""

    sentence: str
    quota: Quota
    laws: tuple[Law, ...] = LAWS

    @property
    def rest(self) -> int:
        """Persons who count for the quota now: employed, or helped in another way, at most as many as required."""
        return self.quota.required - self.quota.missing


def told(quota: Quota) -> Told:
    values = {"heads": f"{quota.count.heads:,}", "required": quota.required, "missing": quota.missing}
    if quota.required == 0:
        text = _("%(heads)s workers: the law asks for no person with a disability")
    elif quota.met:
        text = ngettext(
            "The quota is met: %(heads)s workers, %(required)s person with a disability",
            "The quota is met: %(heads)s workers, %(required)s persons with disabilities", quota.required,
        )  # fmt: skip
    else:
        text = ngettext(
            "%(missing)s person is missing: of %(heads)s workers, %(required)s must have a disability",
            "%(missing)s persons are missing: of %(heads)s workers, %(required)s must have a disability",
            quota.missing,
        )
    return Told(text % values, quota)


def beside(opportunity: Opportunity) -> Panel | None:
    """What its public page says of the work; nothing where nobody has said it."""
    work = work_of(opportunity)
    lines = lines_of(work) if work is not None else ()
    return Panel(_("Work and skills"), lines) if lines else None


def lines_of(work: Work) -> tuple[Found, ...]:
    occupation = work.occupation
    said = (
        (_("Occupation"), words(occupation) if occupation else "", "", _path(occupation.code) if occupation else ""),
        (_("Skills that are needed"), _named(work.needed), "", ""),
        (_("Skills that are taught"), _named(work.taught), "", ""),
        (_("Hours in a week"), f"{work.hours.normalize():f}" if work.hours is not None else "", "", ""),
        (_("Lodging"), str(LODGING_LABELS[Lodging(work.lodging)]) if work.lodging else "", _ask(work), ""),
        (_("How strong one must be"), str(STRENGTH_LABELS[Strength(work.strength)]) if work.strength else "", "", ""),
    )
    return tuple(Found(*line) for line in said if line[1])


def pay_words(hire: Hire) -> str:
    """What was agreed, such as "12,000 baht per month, 40 hours in a week"."""
    said = [f"{baht(hire.pay)} {PER_LABELS[Per(hire.pay_per)]}"] if hire.pay is not None else []
    if hire.hours is not None:
        said.append(_("%(n)s hours in a week") % {"n": f"{hire.hours.normalize():f}"})
    return ", ".join(said) or "–"


def hire_lines(hires: Iterable[Hire]) -> tuple[Found, ...]:
    """Where a person works and worked, and what was agreed."""
    found = []
    for hire in hires:
        at = {"employer": words(hire.employer), "day": be(hire.started_on)}
        title = _("Works at %(employer)s since %(day)s") % at
        if hire.ended_on is not None:
            title = _("Worked at %(employer)s from %(day)s to %(end)s") % {**at, "end": be(hire.ended_on)}
        found.append(Found("", title, f"{words(hire.opportunity)} · {pay_words(hire)}", "", hire.opportunity.telling))
    return tuple(found)


def _named(codes: list[str]) -> str:
    return ", ".join(words(term) for term in skills(codes))


def _ask(work: Work) -> str:
    return _("Ask: %(whom)s") % {"whom": work.lodging_contact} if work.lodging_contact else ""


def _path(code: str) -> str:
    return reverse("jobs:path", args=[code])
