"""`releases.csv`: what happened to the seats after the first run, one line each, in order. Only the bundle of a later
version has it; its inputs stay those of the first run, so that the whole way can be walked again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from okat.engine.allocation.waiting import KINDS, Release
from okat.files.allocation.errors import BadInputError
from okat.files.allocation.outcome import write_rows
from okat.files.allocation.table import CellError, read_csv, whole
from okat.files.findings import Report

FILE = "releases.csv"
MARK = "refill"
COLUMNS = ("version", "applicant", "opportunity", "kind")
_DIGEST = 64


class Later(NamedTuple):
    """A version after the first: its number and every release that led to it."""

    version: int
    lines: tuple[Release, ...]


def write_releases(lines: Iterable[Release]) -> bytes:
    return write_rows(COLUMNS, lines)


def read_releases(data: bytes) -> tuple[Release, ...]:
    """Raises `BadInputError` where the file is not such a table, `CellError` for a version that is no number."""
    rows = read_csv(FILE, data, COLUMNS, need_rows=False).rows
    return tuple(Release(whole(row.cells[0]), *row.cells[1:]) for row in rows)


def mark(version: int, previous: str) -> dict[str, Any]:
    """What decision.json says of a later version: its number and the SHA-256 of the audit bundle before it."""
    return {MARK: {"version": version, "previous": previous}}


def read_later(members: Mapping[str, bytes], decision: Mapping[str, Any], report: Report) -> Later | None:
    """The releases of a marked bundle, or None for a first run. A mark without releases, releases without a mark,
    or a mark that does not read are violations: nothing escapes the recount by calling itself a later version."""
    if MARK not in decision and FILE not in members:
        return None
    stated = decision.get(MARK)
    fault = _fault(stated, members)
    lines: tuple[Release, ...] = ()
    if FILE in members:
        try:
            lines = read_releases(members[FILE])
        except BadInputError as error:
            report.add_errors("input", error)
        except CellError as error:
            fault = fault or f"{error.value!r} is not a version"
    unknown = next((line.kind for line in lines if line.kind not in KINDS), None)
    fault = fault or (f"{unknown!r} is none of {', '.join(KINDS)}" if unknown is not None else "")
    fault = fault or ("" if lines else "there is no release")
    if fault:
        report.add("refill-mark", "waiting-list", FILE, reason=fault)
    return Later(stated["version"] if isinstance(stated, dict) and not fault else 1, lines if not fault else ())


def _fault(stated: object, members: Mapping[str, bytes]) -> str:
    if FILE not in members:
        return "releases.csv is missing"
    if not isinstance(stated, dict) or set(stated) != {"version", "previous"}:
        return "decision.json has no such mark"
    version, previous = stated["version"], stated["previous"]
    if type(version) is not int or version < 2:
        return f"{version!r} is not a later version"
    if not isinstance(previous, str) or len(previous) != _DIGEST:
        return "the SHA-256 of the bundle before it is missing"
    return ""


def line_of(lines: Sequence[Release], params: Mapping[str, Any]) -> int:
    """The row of `releases.csv` (the header is 1) that a `release` violation speaks of."""
    wanted = Release(*(params[name] for name in COLUMNS))
    return lines.index(wanted) + 2 if wanted in lines else 0
