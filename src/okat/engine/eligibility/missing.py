"""What to ask next: the smallest set of unknown facts for which some answers would make the verdict yes.

A Kleene verdict is yes exactly when a proof exists: every part of an `all`, one part of an `any` (the other
way round under `not`). So the search chooses one part wherever one is enough, and keeps for each unknown fact
the answers that agree with all its leaves chosen so far. Branch and bound over these choices is exact; it
stops after `steps` nodes and then says so (`exact=False`; the set found so far is sufficient but perhaps not
the smallest).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from okat.engine.eligibility.answers import open_answers
from okat.engine.eligibility.evaluate import Facts, combine, leaf_value, negate
from okat.engine.eligibility.facts import FactSchema
from okat.engine.eligibility.nodes import AllOf, AnyOf, Leaf, Not, Rule, leaves
from okat.engine.eligibility.values import Tri, Value

STEPS = 100_000
Costs = Mapping[str, int]
Options = list[tuple[Value, dict[int, Tri]]]  # an answer, and what it makes of the fact's leaves (by identity)
Key = tuple[int, int, tuple[str, ...]]
Goal = tuple[Rule, bool]  # a node, and whether it must become yes or no
State = tuple[list[Goal], dict[str, Options]]


@dataclass(frozen=True, slots=True)
class Ask:
    """Facts to ask for, by name; what that costs; and answers with which the verdict is yes."""

    facts: tuple[str, ...]
    cost: int
    answers: tuple[tuple[str, Value], ...]
    exact: bool


def missing(
    rule: Rule,
    facts: Facts,
    schema: FactSchema,
    *,
    on: date,
    costs: Costs | None = None,
    steps: int = STEPS,
) -> Ask | None:
    """The smallest set to ask for; ties go to the cheapest, then to the first by name.

    A verdict that is yes needs nothing: an Ask without facts. None: no answers can make it yes (for a verdict
    *no*, and for an *unknown* whose open conditions contradict each other); with `steps` exhausted and
    nothing found, also None. `costs` overrides the schema's cost by name.
    """
    search = _Search(rule, facts, schema, on, costs or {}, steps)
    search.run()
    if search.best is None:
        return None
    (_, cost, names), chosen = search.best
    return Ask(names, cost, tuple((name, chosen[name]) for name in names), search.exact)


@dataclass
class _Search:
    rule: Rule
    facts: Facts
    schema: FactSchema
    on: date
    costs: Costs
    steps: int
    best: tuple[Key, dict[str, Value]] | None = None
    exact: bool = False
    values: dict[int, Tri] = field(default_factory=dict)
    options: dict[str, Options] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_fact: dict[str, list[Leaf]] = {}
        for _, leaf in leaves(self.rule):
            by_fact.setdefault(leaf.fact, []).append(leaf)
        for name, about in by_fact.items():
            answers = open_answers(self.schema[name], self.facts.get(name), about, self.on)
            self.options[name] = [
                (answer, {id(leaf): value for leaf, value in zip(about, values, strict=True)})
                for answer, values in answers
            ]
        self.value(self.rule)

    def value(self, rule: Rule) -> Tri:
        """What the node is worth today, kept by identity."""
        if isinstance(rule, Not):
            found = negate(self.value(rule.part))
        elif isinstance(rule, AllOf | AnyOf):
            found = combine(rule, [self.value(part) for part in rule.parts])
        else:
            found = leaf_value(rule, self.facts, self.on)
        self.values[id(rule)] = found
        return found

    def key(self, chosen: Mapping[str, object]) -> Key:
        cost = sum(self.costs.get(name, self.schema[name].cost) for name in chosen)
        return len(chosen), cost, tuple(sorted(chosen))

    def hopeless(self, chosen: Mapping[str, object]) -> bool:
        return self.best is not None and self.key(chosen)[:2] > self.best[0][:2]

    def run(self) -> None:
        """Depth first over states: goals still to prove, and the answers kept so far by fact."""
        stack: list[State] = [([(self.rule, True)], {})]
        while stack and self.steps > 0:
            self.steps -= 1
            goals, chosen = stack.pop()
            if self.hopeless(chosen):
                continue
            if goals:
                stack.extend(reversed(self.expand(goals[0], goals[1:], chosen)))
                continue
            key = self.key(chosen)
            if self.best is None or key < self.best[0]:
                self.best = key, {name: options[0][0] for name, options in chosen.items()}
        self.exact = not stack

    def expand(self, goal: Goal, rest: list[Goal], chosen: dict[str, Options]) -> list[State]:
        """The states that follow from taking up one goal."""
        rule, want = goal
        value = self.values[id(rule)]
        if value is not Tri.UNKNOWN:
            return [(rest, chosen)] if (value is Tri.YES) == want else []
        if isinstance(rule, Not):
            return [([(rule.part, not want), *rest], chosen)]
        if isinstance(rule, AllOf | AnyOf):
            parts = [(part, want) for part in rule.parts]
            if _is_choice(goal):
                return [([part, *rest], chosen) for part in parts]
            # Choices last: what is certain narrows the answers before a choice multiplies the work.
            sure = [part for part in parts if not _is_choice(part)]
            return [([*sure, *rest, *(part for part in parts if _is_choice(part))], chosen)]
        wanted = Tri.YES if want else Tri.NO
        before = chosen.get(rule.fact, self.options[rule.fact])
        fitting = [option for option in before if option[1][id(rule)] is wanted]
        return [(rest, {**chosen, rule.fact: fitting})] if fitting else []


def _is_choice(goal: Goal) -> bool:
    """Whether a node is proved by one of its parts."""
    rule, want = goal
    return isinstance(rule, AnyOf if want else AllOf)
