"""Who can use an opportunity: accessibility of venue, session, material and support kept apart. Pure.

For each stage a provider answers for each format of the city's taxonomy: yes, no, not needed (there is no printed
material, so no Braille is needed) or ask. What was not answered counts as `ask`: nobody is sent on a guess.

A demand is a set of clauses that must all hold; a clause is a set of tokens `stage:format`, any one of which makes
that stage usable. Holding is a hard condition, not a note:

    some token of the clause is yes or not needed       the stage is usable
    every token of the clause is no                     nobody who needs it can take part
    otherwise                                           ask the provider
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from okat.city.taxonomy.rules import Answer, Stage

Access = Mapping[str, Mapping[str, str]]
"""Stage -> format -> answer, as it is kept."""
Clause = frozenset[str]
Stages = Mapping[str, Sequence[str]]
"""Format -> the stages where it counts, the main one first (the taxonomy says so)."""


class Usable(StrEnum):
    YES = "yes"
    ASK = "ask"
    NO = "no"


# How people take part; the rest of the formats says for whom that is usable.
MODES = ("onsite", "online", "home-visit")
_FINE = (Answer.YES, Answer.NOT_NEEDED)


def token(stage: str, code: str) -> str:
    return f"{stage}:{code}"


def answered(*said: str, answer: Answer = Answer.YES) -> dict[str, dict[str, str]]:
    """`answered("session:onsite", "material:braille")` as it is kept."""
    found: dict[str, dict[str, str]] = {}
    for each in said:
        stage, _colon, code = each.partition(":")
        found.setdefault(stage, {})[code] = answer.value
    return found


def merged(*some: Access) -> dict[str, dict[str, str]]:
    """One over the other, the last one's answers winning; in a fixed order, so that equal ones look equal."""
    found: dict[str, dict[str, str]] = {}
    for access in some:
        for stage, answers in access.items():
            found.setdefault(stage, {}).update(answers)
    return {stage.value: dict(sorted(found[stage.value].items())) for stage in Stage if found.get(stage.value)}


def modes(access: Access) -> list[str]:
    """How people take part: on site, online, at home."""
    return [code for code in MODES if access.get(Stage.SESSION, {}).get(code) == Answer.YES]


def from_list(codes: Iterable[str], stages: Stages) -> dict[str, dict[str, str]]:
    """What a plain list of formats says, such as a column of an office's table: yes at the format's main stage. Of
    the others it says nothing, and what is not said must be asked."""
    return answered(*(token(stages[code][0], code) for code in codes if stages.get(code)))


def wrong(access: Access, stages: Stages) -> list[str]:
    """Tokens that name no stage, no format, a format where it does not count, or no answer."""
    return [
        token(stage, code)
        for stage, answers in access.items()
        for code, answer in answers.items()
        if stage not in stages.get(code, ()) or answer not in set(Answer)
    ]


@dataclass(frozen=True)
class Sides:
    """The tokens that are usable and those that are not, as they are searched."""

    usable: frozenset[str]
    barred: frozenset[str]


def sides(access: Access, stages: Stages) -> Sides:
    """What follows from the answers. Who says one way of taking part has said them all: a course on site that does not
    speak of online is not online. Where nobody has to come, the place is no barrier."""
    mode = access.get(Stage.SESSION, {})
    fine = {token(stage, code) for stage, said in access.items() for code, a in said.items() if a in _FINE}
    no = {token(stage, code) for stage, said in access.items() for code, a in said.items() if a == Answer.NO}
    if any(code in mode for code in MODES):
        no |= {token(Stage.SESSION, code) for code in MODES if code in stages and code not in mode}
    if mode.get("onsite") != Answer.YES and Answer.YES in {mode.get("online"), mode.get("home-visit")}:
        places = {token(Stage.VENUE, code) for code, where in stages.items() if Stage.VENUE in where}
        fine, no = fine | places, no - places
    return Sides(frozenset(fine), frozenset(no))


def demand_of(formats: Iterable[str], stages: Stages) -> tuple[Clause, ...]:
    """Each format is one that the person cannot do without, at every stage where it counts; an unknown one is a
    condition that nothing meets."""
    return tuple(
        frozenset({token(stage, code)}) for code in formats for stage in (stages.get(code) or (Stage.SESSION.value,))
    )


def judge(demand: Iterable[Clause], known: Sides) -> tuple[Usable, tuple[Clause, ...]]:
    """Whether one who demands this can take part; and the clauses to ask about, or those that rule it out."""
    open_ = [clause for clause in demand if not clause & known.usable]
    ruled_out = tuple(clause for clause in open_ if clause <= known.barred)
    if ruled_out:
        return Usable.NO, ruled_out
    return (Usable.ASK, tuple(open_)) if open_ else (Usable.YES, ())
