"""A planted fault is refused by its name."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from okat.engine.budgeting import Election, Outcome, Purchase, Rules, check, decide

BALLOTS = [["1", "2"], ["1", "2"], ["1", "3"], ["1", "3", "4"], ["3", "4"], ["4", "5"], ["5", "0"], ["5", "2"]]
TOWN = Election.of({"1": 40, "2": 30, "3": 30, "4": 20, "5": 60, "0": 0, "6": 5}, BALLOTS, 150)
SHARES, FILLED = Rules(), Rules(completion=("greedy",))
Fault = Callable[[Outcome], Outcome]


def bought(outcome: Outcome, *purchases: Purchase) -> Outcome:
    """The same with other purchases, and the sums mended, so that only one thing is wrong."""
    winners = (*outcome.free, *(one.project for one in purchases), *outcome.filled)
    cost = sum(int(TOWN.costs[TOWN.ids.index(one)]) for one in winners)
    return replace(outcome, winners=winners, purchases=purchases, cost=cost)


def priced(outcome: Outcome, factor: Fraction) -> Outcome:
    one, *rest = outcome.purchases
    return bought(outcome, one._replace(price=one.price * factor), *rest)


def filled(outcome: Outcome, *ids: str) -> Outcome:
    winners = (*outcome.free, *(one.project for one in outcome.purchases), *ids)
    cost = sum(int(TOWN.costs[TOWN.ids.index(one)]) for one in winners)
    return replace(outcome, winners=winners, filled=ids, cost=cost)


FAULTS: dict[str, tuple[Rules, str, Fault]] = {
    "a project from elsewhere": (SHARES, "unknown-project", lambda o: replace(o, winners=(*o.winners, "x"))),
    "one stands twice": (SHARES, "winner-twice", lambda o: replace(o, winners=(*o.winners, o.winners[-1]))),
    "parts that are not the whole": (SHARES, "parts", lambda o: replace(o, winners=o.winners[:-1])),
    "a wrong sum": (SHARES, "cost", lambda o: replace(o, cost=o.cost - 1)),
    "a free project forgotten": (SHARES, "free", lambda o: bought(replace(o, free=()), *o.purchases)),
    "a half step": (SHARES, "endowment", lambda o: replace(o, endowment=(o.endowment or 0) + Fraction(1, 2))),
    "an endowment without end": (SHARES, "endowment", lambda o: replace(o, endowment=Fraction(10**400))),
    "an endowment below the share": (SHARES, "endowment", lambda o: replace(o, endowment=Fraction(3))),
    "an interval that ends elsewhere": (
        SHARES,
        "interval",
        lambda o: replace(o, interval=(Fraction(1), Fraction(2))),
    ),
    "stopped early": (SHARES, "ended", lambda o: replace(o, ended="exhaustive", beyond=())),
    "no count beyond": (SHARES, "beyond", lambda o: replace(o, beyond=())),
    "a count beyond that spends less": (SHARES, "beyond", lambda o: replace(o, beyond=o.purchases)),
    "a wrong price beyond": (
        SHARES,
        "not-in-full",
        lambda o: replace(o, beyond=(o.beyond[0]._replace(price=o.beyond[0].price * 2), *o.beyond[1:])),
    ),
    "too low a price": (SHARES, "not-in-full", lambda o: priced(o, Fraction(9, 10))),
    "too high a price": (SHARES, "not-in-full", lambda o: priced(o, Fraction(11, 10))),
    "someone paid less than the others": (
        SHARES,
        "short",
        lambda o: bought(o, o.purchases[0]._replace(short=(0,)), *o.purchases[1:]),
    ),
    "a better buy passed over": (SHARES, "passed-over", lambda o: bought(o, *o.purchases[1:])),
    "an affordable project left": (FILLED, "left-over", lambda o: bought(replace(o, filled=()), *o.purchases[:-1])),
    "nothing added although it fits": (FILLED, "left-over", filled),
    "an empty count": (SHARES, "ejr-plus", lambda o: bought(replace(o, beyond=()))),
    "the fewer votes first": (Rules("greedy"), "order", lambda o: filled(o, *o.filled[::-1])),
    "fewer votes a unit first": (Rules("greedy-per-cost"), "order", lambda o: filled(o, *o.filled[::-1])),
    "beyond the budget": (Rules("greedy"), "budget", lambda o: filled(o, "1", "2", "3", "4", "5")),
    "without a vote": (Rules("greedy"), "unsupported", lambda o: filled(o, *o.filled, "6")),
    "bought too soon": (Rules("phragmen"), "time", lambda o: priced(o, Fraction(1, 2))),
    "the last forgotten": (Rules("phragmen"), "left-over", lambda o: bought(o, *o.purchases[:-1])),
    "a lesser set": (Rules("optimum"), "not-best", lambda o: filled(o, *o.filled[1:])),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named(fault: str) -> None:
    rules, code, spoil = FAULTS[fault]
    right = decide(TOWN, rules)
    assert check(TOWN, rules, right).passed
    proof = check(TOWN, rules, spoil(right))
    assert not proof.passed
    found = {one.code: one for one in proof.violations}
    assert code in found, found
    assert found[code].property in proof.checks
    assert found[code].text("th") != found[code].text("en")


@pytest.mark.parametrize("price", [Fraction(3, 2), Fraction(10**400)])
def test_a_price_that_nobody_pays_in_full_is_refused(price: Fraction) -> None:
    """All pay all that they have, and that is the cost: still the price is a lower one."""
    pair, rules = Election.of({"1": 2, "2": 2}, [["1", "2"]] * 2, 4), Rules(completion=("none",))
    right = decide(pair, rules)
    assert right.purchases == (Purchase("1", Fraction(1)), Purchase("2", Fraction(1)))
    dear = replace(right, purchases=(right.purchases[0], Purchase("2", price, (0, 1))))
    assert {one.code for one in check(pair, rules, dear).violations} == {"short"}


def test_who_can_just_pay_is_told_from_who_cannot() -> None:
    """Thirds, which no float holds: each pays to the last bit, and one who is named as short is found."""
    trio, rules = Election.of({"a": 1, "b": "0.5"}, [["a"], ["a", "b"], ["b", "a"]], 1), Rules(start="exact")
    right = decide(trio, rules)
    assert check(trio, rules, right).passed
    wrong = replace(right, purchases=(right.purchases[0]._replace(short=(1,)),))
    assert {one.code for one in check(trio, rules, wrong).violations} >= {"short"}


def test_the_order_of_ties_is_checked() -> None:
    """Two equal projects, money for one: whoever has the other order finds the wrong one taken."""
    twins = Election.of({"1": 10, "2": 10}, [["1", "2"]], 10)
    for rule in ("equal-shares", "greedy", "phragmen", "optimum"):
        rules = Rules(rule, completion=("none",), ties=("lowest-id",))
        found = decide(twins, rules)
        assert found.winners == ("1",)
        assert check(twins, rules, found).passed
        other = replace(
            found,
            winners=("2",),
            purchases=tuple(one._replace(project="2") for one in found.purchases),
            filled=tuple("2" for _ in found.filled),
        )
        codes = {one.code for one in check(twins, rules, other).violations}
        assert codes & {"tie-order", "not-best"}
        refusing = Rules.from_dict({**rules.as_dict(), "ties": ("refuse",)})
        assert {one.code for one in check(twins, refusing, found).violations} & {"tie-refused", "not-best"}
