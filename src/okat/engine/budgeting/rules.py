"""The rules of a vote on a budget: every switch has a value and a sentence. They are frozen before the vote opens."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from okat.engine.budgeting.problem import BudgetingError
from okat.engine.budgeting.texts import SWITCHES

CHOICES: dict[str, tuple[str, ...]] = {
    "rule": ("equal-shares", "greedy", "greedy-per-cost", "optimum", "phragmen"),
    "utility": ("cost", "cardinality"),
    "completion": ("none", "add1", "add1u", "greedy"),
    "stop": ("overspend", "exhaustive"),
    "start": ("floor", "exact"),
    "ties": ("min-cost", "max-cost", "max-votes", "lowest-id", "refuse"),
}
ADDING = ("add1", "add1u")


@dataclass(frozen=True)
class Rules:
    """Published before the vote opens. Raises `BudgetingError` for a value that is unknown, or a chain that
    contradicts itself. Switches that a rule does not use keep their value and have no sentence."""

    rule: str = "equal-shares"
    utility: str = "cost"
    completion: tuple[str, ...] = ("add1",)
    stop: str = "overspend"
    start: str = "floor"
    ties: tuple[str, ...] = ("min-cost", "max-votes", "lowest-id")
    version: int = 1

    def __post_init__(self) -> None:
        if self.version != 1 or isinstance(self.version, bool):
            raise BudgetingError("rule", switch="version", value=self.version, of="1")
        for name, allowed in CHOICES.items():
            value = getattr(self, name)
            several = name in ("completion", "ties")
            values = value if isinstance(value, tuple) and several else (value,)
            for one in values:
                if one not in allowed:
                    raise BudgetingError("rule", switch=name, value=one, of=", ".join(allowed))
            if several:
                object.__setattr__(self, name, values)
        chain = self.completion
        late = any(one in ADDING for one in chain[1:])
        if not chain or late or len(set(chain)) != len(chain) or ("none" in chain and len(chain) > 1):
            raise BudgetingError("completion", value=", ".join(chain) or "()")
        if not self.ties or len(set(self.ties)) != len(self.ties) or self.ties[-1] not in ("lowest-id", "refuse"):
            raise BudgetingError("ties", value=", ".join(self.ties) or "()")

    @property
    def adds(self) -> bool:
        """Whether the endowment is raised step by step."""
        return self.completion[0] in ADDING

    @property
    def fills(self) -> bool:
        """Whether what is left goes to projects by votes."""
        return "add1u" in self.completion or "greedy" in self.completion

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Rules":
        """Lists count as tuples. Raises `BudgetingError` for a missing or an unknown switch: nothing is implicit."""
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            odd = ", ".join(sorted(set(values) ^ names))
            raise BudgetingError("rule-names", of=", ".join(sorted(names)), value=odd)
        given: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
        return cls(**given)

    def switches(self) -> tuple[str, ...]:
        """The names of the switches that this rule uses, in the order in which they are told."""
        used = {
            "equal-shares": ("rule", "utility", "start", "completion", "ties"),
            "optimum": ("rule", "utility", "ties"),
            "phragmen": ("rule", "stop", "ties"),
        }.get(self.rule, ("rule", "ties"))
        return (*used[:-1], "stop", "ties") if self.rule == "equal-shares" and self.adds else used

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """One plain sentence for each value of each switch that is used, in `en` or `th`."""
        column = 1 if language == "th" else 0
        found = []
        for name in self.switches():
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                key = f"{self.rule}:{one}" if name == "stop" and self.rule == "phragmen" else one
                found.append(SWITCHES[key][column])
        return tuple(found)
