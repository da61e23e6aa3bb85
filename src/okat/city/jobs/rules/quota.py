"""The employment quota of the Persons with Disabilities Empowerment Act B.E. 2550 (A.D. 2007), sections 33 to 35.

What changes with time stands in tables whose rows begin on a day and name their source; `verified` is false where
the words of the law itself were not seen. Nothing here knows a database.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DAYS_OF_WAGE = 365
SATANG = Decimal("0.01")


class NoRuleError(ValueError):
    """No row of a table was in force on that day. `day` and `first` are dates; a person reads them in the form."""

    code = "quota.no_rule"

    def __init__(self, day: dt.date, first: dt.date) -> None:
        self.day, self.first = day, first
        super().__init__(f"no rule was in force on {day}; the first began on {first}")


@dataclass(frozen=True)
class Source:
    """Where a rule is from: what was read (`ref`), and whether the words of the law itself were seen."""

    ref: str
    verified: bool


@dataclass(frozen=True)
class Rate:
    """From `since` on, one person for every `heads` workers; a rest above `rest` counts as one more."""

    since: dt.date
    heads: int
    rest: int
    source: Source


@dataclass(frozen=True)
class Wage:
    """The least daily wage in baht from `since` on."""

    since: dt.date
    baht: Decimal
    source: Source


@dataclass(frozen=True)
class Law:
    """One sentence of the law as people read it, with its section and source."""

    section: str
    words: Promise
    source: Source


RATES = (
    Rate(dt.date(2011, 10, 26), 100, 50, Source("neppr56.dep.go.th/index.php/faq/8; mazars.co.th (the rest)", True)),
)
WAGES = (Wage(dt.date(2014, 1, 1), Decimal(300), Source("nationmultimedia 2014: 300 x 365 = 109,500", True)),)


class Section33:
    """Section 33 of the Act with the Ministerial Regulation B.E. 2554: employers and state agencies employ persons
    with disabilities, 1 for every 100 workers. Heads are counted on 1 October over all branches in one province;
    the second person is due from 151 workers on. That fewer than 100 owe nothing is read from "1 per 100"."""

    COUNTED = (10, 1)  # month, day

    LAWS = (
        Law(
            "33",
            _("An employer or state agency employs one person with a disability for every 100 workers."),
            RATES[0].source,
        ),
        Law(
            "33",
            _("A rest of more than 50 workers counts as one more: the second person is due from 151 workers on."),
            Source("mazars.co.th", True),
        ),
        Law(
            "33",
            _("Workers are counted on 1 October, with all branches in the same province."),
            Source("mazars.co.th", True),
        ),
        Law("33", _("Fewer than 100 workers: no duty."), Source("neppr56.dep.go.th/index.php/faq/8", False)),
    )

    def required(self, heads: int, on: dt.date) -> int:
        """Persons to be employed for `heads` workers counted `on` a day. Raises NoRuleError before 26 October 2011,
        ValueError for a number below zero."""
        if heads < 0:
            raise ValueError("heads below zero")
        rate = in_force(RATES, on)
        if heads < rate.heads:
            return 0
        return heads // rate.heads + (heads % rate.heads > rate.rest)

    def counting_day(self, today: dt.date) -> dt.date:
        """The last 1 October up to `today`."""
        day = dt.date(today.year, *self.COUNTED)
        return day if day <= today else dt.date(today.year - 1, *self.COUNTED)


class Section34:
    """Section 34 of the Act: whoever employs too few pays into the fund the least daily wage x 365 for each person
    missing, by 31 January (a later law may have moved that day: not verified); late payment bears 7.5 % a year."""

    DUE = (1, 31)  # month, day of the year after the count

    LAWS = (
        Law(
            "34",
            _("Instead of employing: the least daily wage × 365 for each missing person, paid into the fund."),
            Source("mazars.co.th; nationmultimedia 2014", True),
        ),
        Law(
            "34",
            _("To be paid by 31 January; it is not known here whether a later law has moved the day. Ask first."),
            Source("mazars.co.th", False),
        ),
        Law("34", _("Paying late costs 7.5% a year."), Source("fischerandpartners.com", True)),
        Law("34", _("Whether a state agency pays too is not known here."), Source("", False)),
    )

    def contribution(self, missing: int, wage: Decimal) -> Decimal:
        """Baht a year for `missing` persons at a daily `wage` in baht."""
        return (missing * wage * DAYS_OF_WAGE).quantize(SATANG, ROUND_HALF_UP)

    def due(self, counted: dt.date) -> dt.date:
        """The day by which the contribution for a count is paid."""
        return dt.date(counted.year + 1, *self.DUE)


class Section35:
    """Section 35 of the Act: who does not employ may give a concession, a place to sell, a subcontract, training or
    other help, to persons with disabilities or to those who care for them. That each person helped stands for one
    person missing is not verified."""

    LAWS = (
        Law(
            "35",
            _("Instead of employing or paying: a concession, a place to sell, a subcontract, training or other help, "
              "also for those who care for a person with a disability."),
            Source("lms.nhrc.or.th E08786 p. 79", True),
        ),
        Law("35", _("Each person helped in this way counts as one."), Source("lms.nhrc.or.th E08786 p. 79", False)),
    )  # fmt: skip

    def left(self, missing: int, helped: int) -> int:
        """How many are still missing when `helped` persons are helped in one of the ways."""
        return max(0, missing - helped)


@dataclass(frozen=True)
class Count:
    """What an employer says of one day: all workers, those with a disability, those helped under section 35."""

    on: dt.date
    heads: int
    employed: int
    helped: int = 0
    wage: Decimal | None = None  # baht a day; None: the last row of the table


@dataclass(frozen=True)
class Quota:
    """What follows from a count. `cost` is for one year; `wage_since` is empty where the employer named the wage."""

    count: Count
    required: int
    missing: int
    wage: Decimal
    wage_since: dt.date | None
    cost: Decimal
    due: dt.date

    @property
    def met(self) -> bool:
        return self.missing == 0


SECTION_33, SECTION_34, SECTION_35 = Section33(), Section34(), Section35()
LAWS: tuple[Law, ...] = (*Section33.LAWS, *Section34.LAWS, *Section35.LAWS)


def quota(count: Count, wages: Sequence[Wage] = WAGES) -> Quota:
    """What the Act asks of an employer with this count; `wages` in order of their days. Raises NoRuleError, and
    ValueError for impossible numbers."""
    if min(count.heads, count.employed, count.helped) < 0 or count.employed > count.heads:
        raise ValueError("more persons with disabilities than workers, or a number below zero")
    required = SECTION_33.required(count.heads, count.on)
    missing = SECTION_35.left(max(0, required - count.employed), count.helped)
    wage, since = (count.wage, None) if count.wage is not None else wage_on(wages, count.on)
    cost = SECTION_34.contribution(missing, wage)
    return Quota(count, required, missing, wage, since, cost, SECTION_34.due(count.on))


def in_force(table: Sequence[Rate], on: dt.date) -> Rate:
    """The row in force on a day; rows stand in order. Raises NoRuleError before the first."""
    found = [row for row in table if row.since <= on]
    if not found:
        raise NoRuleError(on, table[0].since)
    return found[-1]


def wage_on(wages: Sequence[Wage], on: dt.date) -> tuple[Decimal, dt.date]:
    """The last wage known on a day, and since when; before the first row, the first."""
    row = next((row for row in reversed(wages) if row.since <= on), wages[0])
    return row.baht, row.since
