"""`okat count --explain`: why one project won or lost, in words and figures."""

from typing import Any

from okat.engine.budgeting.explain import reasons, rounds
from okat.files.budgeting.count import Count
from okat.files.budgeting.errors import BadInputError, finding
from okat.files.budgeting.outcome import money


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
