"""The proof of a public bundle, as far as it can go, and of one person's own row against it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from okat.engine.allocation import CutOff, Opportunity, Placement, lottery_number
from okat.engine.allocation.choice import Standing, classes_open_to, seat_classes
from okat.files.allocation.bundle import DECISION
from okat.files.allocation.errors import BadInputError
from okat.files.allocation.folder import read_opportunities
from okat.files.allocation.outcome import read_cutoffs
from okat.files.allocation.public import COMMITMENTS, HIDDEN, SMALLEST, TOTALS, commitment
from okat.files.allocation.table import CellError, number, read_csv
from okat.files.allocation.verify import check_rules
from okat.files.container import UnreadableBundleError, unpack
from okat.files.findings import Report, parse_json

MEMBERS = {DECISION, "opportunities.csv", "cutoffs.csv", "totals.csv", "commitments.csv", "certificate.json"}
_HASH = re.compile(r"[0-9a-f]{64}")
CANNOT = (
    "who sits where, justified envy and the recount: people's rows are only in the auditors' bundle; "
    "each person checks their own row"
)


def verify(members: Mapping[str, bytes], decision: Mapping[str, Any], report: Report) -> None:
    """Adds every violation that a public bundle can show, and says what it cannot show."""
    report.cannot.append(CANNOT)
    for name in sorted(set(members) ^ MEMBERS):
        report.add("missing-member" if name in MEMBERS else "unknown-member", "archive", name)
    check_rules(decision, report)
    if not isinstance(decision.get("seed"), str):
        report.add("seed-missing", "seed", DECISION)
    if not set(members) >= MEMBERS:
        return
    certificate = parse_json(members["certificate.json"])
    if not isinstance(certificate, dict) or certificate.get("passed") is not True:
        report.add("certificate", "certificate", "certificate.json", name="passed", claimed="not true", right=True)
    try:
        opportunities = read_opportunities(members["opportunities.csv"])
        cuts, lines, odd = read_cutoffs(members["cutoffs.csv"])
        leaves = read_csv("commitments.csv", members["commitments.csv"], COMMITMENTS, need_rows=False).rows
        groups = read_csv("totals.csv", members["totals.csv"], TOTALS, need_rows=False).rows
    except BadInputError as error:
        report.add_errors("input", error)
        return
    for each in odd:
        report.add(each.code, "cut-offs", "cutoffs.csv", each.line, **each.params)
    _cutoffs(opportunities, cuts, lines, report)
    _figures(decision.get("outcome"), opportunities, cuts, report)
    _commitments([(row.line, row.cells[0]) for row in leaves], decision.get("outcome"), report)
    for row in groups:
        _total(row.line, row.cells, report)
    report.checks["totals"] = len(groups)


def _cutoffs(
    opportunities: tuple[Opportunity, ...],
    cuts: Mapping[Placement, CutOff],
    lines: Mapping[Placement, int],
    report: Report,
) -> None:
    """One line for each seat class; a priority exactly where the class is full and has seats."""
    wanted = {Placement(item.id, name): item for item in opportunities for name in seat_classes(item)}
    report.checks["cut-offs"] = len(wanted)
    for seat in {**wanted, **cuts}:
        cut = cuts.get(seat)
        reason = "nothing" if cut is None else "" if seat in wanted else "a class that does not exist"
        if cut and not reason:
            reason = _shape(cut, wanted[seat])
        if reason:
            params = {**seat._asdict(), "claimed": reason, "right": "one consistent line"}
            report.add("cut-off", "cut-offs", "cutoffs.csv", lines.get(seat, 0), **params)


def _shape(cut: CutOff, item: Opportunity) -> str:
    if (cut.priority is None) != (cut.lottery is None):
        return "a priority without a lottery number, or the reverse"
    if not cut.full and cut.priority is not None:
        return "a cut-off where places are left"
    seats = dict(item.reserves).get(cut.seat_class, item.capacity)
    if seats == 0 and (not cut.full or cut.priority is not None):
        return "holders in a class without seats"
    return "no holder in a full reserve" if cut.full and seats and cut.priority is None and _reserved(cut, item) else ""


def _reserved(cut: CutOff, item: Opportunity) -> bool:
    return cut.seat_class in dict(item.reserves)


def _figures(
    stated: object, opportunities: tuple[Opportunity, ...], cuts: Mapping[Placement, CutOff], report: Report
) -> None:
    """The figures agree with one another, and with which opportunities are full."""
    figures = stated if isinstance(stated, dict) else {}
    full = sum(item.capacity for item in opportunities if (cut := cuts.get(Placement(item.id, "open"))) and cut.full)
    right = {
        "opportunities": len(opportunities),
        "places": sum(item.capacity for item in opportunities),
    }
    numbers = {name: figures.get(name) for name in ("applicants", "placed", "unplaced")}
    applicants, placed, unplaced = numbers.values()
    if isinstance(applicants, int) and isinstance(placed, int) and isinstance(unplaced, int):
        right["applicants"] = placed + unplaced
        right["placed"] = min(max(placed, full), right["places"], applicants)
    for name, value in right.items():
        if figures.get(name) != value:
            report.add("summary", "summary", DECISION, name=name, claimed=figures.get(name), right=value)
    report.checks["summary"] = len(right)


def _commitments(leaves: list[tuple[int, str]], stated: object, report: Report) -> None:
    last = ""
    for line, leaf in leaves:
        if not _HASH.fullmatch(leaf) or leaf <= last:
            reason = "a commitment is 64 hex digits, and each stands once, in rising order"
            report.add("malformed-row", "commitments", "commitments.csv", line, reason=reason)
        last = leaf
    applicants = stated.get("applicants") if isinstance(stated, dict) else None
    if applicants != len(leaves):
        report.add("summary", "commitments", DECISION, name="applicants", claimed=applicants, right=len(leaves))
    report.checks["commitments"] = len(leaves)


def _total(line: int, cells: tuple[str, ...], report: Report) -> None:
    counts = [int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 12 else None for cell in cells[1:]]
    applicants, placed = counts
    reason = ""
    if any(count is None and cell != HIDDEN for count, cell in zip(counts, cells[1:], strict=True)):
        reason = f"a total is a number or {HIDDEN}"
    elif any(count is not None and 0 < count < SMALLEST for count in counts):
        reason = f"a group under {SMALLEST} is shown"
    elif applicants is not None and placed is not None and placed > applicants:
        reason = "more placed than applied"
    if reason:
        report.add("malformed-row", "totals", "totals.csv", line, reason=reason)


def verify_row(bundle: Path, row: Mapping[str, Any]) -> list[str]:
    """What is wrong with one person's own row against the public bundle, in English; nothing if it is proved:
    it was committed, they lie below the cut-off of every seat class open to them wherever they would rather be,
    and their own seat is the one that the cut-offs give. Raises `UnreadableBundleError`."""
    members = unpack(bundle).members
    decision = parse_json(members.get(DECISION, b""))
    if not isinstance(decision, dict) or not set(members) >= MEMBERS:
        raise UnreadableBundleError(f"{bundle} is not a public allocation bundle")
    try:
        opportunities = {item.id: item for item in read_opportunities(members["opportunities.csv"])}
        cuts = read_cutoffs(members["cutoffs.csv"])[0]
        leaves = {each.cells[0] for each in read_csv("commitments.csv", members["commitments.csv"], COMMITMENTS).rows}
        wrong = [] if commitment(row) in leaves else ["the row is not among the commitments"]
        return wrong + _answer(row, opportunities, cuts, str(decision.get("seed")))
    except (BadInputError, CellError, KeyError, TypeError, ValueError) as error:
        raise UnreadableBundleError(f"the row or the bundle does not read: {error!r}") from error


def _answer(
    row: Mapping[str, Any], opportunities: Mapping[str, Opportunity], cuts: Mapping[Placement, CutOff], seed: str
) -> list[str]:
    """Walks the person's list to their seat, by the cut-offs alone."""
    lottery = lottery_number(seed, row["applicant"])
    own = Placement(row["opportunity"], row["seat_class"])
    for where, priority in row["wishes"]:
        standing = Standing(-number(priority), lottery)
        for name in classes_open_to(opportunities[where], frozenset(row["groups"])):
            seat = Placement(where, name)
            last = cuts[seat].standing
            if not cuts[seat].full or (last is not None and standing <= last):
                return [] if seat == own else [f"by the cut-offs the seat is {where} ({name})"]
    return [] if own == Placement("", "") else ["by the cut-offs there is no seat"]
