"""What work pays, from the offers of the catalogue: the lowest, the middle and the highest, with their number."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Pay:
    """Offers paid by the same stretch of time; amounts in baht. `offers` is how many there were."""

    per: str
    offers: int
    low: Decimal
    middle: Decimal
    high: Decimal


def summary(offers: Iterable[tuple[str, Decimal]]) -> list[Pay]:
    """(per, amount) pairs as one line for each `per`, the most offers first; the middle is the median."""
    by_per: dict[str, list[Decimal]] = {}
    for per, amount in offers:
        by_per.setdefault(per, []).append(amount)
    found = [
        Pay(per, len(some), min(some), Decimal(statistics.median(some)), max(some)) for per, some in by_per.items()
    ]
    return sorted(found, key=lambda pay: (-pay.offers, pay.per))
