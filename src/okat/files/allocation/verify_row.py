"""One person's own row against the public bundle: that it was committed, that every cut-off it opens is the one that
everybody is bound to, and that their seat is the one that follows from them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from okat.engine.allocation import CutOff, Opportunity, Placement, lottery_number
from okat.engine.allocation.choice import Standing, classes_open_to
from okat.engine.proof import tree
from okat.files.allocation.errors import BadInputError
from okat.files.allocation.folder import read_opportunities
from okat.files.allocation.own import ABOVE, BELOW, FREE, KIND, kinds, stands
from okat.files.allocation.public import COMMITMENTS, CUTOFFS
from okat.files.allocation.sealing import KINDS, bound, commitment, large
from okat.files.allocation.table import CellError, number, read_csv
from okat.files.allocation.verify_public import is_band, roots_of
from okat.files.findings import Report

FILE = "row.json"


class _Bundle(NamedTuple):
    """What the public bundle binds the city to."""

    version: int
    roots: Mapping[int, str]
    opportunities: Mapping[str, Opportunity]
    rows: frozenset[str]
    cutoffs: Mapping[tuple[str, str, str], str]
    seed: str
    bands: Mapping[tuple[str, str], tuple[str, str]]

    @property
    def from_end(self) -> Mapping[tuple[str, str, str], int]:
        """Where the leaf of each commitment stands, counted from the last."""
        return {about: len(self.cutoffs) - at for at, about in enumerate(self.cutoffs)}


def verify(members: Mapping[str, bytes], decision: Mapping[str, Any], stated: object, report: Report) -> None:
    """Adds every violation of the own row. A row of a version that the bundle is older than is proved by its root,
    which stands on the round's page; the report then says to compare it there."""
    try:
        bundle = _read(members, decision)
        if not isinstance(stated, dict) or stated.get("kind") != KIND:
            raise TypeError(f"kind is not {KIND}")
        _Row(bundle, stated, report).run()
    except (BadInputError, CellError, AttributeError, KeyError, TypeError, ValueError) as error:
        report.add("own-row", "own-row", FILE, reason=f"the row or the bundle does not read: {error!r}")
    report.checks["own-row"] = 1


def _read(members: Mapping[str, bytes], decision: Mapping[str, Any]) -> _Bundle:
    roots, at = roots_of(decision), CUTOFFS.index(KINDS[0])
    if roots is None:
        raise ValueError("the bundle names no roots")
    rows = read_csv("commitments.csv", members["commitments.csv"], COMMITMENTS, need_rows=False).rows
    cuts = read_csv("cutoffs.csv", members["cutoffs.csv"], CUTOFFS, need_rows=False).rows
    return _Bundle(
        decision["version"], roots, {each.id: each for each in read_opportunities(members["opportunities.csv"])},
        frozenset(row.cells[0] for row in rows),
        {
            (kind, row.cells[0], row.cells[1]): leaf
            for row in cuts
            for kind, leaf in zip(KINDS, row.cells[at:], strict=True)
        },
        str(decision["seed"]), {(row.cells[0], row.cells[1]): (row.cells[at - 2], row.cells[at - 1]) for row in cuts},
    )  # fmt: skip


class _Row:
    def __init__(self, bundle: _Bundle, stated: Mapping[str, Any], report: Report) -> None:
        self.bundle, self.stated, self.report = bundle, stated, report
        self.row: Mapping[str, Any] = stated["row"]
        self.version: int = stated["version"]
        self.opened: dict[tuple[str, str, str], Mapping[str, Any]] = {}
        self.said: dict[Placement, str] = {}

    def run(self) -> None:
        known = self.bundle.roots.get(self.version)
        if known is None and self.version > self.bundle.version:
            params = {"version": self.version, "bundle": self.bundle.version, "root": self.stated["root"]}
            self.report.leave("left-version", **params)
        elif known != self.stated["root"]:
            self._wrong(f"its root is not the one that was published for version {self.version}")
        leaf = commitment(self.row)
        if self.version == self.bundle.version and leaf not in self.bundle.rows:
            self._wrong("the row is not among the commitments")
        self._leads(leaf, self.stated["proof"], "the row")
        for each in self.stated["cutoffs"]:
            self._open(each)
        reason = self._answer()
        if reason:
            self._wrong(reason)

    def _wrong(self, reason: str) -> None:
        self.report.add("own-row", "own-row", FILE, reason=reason)

    def _leads(self, leaf: str, proof: Mapping[str, Any], what: str, from_end: int = 0) -> None:
        """`from_end` is where a cut-off has to stand: nobody is shown another leaf of the same class."""
        at, size = proof["index"], proof["of"]
        head = tree.climb(bytes.fromhex(leaf), at, size, proof["path"])
        if head is None or bound(size, head) != self.stated["root"] or from_end not in {0, size - at}:
            self._wrong(f"{what} does not lead to the root")

    def _open(self, each: Mapping[str, Any]) -> None:
        held = each["opened"]
        about = (held["kind"], held["opportunity"], held["seat_class"])
        what = f"the cut-off of {about[1]} ({about[2]}, {about[0]})"
        leaf = commitment(held)
        if self.version == self.bundle.version and self.bundle.cutoffs.get(about) != leaf:
            self._wrong(f"{what} is not the one that the city is bound to")
        if self.version == self.bundle.version and held["kind"] == "exact" and not self._in_band(about[1:], held):
            self._wrong(f"{what} is not in the band that everybody is shown")
        self._leads(leaf, each["proof"], what, self.bundle.from_end[about])
        self.opened[about] = held
        if about[0] == "told":
            self.said[Placement(*about[1:])] = each["standing"]

    def _in_band(self, about: tuple[str, str], held: Mapping[str, Any]) -> bool:
        """A class without a cut-off has no band; one with a cut-off has none where too few people share it."""
        low, below = self.bundle.bands[about]
        if not low and not below:
            return True
        return bool(held["priority"]) and int(low) <= number(held["priority"]) < int(below)

    def _answer(self) -> str:
        """Walks the person's list to their seat, by the opened cut-offs alone."""
        lottery = lottery_number(self.bundle.seed, self.row["applicant"])
        own = Placement(self.row["opportunity"], self.row["seat_class"])
        for where, priority in self.row["wishes"]:
            standing = Standing(-number(priority), lottery)
            item = self.bundle.opportunities[where]
            for name in classes_open_to(item, frozenset(self.row["groups"])):
                seat = Placement(where, name)
                stood, reason = self._stands(seat, standing, large(item, name))
                if reason:
                    return reason
                if stood != BELOW:
                    return "" if seat == own else f"by the cut-offs the seat is {where} ({name})"
        return "" if own == Placement("", "") else "by the cut-offs there is no seat"

    def _stands(self, seat: Placement, standing: Standing, exact: bool) -> tuple[str, str]:
        """Where the person stands to one cut-off, or what is wrong with what was opened of it."""
        score, what = -standing.descending, f"{seat.opportunity} ({seat.seat_class})"
        held = self.opened.get(("exact" if exact else "told", *seat))
        if held is None:
            return "", f"the cut-off of {what} is not opened"
        if not exact:
            return self._told(seat, held, score)
        last = number(held["priority"]) if held["priority"] else None
        drawn = None
        if "lottery" in kinds(exact, score, last):
            drawn = self.opened.get(("lottery", *seat))
            if drawn is None:
                return "", f"the lottery number of {what} is not opened, though the scores are equal"
        number_drawn = int(drawn["lottery"]) if drawn else 0
        cut = CutOff(*seat, last, None if last is None else number_drawn, held["full"] is True)
        return stands(standing, cut), ""

    def _told(self, seat: Placement, held: Mapping[str, Any], score: Any) -> tuple[str, str]:
        said, what = self.said[seat], f"{seat.opportunity} ({seat.seat_class})"
        if held["full"] is not True:
            return FREE, "" if said == FREE else f"{what} is not full, and the row says {said}"
        if not held["from"]:
            return BELOW, "" if said == BELOW else f"{what} has no holder, and the row says {said}"
        if not is_band(held["from"], held["below"], aligned=False):
            return "", f"the band of {what} is not ten points"
        fits = {ABOVE: score >= int(held["from"]), BELOW: score < int(held["below"])}.get(said, False)
        who = ", ".join(map(str, self.stated["auditors"])) or "-"
        self.report.leave("left-small", where=seat.opportunity, name=seat.seat_class, who=who)
        return said, "" if fits else f"{what}: a score of {score} does not stand {said} that band"
