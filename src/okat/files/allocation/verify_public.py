"""The proof of a public bundle, as far as it can go: digests, the root, capacities, totals, and that no number in it is
of few people. Each seat is proved by the rows that people hold, and by the named auditors."""

import re
from collections.abc import Mapping
from typing import Any

from okat.engine.allocation import Opportunity, Placement
from okat.engine.allocation.choice import seat_classes
from okat.engine.disclosure import SMALLEST, WIDTH
from okat.files.allocation.bundle import DECISION
from okat.files.allocation.errors import BadInputError
from okat.files.allocation.folder import read_opportunities
from okat.files.allocation.public import COMMITMENTS, CUTOFFS, FORMAT, HIDDEN, TOTALS
from okat.files.allocation.sealing import KINDS, head_leaf, large, leaves_of, root_of, seats_of
from okat.files.allocation.table import Row, read_csv
from okat.files.allocation.verify import check_rules
from okat.files.findings import Report, parse_json

MEMBERS = {DECISION, "opportunities.csv", "cutoffs.csv", "totals.csv", "commitments.csv", "certificate.json"}
HASH = re.compile(r"[0-9a-f]{64}")


def verify(members: Mapping[str, bytes], decision: Mapping[str, Any], report: Report) -> None:
    """Adds every violation that a public bundle can show, and says what it cannot show."""
    report.leave("left-seats")
    if "format" not in decision:
        report.leave("left-head")
    elif decision["format"] != FORMAT:
        report.add("malformed-row", "root", DECISION, reason=f"the format is {decision['format']!r}, not {FORMAT}")
    report.leave("left-root", root=_last_root(decision))
    for name in sorted(set(members) ^ MEMBERS):
        report.add("missing-member" if name in MEMBERS else "unknown-member", "archive", name)
    check_rules(decision, report, drawn="format" in decision)
    if not isinstance(decision.get("seed"), str):
        report.add("seed-missing", "seed", DECISION)
    if not set(members) >= MEMBERS:
        return
    certificate = parse_json(members["certificate.json"])
    if not isinstance(certificate, dict) or certificate.get("passed") is not True:
        report.add("certificate", "certificate", "certificate.json", name="passed", claimed="not true", right=True)
    try:
        opportunities = read_opportunities(members["opportunities.csv"])
        cuts = read_csv("cutoffs.csv", members["cutoffs.csv"], CUTOFFS, need_rows=False).rows
        leaves = read_csv("commitments.csv", members["commitments.csv"], COMMITMENTS, need_rows=False).rows
        groups = read_csv("totals.csv", members["totals.csv"], TOTALS, need_rows=False).rows
    except BadInputError as error:
        report.add_errors("input", error)
        return
    _cutoffs(opportunities, cuts, report)
    stated = decision.get("outcome")
    figures = stated if isinstance(stated, dict) else {}
    _figures(figures, opportunities, report)
    _commitments([(row.line, row.cells[0]) for row in leaves], figures.get("applicants"), report)
    _root(decision, [row.cells[0] for row in leaves], [row.cells[-len(KINDS) :] for row in cuts], report)
    for row in groups:
        _total(row.line, row.cells, figures, report)
    report.checks["totals"] = len(groups)


def _cutoffs(opportunities: tuple[Opportunity, ...], rows: list[Row], report: Report) -> None:
    """One line for each place and seat class, so that nobody can be told another cut-off than the next person."""
    wanted = {Placement(item.id, name): item for item in opportunities for name in seat_classes(item)}
    report.checks["cut-offs"] = len(wanted)
    found: set[Placement] = set()
    for row in rows:
        seat = Placement(*row.cells[:2])
        reason = "a class that does not exist" if seat not in wanted else "a second line" if seat in found else ""
        reason = reason or _shape(row.cells, wanted[seat])
        found.add(seat)
        if reason:
            _odd(seat, reason, row.line, report)
    for seat in wanted.keys() - found:
        _odd(seat, "nothing", 0, report)


def _odd(seat: Placement, claimed: str, line: int, report: Report) -> None:
    params = {**seat._asdict(), "claimed": claimed, "right": "one consistent line"}
    report.add("cut-off", "cut-offs", "cutoffs.csv", line, **params)


def _shape(cells: tuple[str, ...], item: Opportunity) -> str:
    _where, name, seats, low, below, *leaves = cells
    if seats != str(seats_of(item, name)):
        return f"{seats} places"
    if not all(map(HASH.fullmatch, leaves)):
        return "a commitment that is not 64 hex digits"
    if not low and not below:
        return ""
    if not large(item, name):
        return f"a band where fewer than {SMALLEST} places are offered"
    return "" if is_band(low, below, aligned=True) else f"the band {low} to {below}"


def is_band(low: str, below: str, *, aligned: bool) -> bool:
    """Ten points, or doubled some times; where the public sees it from a whole multiple of its width on."""
    try:
        first, end = int(low), int(below)
    except ValueError:
        return False
    if (str(first), str(end)) != (low, below):
        return False
    width, wanted = end - first, WIDTH
    while aligned and wanted < width:
        wanted *= 2
    return width == wanted and (not aligned or first % width == 0)


def _figures(figures: Mapping[str, Any], opportunities: tuple[Opportunity, ...], report: Report) -> None:
    """The figures agree with one another and with the capacities; what is held back is held back as a whole."""
    places = sum(item.capacity for item in opportunities)
    right: dict[str, Any] = {"opportunities": len(opportunities), "places": places}
    applicants, placed, unplaced = (figures.get(name) for name in ("applicants", "placed", "unplaced"))
    if isinstance(placed, int) and isinstance(unplaced, int) and _is_count(applicants):
        right["applicants"] = placed + unplaced
        right["placed"] = min(placed, places)
    elif (placed, unplaced) != (HIDDEN, HIDDEN):
        right |= {"placed": HIDDEN, "unplaced": HIDDEN}
    if not _is_count(applicants):
        right["applicants"] = HIDDEN
    for name, value in right.items():
        if figures.get(name) != value:
            report.add("summary", "summary", DECISION, name=name, claimed=figures.get(name), right=value)
    for name in ("applicants", "placed", "unplaced"):
        if _is_few(figures.get(name)):
            report.add("summary", "summary", DECISION, name=name, claimed=figures.get(name), right=HIDDEN)
    report.checks["summary"] = len(right)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_few(value: Any) -> bool:
    return type(value) is int and 0 < value < SMALLEST


def _commitments(leaves: list[tuple[int, str]], applicants: Any, report: Report) -> None:
    last = ""
    for line, leaf in leaves:
        if not HASH.fullmatch(leaf) or leaf <= last:
            reason = "a commitment is 64 hex digits, and each stands once, in rising order"
            report.add("malformed-row", "commitments", "commitments.csv", line, reason=reason)
        last = leaf
    wanted = max(applicants, SMALLEST) if _is_count(applicants) else SMALLEST
    if wanted != len(leaves):
        report.add("summary", "commitments", DECISION, name="applicants", claimed=applicants, right=len(leaves))
    report.checks["commitments"] = len(leaves)


def _root(decision: Mapping[str, Any], rows: list[str], cutoffs: list[tuple[str, ...]], report: Report) -> None:
    roots = roots_of(decision)
    if roots is None:
        report.add("root", "root", DECISION, claimed=decision.get("roots"), right="one root for each version so far")
        return
    leaves = leaves_of(rows, cutoffs, head_leaf(decision) if "format" in decision else "")
    if all(map(HASH.fullmatch, leaves)):
        right, claimed = root_of(leaves), roots[decision["version"]]
        if right != claimed:
            report.add("root", "root", DECISION, claimed=claimed, right=right)
    report.checks["root"] = len(leaves)


def _last_root(decision: Mapping[str, Any]) -> str:
    roots = roots_of(decision)
    return roots[max(roots)] if roots else "-"


def roots_of(decision: Mapping[str, Any]) -> dict[int, str] | None:
    """The published roots by version, from the first to this bundle's own; None where they do not read."""
    version, stated = decision.get("version"), decision.get("roots")
    if type(version) is not int or not isinstance(stated, list):
        return None
    if not all(isinstance(each, list) and len(each) == 2 and type(each[0]) is int for each in stated):
        return None
    if [each[0] for each in stated] != list(range(1, version + 1)) or not stated:
        return None
    roots = {number: str(root) for number, root in stated}
    return roots if all(map(HASH.fullmatch, roots.values())) else None


def _total(line: int, cells: tuple[str, ...], figures: Mapping[str, Any], report: Report) -> None:
    counts = [int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 12 else None for cell in cells[1:]]
    applicants, placed = counts
    reason = ""
    if any(count is None and cell != HIDDEN for count, cell in zip(counts, cells[1:], strict=True)):
        reason = f"a total is a number or {HIDDEN}"
    elif any(map(_is_few, counts)):
        reason = f"a group under {SMALLEST} is shown"
    elif applicants is None and placed is not None:
        reason = "the placed of a group are shown and the group is not"
    elif applicants is not None and placed is not None and placed > applicants:
        reason = "more placed than applied"
    elif any(map(_is_few, _differences(applicants, placed, figures))):
        reason = f"a group under {SMALLEST} follows by subtraction"
    if reason:
        report.add("malformed-row", "totals", "totals.csv", line, reason=reason)


def _differences(applicants: int | None, placed: int | None, figures: Mapping[str, Any]) -> list[int]:
    everyone, got = figures.get("applicants"), figures.get("placed")
    pairs = [(applicants, placed), (everyone, applicants), (got, placed)]
    return [whole - part for whole, part in pairs if isinstance(whole, int) and isinstance(part, int)]
