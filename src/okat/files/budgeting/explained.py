"""`okat count --explain` and `--compare`: why one project won or lost, and who would gain by another rule."""

from dataclasses import replace
from typing import Any

from okat.engine.budgeting import compare, decide, reasons, rounds
from okat.files.budgeting.count import Count, certify
from okat.files.budgeting.errors import BadInputError, finding
from okat.files.budgeting.outcome import money
from okat.files.budgeting.rule import ordinary


def explained(count: Count, project: str) -> tuple[dict[str, Any], str]:
    """The answer as JSON has it, and as people read it. `added`: how many more supporters would elect it; None where
    no number would, or where the rule has no such count. Raises `BadInputError` for a project that is not there."""
    election, outcome = count.election, count.outcome
    if project not in election.ids:
        raise BadInputError([finding(count.file.name, 0, "--explain", "explain-unknown", value=project)])
    reason = next(one for one in reasons(election, count.rules, outcome) if one.project == project)
    won = project in outcome.winners
    said: dict[str, Any] = {
        "project": project,
        "won": won,
        "place": outcome.winners.index(project) + 1 if won else None,
        "votes": reason.votes,
        "left": None if reason.left is None else money(reason.left, election.scale),
        "added": reason.added,
        "text_th": reason.text("th"),
        "text_en": reason.text("en"),
    }
    lines = [f"{project}: {reason.text('th')}", f"{project}: {reason.text('en')}"]
    bought = next((one for one in rounds(election, outcome) if one.project == project), None)
    if bought is not None:
        said["price"] = money(bought.price, election.scale)
        said["effective_votes"] = float(bought.votes)
        said["payers"] = len(bought.voters)
    return said, "\n".join(lines)


def contrasted(count: Count, rule: str) -> tuple[dict[str, Any], str]:
    """The same ballots by another rule with its ordinary switches and the same order of ties: which projects only one
    of them funds, and how many voters have more of their projects in the one or in the other. Raises `TieError` and
    `OutcomeError`."""
    election, rules = count.election, replace(ordinary(rule), ties=count.rules.ties)
    other = decide(election, rules)
    certify(election, rules, other)
    between = compare(election, count.outcome, other, utility="cardinality")
    said = {
        "rule": rule,
        "winners": list(other.winners),
        "cost": money(other.cost, election.scale),
        "only_here": list(between.only_first),
        "only_there": list(between.only_second),
        "gain_here": between.gain_by_first,
        "gain_there": between.gain_by_second,
        "same": between.same,
    }
    here, there = (", ".join(ids) or "-" for ids in (between.only_first, between.only_second))
    thai = f"เทียบกับ {rule}: ได้เฉพาะในผลนี้ {here}; ได้เฉพาะใน {rule} {there}; คนที่ได้โครงการของตนมากกว่าในผลนี้ "
    thai += f"{between.gain_by_first:,} คน ใน {rule} {between.gain_by_second:,} คน เท่ากัน {between.same:,} คน"
    english = (
        f"compared with {rule}: only here {here}; only there {there}; {between.gain_by_first:,} voters have more of "
    )
    english += f"their projects here, {between.gain_by_second:,} there, {between.same:,} the same"
    return said, f"{thai}\n{english}"
