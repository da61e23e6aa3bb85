"""What fits one person: every open opportunity in one batch, each rule parsed once and answered once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from okat.city.accounts.models import User
from okat.city.catalogue.queries import match as read
from okat.city.catalogue.queries.usable import demand_of_disabilities
from okat.city.catalogue.rules.access import Usable
from okat.city.catalogue.rules.ranking import Asker, Points, Scale, Use
from okat.city.catalogue.solve import Law, lang
from okat.city.catalogue.solve._city import facts, sensitive_facts, worded
from okat.city.catalogue.solve.ask import Question, question, usable
from okat.city.core import clock
from okat.city.people.models import Person
from okat.engine.eligibility import Point, Rule, Value, decide, evaluate, missing, parse_rule, reasons

MOST_ASKED = 300  # rules for which the facts to ask are sought: the best ones, so that a page stays fast
_rules: dict[tuple[Path, str], Rule] = {}
MOST_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Match:
    """One opportunity for one person; `free` false: every place is taken; `use`: whether they can take part."""

    id: UUID
    digest: str
    points: Points
    free: bool
    use: Use
    closes: dt.date | None


@dataclass(frozen=True)
class Fits:
    """All open opportunities, best first in each list; `facts` are those used, `on` the day."""

    fits: list[Match]
    nearly: list[Match]
    no: list[Match]
    facts: Mapping[str, Value]
    on: dt.date


@dataclass(frozen=True)
class Reasoned:
    """Why, in the reader's language: the conditions that decided, each with its source; what to ask; and what the rule
    alone answers (yes, no, unknown)."""

    laws: list[Law]
    ask: list[Question]
    rule: str = "yes"


def fits(person: Person, user: User, kinds: Iterable[str] = ()) -> Fits:
    """What fits, nearly fits and does not fit a person, from what the reader may know of them."""
    said = usable(read.facts_of(person, user, sensitive_facts()))
    home = said.get("home")
    disabilities = said.get("disability_types")
    asker = Asker(
        needs=read.needs_of(person, user),
        lat=home.lat if isinstance(home, Point) else None,
        lon=home.lon if isinstance(home, Point) else None,
        demand=demand_of_disabilities(disabilities) if isinstance(disabilities, frozenset) else (),
    )
    return fits_for(said, asker, kinds)


def fits_for(said: Mapping[str, Any], asker: Asker, kinds: Iterable[str] = ()) -> Fits:
    """The same from answers alone, such as a visitor's; three statements, two where all rules are known."""
    known, on = usable(said), clock.today()
    scale = Scale(asker, read.needs_above())
    rows = read.all_open(kinds)
    verdicts = _verdicts({row.digest for row in rows}, known, on)
    lists: dict[str, list[Match]] = {"yes": [], "unknown": [], "no": []}
    for row in rows:
        use = scale.use(row.usable, row.barred)
        found = scale.points(row.needs, use, row.slots, row.lat, row.lon, online=row.online)
        free = row.capacity is None or row.taken < row.capacity
        verdict = both(verdicts.get(row.digest, "unknown"), use.usable)
        lists[verdict].append(Match(row.id, row.digest, found, free, use, row.closes))
    for some in lists.values():
        some.sort(key=_order)
    return Fits(lists["yes"], lists["unknown"], lists["no"], known, on)


def verdict_for(rule: Mapping[str, Any], person: Person, reader: User) -> str:
    """What one rule answers for a person, from what the reader may know of them: yes, no or unknown."""
    tree = parse_rule(dict(rule), facts())
    return decide(tree, usable(read.facts_of(person, reader, sensitive_facts())), on=clock.today()).value


def both(rule: str, usable: Usable) -> str:
    """The verdict of the rule (yes, no, unknown) together with whether the person can use it at every stage."""
    if rule == "no" or usable is Usable.NO:
        return "no"
    return "unknown" if usable is Usable.ASK else rule


def _order(match: Match) -> tuple[bool, int, dt.date, UUID]:
    return order_of(match, match.points.total)


def order_of(match: Match, total: int) -> tuple[bool, int, dt.date, UUID]:
    """Where it stands among others; `total` may hold parts that an app above adds to the formula."""
    return not match.free, -total, match.closes or dt.date.max, match.id


def _verdicts(digests: Iterable[str], known: Mapping[str, Value], on: dt.date) -> dict[str, str]:
    rules = _known_rules(digest for digest in digests if digest)
    found = {digest: decide(rule, known, on=on).value for digest, rule in rules.items()}
    return {**found, "": "yes"}


def _known_rules(digests: Iterable[str]) -> dict[str, Rule]:
    """Parsed rules by digest; those never seen are loaded in one statement."""
    folder, wanted = Path(settings.CITY), list(digests)
    fresh = [digest for digest in wanted if (folder, digest) not in _rules]
    if fresh:
        if len(_rules) + len(fresh) > MOST_KEPT:
            _rules.clear()
            fresh = wanted
        schema = facts()
        for digest, data in read.rules_of(fresh).items():
            _rules[folder, digest] = parse_rule(data, schema)
    return {digest: _rules[folder, digest] for digest in wanted if (folder, digest) in _rules}


def why(digest: str, found: Fits) -> Reasoned:
    """The reasons behind one answer."""
    rule = _known_rules([digest]).get(digest) if digest else None
    if rule is None:
        return Reasoned([], [])
    verdict = evaluate(rule, found.facts, on=found.on)
    laws = [
        Law(reason.words, reason.source.text, reason.source.ref, reason.source.verified)
        for reason in reasons(verdict, rule, worded(rule), lang())
    ]
    wanted = missing(rule, found.facts, facts(), on=found.on) if verdict.value.value == "unknown" else None
    return Reasoned(laws, [question(name) for name in wanted.facts] if wanted else [], verdict.value.value)


@dataclass(frozen=True)
class Opens:
    """A question, and how many opportunities its answer alone may open."""

    question: Question
    count: int


def best_questions(found: Fits, most: int = 3) -> list[Opens]:
    """The single questions that open most, among the best of what nearly fits."""
    counts: dict[str, int] = {}
    for match in found.nearly:
        if match.use.usable is Usable.ASK:
            continue  # no answer of the person opens it: the provider must be asked
        if match.digest in counts or len(counts) < MOST_ASKED:
            counts[match.digest] = counts.get(match.digest, 0) + 1
    opened: dict[str, int] = {}
    for digest, rule in _known_rules(counts).items():
        wanted = missing(rule, found.facts, facts(), on=found.on)
        if wanted is not None and len(wanted.facts) == 1:
            opened[wanted.facts[0]] = opened.get(wanted.facts[0], 0) + counts[digest]
    best = sorted(opened.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return [Opens(question(name), number) for name, number in best]
