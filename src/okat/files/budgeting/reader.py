"""A Pabulib file, read whole: every error of every line, or the election and all that the file says beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from okat.engine.budgeting.problem import MAX_MONEY, BudgetingError, Election, scale_of
from okat.files.budgeting.ballots import WITH_POINTS, Asked, Ballots, read_ballots, tally
from okat.files.budgeting.body import Body, Longs, read_body
from okat.files.budgeting.errors import BadInputError, Findings, RowError
from okat.files.budgeting.head import Head, check_meta, check_projects, read_head
from okat.files.budgeting.source import LIMIT, read_source
from okat.files.budgeting.writer import Form, PbTable

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, eq=False)
class PbFile:
    """`table` has every cell of the file; `notes` what is odd in it but does not keep it from being counted;
    `numbers` those of META. `lines` gives the line of each voter's row, int64[n]."""

    name: str
    table: PbTable
    election: Election
    numbers: Mapping[str, int | Decimal]
    notes: tuple[RowError, ...]
    lines: Longs

    @property
    def meta(self) -> Mapping[str, str]:
        return self.table.meta

    @property
    def voters(self) -> list[str]:
        return [row[0] for row in self.table.votes]


def read_pb(path: Path, *, limit: int = LIMIT) -> PbFile:
    """A `.pb`, or one packed with gzip, of at most `limit` bytes. Raises `BadInputError` with every error."""
    return parse_pb(path.name, read_source(path, limit=limit))


def parse_pb(name: str, data: bytes) -> PbFile:
    """The same from bytes; `name` stands in the errors. Raises `BadInputError` with every error."""
    found = Findings(name)
    start = len(_BOM) if data.startswith(_BOM) else 0
    head = read_head(data, start, found)
    if {"META", "PROJECTS", "VOTES"} - {each.name for each in head.sections.values() if each.columns}:
        found.stop_if_bad()
    numbers = check_meta(head, found)
    ids, costs, claimed = check_projects(head, numbers, found)
    votes = head.sections["VOTES"].columns
    if not {"voter_id", "vote"} <= set(votes) or len(set(votes)) < len(votes):
        found.stop_if_bad()
    scale = scale_of([*costs, Decimal(numbers.get("budget", 0))])
    if max([*costs, Decimal(numbers.get("budget", 0))], default=Decimal(0)) * scale > MAX_MONEY:
        found.error(head.meta_line("budget"), "budget", "sum-too-large")
        found.stop_if_bad()
    units = np.array([int(cost * scale) for cost in costs], dtype=np.int64)
    asked = Asked(head.meta.get("vote_type", ""), ids, units[: len(ids)], scale, numbers)
    body = read_body(data, head.offset, head.line, len(votes), found)
    ballots = read_ballots(body, votes, asked, found)
    _compare(head, numbers, body, found)
    found.stop_if_bad()
    _tallies(head, asked, ballots, claimed, found)
    found.stop_if_bad()
    election = _election(name, asked, int(Decimal(numbers["budget"]) * scale), ballots, found)
    if head.blank + body.blank:
        found.note(0, "", "note-blank", count=head.blank + body.blank)
    table = PbTable(
        head.sections["META"].rows,
        head.sections["PROJECTS"].columns,
        head.sections["PROJECTS"].rows,
        votes,
        body,
        Form(bool(start), body.ends[0], _odd_ends(head, body)),
    )
    return PbFile(name, table, election, numbers, tuple(found.notes), body.line)


def _odd_ends(head: Head, body: Body) -> dict[int, str]:
    """Records of the whole file, by number, whose line end is not the usual one of VOTES."""
    usual, odd = body.ends
    before = {k: end for k, end in enumerate(head.ends) if end != usual}
    return before | {k + len(head.ends): end for k, end in odd.items()}


def _compare(head: Head, numbers: Mapping[str, int | Decimal], body: Body, found: Findings) -> None:
    stated = numbers.get("num_votes")
    if stated is not None and stated != len(body):
        params = {"field": "num_votes", "claimed": stated, "counted": len(body)}
        found.error(head.meta_line("num_votes"), "num_votes", "number-differs", **params)


def _tallies(
    head: Head, asked: Asked, ballots: Ballots, claimed: Mapping[str, list[int | None]], found: Findings
) -> None:
    """What PROJECTS says of each project's votes and score against the ballots."""
    counted = tally(ballots, len(asked.ids))
    lines = head.sections["PROJECTS"].lines
    for name, values in claimed.items():
        for c, value in enumerate(values):
            if value is not None and value != counted[name][c]:
                params = {"project": asked.ids[c], "claimed": value, "counted": counted[name][c]}
                found.error(lines[c], name, "tally-differs", field=name, **params)


def _election(name: str, asked: Asked, budget: int, ballots: Ballots, found: Findings) -> Election:
    starts, project, weight = ballots
    default = int(asked.limits.get("default_score", 0)) if asked.kind in WITH_POINTS else 0
    if default > 0:
        starts, project, weight = _with_default(ballots, len(asked.ids), default)
    some = weight > 0
    if not some.all():
        found.note(0, "points", "note-dropped", count=int((~some).sum()))
        kept = np.zeros(len(some) + 1, dtype=np.int64)
        np.cumsum(some, out=kept[1:])
        starts, project, weight = kept[starts], project[some], weight[some]
    idle = int((np.diff(starts) == 0).sum())
    if idle:
        found.note(0, "vote", "note-no-project", count=idle)
    try:
        return Election(asked.ids, asked.costs, budget, starts, project, weight, asked.kind, asked.scale)
    except BudgetingError as error:
        raise BadInputError([RowError(name, 0, "", error.code, error.text("en"), error.text("th"), "", "")]) from None


def _with_default(ballots: Ballots, p: int, default: int) -> Ballots:
    """A project that a ballot does not name has the `default_score` of META there."""
    n = len(ballots.starts) - 1
    points = np.full((n, p), default, dtype=np.int64)
    points[np.repeat(np.arange(n), np.diff(ballots.starts)), ballots.project] = ballots.points
    project = np.tile(np.arange(p, dtype=np.int32), n)
    return Ballots(np.arange(n + 1, dtype=np.int64) * p, project, points.reshape(-1))
