"""The certificate: an outcome proved from the definition of its rule. Nothing here calls a decider, or shares its code.

For the raising of shares, the certificate proves the last count, that its endowment stands on the published steps, and
that the step after it overspends (or why it ended). That no earlier step had ended it, a recount shows (`reference`).
"""

from collections.abc import Iterator

from okat.engine.budgeting.certificate import Certificate, Violation, broken, certificate
from okat.engine.budgeting.check_optimum import optimum_violations
from okat.engine.budgeting.check_order import greedy_violations, phragmen_violations
from okat.engine.budgeting.check_shares import shares_violations
from okat.engine.budgeting.ejr import ejr_violations
from okat.engine.budgeting.outcome import Outcome
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules


def check(election: Election, rules: Rules, outcome: Outcome) -> Certificate:
    """The certificate, or the violations by name. What cannot be read as an outcome of this election stops the rest."""
    priced = len(outcome.winners) - len(outcome.free)
    checks = {
        "complete": len(outcome.winners),
        "budget": 1,
        "supported": len(outcome.winners),
        "free-first": election.p,
    }
    violations = list(_whole(election, rules, outcome))
    if violations:
        return certificate(checks, violations)
    violations += _money(election, outcome)
    checks |= {"best-first": priced, "nothing-affordable-left": election.p - len(outcome.winners)}
    if rules.rule == "equal-shares":
        checks |= dict.fromkeys(("endowment", "raising-ends"), 1)
        checks |= {"paid-in-full": len(outcome.purchases), "equal-payments": election.n}
        checks |= {"ejr-plus-up-to-any": election.p - len(outcome.winners)}
        violations += shares_violations(election, rules, outcome)
        if rules.fills:
            violations += greedy_violations(election, rules, outcome, per_cost=False)
        if not any(one.code == "endowment" for one in violations):
            violations += ejr_violations(election, rules, outcome)
    elif rules.rule == "phragmen":
        checks |= {"paid-in-full": len(outcome.purchases)}
        violations += phragmen_violations(election, rules, outcome)
    elif rules.rule == "optimum":
        checks |= {"optimum": 1}
        violations += optimum_violations(election, rules, outcome)
    else:
        violations += greedy_violations(election, rules, outcome, per_cost=rules.rule == "greedy-per-cost")
    return certificate(checks, violations)


def _whole(election: Election, rules: Rules, outcome: Outcome) -> Iterator[Violation]:
    """Known projects, each once, in the parts that the rule has."""
    known = set(election.ids)
    seen: set[str] = set()
    beyond = [one.project for one in outcome.beyond]
    for one in (*outcome.winners, *beyond):
        if one not in known:
            yield broken("unknown-project", one)
    for one in outcome.winners:
        if one in seen:
            yield broken("winner-twice", one)
        seen.add(one)
    if len(set(beyond)) != len(beyond):
        yield broken("winner-twice", beyond[-1])
    parts = (*outcome.free, *(one.project for one in outcome.purchases), *outcome.filled)
    shares = rules.rule == "equal-shares"
    extra = [
        outcome.purchases if rules.rule in ("greedy", "greedy-per-cost", "optimum") else (),
        outcome.filled if rules.rule == "phragmen" or (shares and not rules.fills) else (),
        () if shares else outcome.beyond,
    ]
    if parts != outcome.winners or any(extra) or (outcome.endowment is not None) != shares:
        yield broken("parts")


def _money(election: Election, outcome: Outcome) -> Iterator[Violation]:
    cost = {one: int(price) for one, price in zip(election.ids, election.costs, strict=True)}
    votes = {one: int(count) for one, count in zip(election.ids, election.votes, strict=True)}
    total = sum(cost[one] for one in outcome.winners)
    if total != outcome.cost:
        yield broken("cost", claimed=outcome.cost, right=total)
    if total > election.budget:
        yield broken("budget", total=total, budget=election.budget)
    for one in outcome.winners:
        if not votes[one]:
            yield broken("unsupported", one)
    free = {one for one in election.ids if cost[one] == 0 and votes[one]}
    for one in sorted(free.symmetric_difference(outcome.free)):
        yield broken("free", one)
