"""Proof of a verdict from the definition. Never calls `evaluate`: leaves are tried value by value (see
reference.py).
"""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from okat.engine.eligibility.evaluate import Step, Verdict
from okat.engine.eligibility.missing import Ask
from okat.engine.eligibility.nodes import AllOf, AnyOf, Not, Rule, children, walk
from okat.engine.eligibility.reference import Facts, truth
from okat.engine.eligibility.values import DateSpan, Known, Tri


@dataclass(frozen=True, slots=True)
class Certificate:
    """The verdict follows from the rule and the facts; `nodes` steps were proved."""

    nodes: int


@dataclass(frozen=True, slots=True)
class Violation:
    """The first thing that does not hold: a property by name, the node's path, and what was found."""

    name: str
    path: str
    message: str


def check(rule: Rule, facts: Facts, on: date, verdict: Verdict) -> Certificate | Violation:
    """Prove a verdict and its trace, or name the first violation: `day`, `shape`, `value`, `decided-by`,
    `verdict`.
    """
    if verdict.on != on:
        return Violation("day", "rule", f"the verdict is for {verdict.on}, not for {on}")
    nodes = list(walk(rule))
    for node, step in zip_longest(nodes, verdict.trace):
        if node is None or step is None or node[0] != step.path:
            where = step.path if step else node[0]
            return Violation("shape", where, "the trace does not follow the rule node by node")
    by_path = {step.path: step for step in verdict.trace}
    for path, part in nodes:
        right = truth(part, facts, on)
        if by_path[path].value is not right:
            return Violation("value", path, f"is {right}, the trace says {by_path[path].value}")
    for path, part in nodes:
        deciding = _deciding(part, path, by_path)
        if by_path[path].decided_by != deciding:
            return Violation("decided-by", path, f"was decided by {deciding}, not {by_path[path].decided_by}")
    if verdict.value is not verdict.trace[0].value:
        return Violation("verdict", "rule", f"says {verdict.value}, its trace {verdict.trace[0].value}")
    return Certificate(len(nodes))


def _deciding(rule: Rule, path: str, by_path: dict[str, Step]) -> tuple[str, ...]:
    """The leaves that decide a node of proved value. An `all` that is yes has parts that are all yes, and so on."""
    if not isinstance(rule, AllOf | AnyOf | Not):
        return (path,)
    value = by_path[path].value
    below = [by_path[where] for where, _ in children(rule, path)]
    return tuple(leaf for step in below if isinstance(rule, Not) or step.value is value for leaf in step.decided_by)


def check_ask(rule: Rule, facts: Facts, on: date, ask: Ask) -> Certificate | Violation:
    """Prove that an Ask is sufficient: its facts are open, and its answers make the verdict yes."""
    answers = dict(ask.answers)
    if tuple(sorted(answers)) != ask.facts:
        return Violation("answers", "rule", f"{ask.facts} asked, {sorted(answers)} answered")
    for name, answer in ask.answers:
        now = facts.get(name)
        if isinstance(now, DateSpan):
            still_open = isinstance(answer, date) and now.first <= answer <= now.last
        else:
            still_open = now is None or (now is Known.PRESENT and answer is not Known.ABSENT)
        if not still_open:
            return Violation("open", "rule", f"{name} is known to be {now}; {answer} is no answer to it")
    value = truth(rule, {**facts, **answers}, on)
    if value is not Tri.YES:
        return Violation("sufficient", "rule", f"with these answers the verdict is {value}")
    return Certificate(1)
