"""When a course is completed: conditions as data, what is said of each, and what a learner still lacks. No ORM here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from okat.city.learning.rules import SHARE, Progress


@dataclass(frozen=True)
class Rule:
    """`share`: percent of all sessions; `hours`: spent in sessions (0: not asked); `required`: the sessions that
    nobody may miss; `assessment`: the one that must be taken afterwards, and its title in Thai and English."""

    share: int = SHARE
    hours: int = 0
    required: frozenset[int] = frozenset()
    assessment: str = ""
    title: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Lack:
    """What is missing for one condition: `have` of `want`, in the unit of the condition."""

    code: str
    have: int
    want: int


Measure = Callable[[Rule, Progress], tuple[int, int]]  # what there is, and what is wanted

# The order in which they are said.
MEASURES: Mapping[str, Measure] = {
    "held": lambda rule, done: (done.held, max(1, done.planned)),
    "share": lambda rule, done: (done.attended, -(-rule.share * done.planned // 100)),
    "hours": lambda rule, done: (done.minutes // 60, rule.hours),
    "required": lambda rule, done: (len(rule.required & done.present), len(rule.required)),
    "assessment": lambda rule, done: (int(rule.assessment in done.assessed), int(bool(rule.assessment))),
}
CONDITIONS: Mapping[str, Promise] = {
    "held": _("all sessions were held; those that were called off do not count"),
    "share": _("at least %(share)s%% of the sessions were attended"),
    "hours": _("at least %(hours)s hours were spent in sessions"),
    "required": _("the sessions that nobody may miss (%(required)s) were attended"),
    "assessment": _("the assessment “%(title)s” was taken at the end"),
}
LACKS: Mapping[str, Promise] = {
    "held": _("%(rest)s sessions are still to come"),
    "share": _("attend %(rest)s more sessions"),
    "hours": _("%(rest)s more hours in sessions"),
    "required": _("attend %(rest)s more of the sessions that nobody may miss"),
    "assessment": _("take the assessment “%(title)s” at the end"),
}


def lacking(rule: Rule, done: Progress) -> tuple[Lack, ...]:
    """Nothing: the course is completed."""
    found = [Lack(code, *measure(rule, done)) for code, measure in MEASURES.items()]
    return tuple(lack for lack in found if lack.have < lack.want)


def completed(rule: Rule, done: Progress) -> bool:
    return not lacking(rule, done)


def asked(rule: Rule) -> list[str]:
    """The codes of the conditions that this rule has."""
    optional = {"hours": rule.hours, "required": rule.required, "assessment": rule.assessment}
    return [code for code in MEASURES if optional.get(code, True)]


def sentences(rule: Rule, lang: str) -> list[str]:
    """One for each condition, in one language."""
    with override(lang):
        return [str(CONDITIONS[code]) % _values(rule, lang) for code in asked(rule)]


def lack_words(rule: Rule, lack: Lack, lang: str) -> str:
    with override(lang):
        return str(LACKS[lack.code]) % {**_values(rule, lang), "rest": lack.want - lack.have}


def narrative(rule: Rule) -> str:
    """For the certificate: Thai, an empty line, English. What holds for every course (all was held) is left out."""
    told = [" · ".join(sentences(rule, lang)[1:]) for lang in ("th", "en")]
    return "\n\n".join(text[:1].upper() + text[1:] for text in told)


def both(narrative_of: str) -> tuple[str, str]:
    """The two languages of a certificate's rule; certificates before rules had several conditions have Thai alone."""
    thai, _blank, english = narrative_of.partition("\n\n")
    return thai, english


def _values(rule: Rule, lang: str) -> dict[str, object]:
    title = rule.title[lang == "en"]
    return {"share": rule.share, "hours": rule.hours, "required": len(rule.required), "title": title}
