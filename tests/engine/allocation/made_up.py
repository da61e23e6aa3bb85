"""Small made-up rounds, each from one drawn seed: thousands of them in seconds."""

from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from okat.engine.allocation import Applicant, Opportunity, Preference, Problem, Reserve

GROUPS = ("women", "ผู้สูงอายุ", "disabled")
SCORES = (1, 2, 3, Decimal("2.5"), Decimal("3.0"), -1)


def random_problem(seed: int, *, people: int = 8, places: int = 4) -> Problem:
    """Up to `people` and `places`, few scores, so that ties and scarcity are common."""
    random = Random(seed)
    opportunities = []
    for index in range(random.randint(1, places)):
        capacity = left = random.randint(0, 3)
        reserves = []
        for group in random.sample(GROUPS, random.randint(0, len(GROUPS))):
            seats = random.randint(0, left)
            left -= seats
            reserves.append(Reserve(group, seats))
        opportunities.append(Opportunity(f"o{index}", capacity, tuple(reserves)))
    applicants = [
        Applicant(f"ผู้สมัคร{index}", frozenset(random.sample(GROUPS, random.choice([0, 1, 1, 2, 3]))))
        for index in range(random.randint(0, people))
    ]
    preferences = []
    for applicant in applicants:
        listed = random.sample(opportunities, random.randint(0, len(opportunities)))
        for rank, item in enumerate(listed, start=1):
            preferences.append(Preference(applicant.id, item.id, rank * 2, random.choice(SCORES)))
    random.shuffle(preferences)
    return Problem(tuple(opportunities), tuple(applicants), tuple(preferences))


def problems(*, people: int = 8, places: int = 4) -> st.SearchStrategy[Problem]:
    return st.builds(lambda seed: random_problem(seed, people=people, places=places), st.integers(0, 2**48))


def round_of(
    places: dict[str, int | tuple[int, dict[str, int]]],
    people: dict[str, dict[str, int]],
    *,
    groups: dict[str, str] | None = None,
) -> Problem:
    """A round by hand: places as capacity or (capacity, reserves); people's lists, dearest first, with scores."""
    opportunities = []
    for name, spec in places.items():
        capacity, reserved = spec if isinstance(spec, tuple) else (spec, {})
        opportunities.append(Opportunity(name, capacity, tuple(Reserve(*each) for each in reserved.items())))
    labels = groups or {}
    applicants = tuple(Applicant(who, frozenset(filter(None, labels.get(who, "").split("|")))) for who in people)
    preferences = tuple(
        Preference(who, where, rank, score)
        for who, listed in people.items()
        for rank, (where, score) in enumerate(listed.items(), start=1)
    )
    return Problem(tuple(opportunities), applicants, preferences)
