"""The rule that META names, as switches; and what META asks beside the rule.

| META `rule` | switches |
|---|---|
| `greedy`, `greedy-threshold` | greedy |
| `equalshares` | equal-shares, cost, no completion, exact start |
| `equalshares/add1` | equal-shares, cost, add1, stop overspend, floor start |
| `...-comparison` | the same, then the comparison with greedy |

Ties fall to the cheaper, then to more votes, then to the lower id. Every other name (`greedy-no-skip`, `unknown`, ...)
is refused: whoever counts must say which rule is meant. Source for what the names mean in the field: the checker of
pabulib.org (`pabulib-checker` 1.0.8), which recounts the official outcomes by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from okat.engine.budgeting.problem import BudgetingError, Election
from okat.engine.budgeting.rules import Rules
from okat.files.budgeting.errors import BadInputError, RowError, finding

_SHARES = Rules(completion=("none",), start="exact")
_ADD1 = Rules()
META_RULES: dict[str, tuple[Rules, bool]] = {
    "greedy": (Rules(rule="greedy", completion=("none",)), False),
    "greedy-threshold": (Rules(rule="greedy", completion=("none",)), False),
    "equalshares": (_SHARES, False),
    "equalshares-comparison": (_SHARES, True),
    "equalshares/add1": (_ADD1, False),
    "equalshares/add1-comparison": (_ADD1, True),
}
"""Each known name with its switches, and whether the comparison follows."""


@dataclass(frozen=True)
class Terms:
    """`rules` as the engine knows them; `threshold`: a project with fewer votes (or points) cannot win, 0: none;
    `comparison`: if more voters prefer the outcome of greedy, that one is taken."""

    rules: Rules
    threshold: int = 0
    comparison: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {"threshold": self.threshold, "comparison": "greedy" if self.comparison else "none"}

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """What is promised, sentence by sentence, in `en` or `th`."""
        thai = language == "th"
        found = list(self.rules.sentences(language))
        if self.threshold:
            found.append(_THRESHOLD[thai].format(limit=self.threshold))
        if self.comparison:
            found.append(_COMPARISON[thai])
        return tuple(found)


_THRESHOLD = (
    "A project with fewer than {limit} votes or points cannot win.",
    "โครงการที่ได้คะแนนน้อยกว่า {limit} ไม่มีสิทธิ์ได้",
)
_COMPARISON = (
    (
        "At the end the outcome is compared with the one by votes alone: if more voters have more of their projects in "
        "the latter than the other way round, the latter is taken."
    ),
    "สุดท้ายเทียบผลกับการเลือกตามคะแนนอย่างเดียว ถ้ามีผู้ลงคะแนนที่ได้โครงการของตนมากกว่าในแบบหลังมากกว่าฝั่งตรงข้าม ให้ใช้ผลแบบหลัง",
)


def ordinary(rule: str) -> Rules:
    """The switches from which a rule starts that is named by itself."""
    return Rules() if rule == "equal-shares" else Rules(rule=rule, completion=("none",))


def terms_of(file: str, meta: Mapping[str, str], switches: Mapping[str, Any], numbers: Mapping[str, Any]) -> Terms:
    """META's rule, with each switch in `switches` put in its place; a switch `rule` starts from the ordinary rules
    instead and takes neither threshold nor comparison from META. Raises `BadInputError`."""
    named = meta.get("rule", "")
    if "rule" in switches:
        base = Terms(ordinary(str(switches["rule"])))
    elif named in META_RULES:
        rules, comparison = META_RULES[named]
        base = Terms(rules, max(0, int(numbers.get("min_project_score_threshold", 0))), comparison)
    else:
        known = ", ".join(META_RULES)
        raise BadInputError([finding(file, 0, "rule", "rule-unknown", value=named, known=known)])
    try:
        return replace(base, rules=replace(base.rules, **switches))
    except BudgetingError as error:
        raise BadInputError([RowError(file, 0, "", error.code, str(error), error.text("th"), "", "")]) from None


def within_terms(election: Election, terms: Terms) -> tuple[Election, tuple[str, ...]]:
    """The election without the support of projects below the threshold, and their ids."""
    low = election.votes < terms.threshold
    if not low.any():
        return election, ()
    kept = ~low[election.project]
    before = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(kept, out=before[1:])
    rest = replace(
        election,
        starts=before[election.starts],
        project=election.project[kept],
        weight=election.weight[kept],
    )
    return rest, tuple(one for one, out in zip(election.ids, low.tolist(), strict=True) if out)
