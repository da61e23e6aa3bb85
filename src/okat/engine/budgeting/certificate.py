"""What a check gives back: what was compared, and each violation by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from okat.engine.budgeting.texts import violation

PROPERTY = {
    "unknown-project": "complete",
    "winner-twice": "complete",
    "parts": "complete",
    "cost": "budget",
    "budget": "budget",
    "free": "free-first",
    "endowment": "endowment",
    "interval": "endowment",
    "ended": "raising-ends",
    "beyond": "raising-ends",
    "not-in-full": "paid-in-full",
    "short": "equal-payments",
    "passed-over": "best-first",
    "tie-order": "best-first",
    "tie-refused": "best-first",
    "left-over": "nothing-affordable-left",
    "time": "paid-in-full",
    "order": "best-first",
    "unsupported": "supported",
    "not-best": "optimum",
    "not-closed": "optimum",
    "ejr-plus": "ejr-plus-up-to-any",
}
"""The property that each code of a violation breaks."""


class Violation(NamedTuple):
    """One broken property, at `project` (an id, or empty for the outcome as a whole)."""

    code: str
    project: str
    params: Mapping[str, Any]

    @property
    def property(self) -> str:
        return PROPERTY[self.code]

    def text(self, language: str = "en") -> str:
        return violation(self.code, language, project=self.project, **self.params)


def broken(code: str, project: str = "", **params: Any) -> Violation:
    return Violation(code, project, params)


@dataclass(frozen=True)
class Certificate:
    """`checks` counts what each property was compared on; it passed if there is no violation."""

    checks: Mapping[str, int]
    violations: tuple[Violation, ...]

    @property
    def passed(self) -> bool:
        return not self.violations


def certificate(checks: Mapping[str, int], violations: Iterable[Violation]) -> Certificate:
    return Certificate(dict(checks), tuple(violations))
