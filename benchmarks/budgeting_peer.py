"""pabutools on one election, run by its own Python (see `budgeting.py`): winners and CPU seconds of the solve.

`form`: `plain`, the ballots as its reader gives them, or `grouped`, equal ballots taken together first (timed too).
"""

import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any


def main(path: str, form: str) -> None:
    from pabutools.election import (
        ApprovalBallot,
        ApprovalProfile,
        Cost_Sat,
        Instance,
        Project,
    )
    from pabutools.rules import exhaustion_by_budget_increase, method_of_equal_shares
    from pabutools.tiebreaking import TieBreakingRule

    given: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    projects = [Project(one, cost) for one, cost in zip(given["ids"], given["costs"], strict=True)]
    instance = Instance(projects, budget_limit=given["budget"])
    starts, chosen = given["starts"], given["project"]
    profile = ApprovalProfile(instance=instance)
    for begin, end in pairwise(starts):
        profile.append(ApprovalBallot(projects[c] for c in chosen[begin:end]))
    votes = dict.fromkeys(projects, 0)
    for c in chosen:
        votes[projects[c]] += 1

    def order(_instance: Any, _profile: Any, one: Any) -> tuple[Any, ...]:
        return one.cost, -votes[one], (0, int(one.name)) if one.name.isdecimal() else (1, one.name)

    how = {"sat_class": Cost_Sat, "tie_breaking": TieBreakingRule(order)}
    started = time.process_time()
    if form == "grouped":
        profile = profile.as_multiprofile()
    if given["raised"]:
        step = len(starts) - 1
        found = exhaustion_by_budget_increase(
            instance, profile, method_of_equal_shares, how, exhaustive_stop=False, budget_step=step
        )
    else:
        found = method_of_equal_shares(instance, profile, **how)
    seconds = time.process_time() - started
    print(json.dumps({"winners": [one.name for one in found], "cpu": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
