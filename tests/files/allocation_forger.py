"""Bundles to forge: open one, change a member, seal it again with right digests."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from okat.engine.allocation import Problem, decide
from okat.engine.allocation.numbers import number_text
from okat.files.allocation.bundle import build
from okat.files.allocation.folder import read_files
from okat.files.allocation.outcome import write_rows

SEED = "ขอนแก่น 2569"


def input_files(problem: Problem) -> dict[str, bytes]:
    return {
        "opportunities.csv": write_rows(
            ("id", "capacity", "reserves"),
            (
                (each.id, each.capacity, "|".join(f"{group}:{seats}" for group, seats in each.reserves))
                for each in problem.opportunities
            ),
        ),
        "applicants.csv": write_rows(
            ("id", "groups"), ((each.id, "|".join(sorted(each.groups))) for each in problem.applicants)
        ),
        "preferences.csv": write_rows(
            ("applicant", "opportunity", "rank", "priority"),
            ((each.applicant, each.opportunity, each.rank, number_text(each.priority)) for each in problem.preferences),
        ),
    }


def write_folder(folder: Path, problem: Problem) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in input_files(problem).items():
        (folder / name).write_bytes(data)
    return folder


class Bundle:
    """The members of a bundle, as tables that a forger edits."""

    def __init__(self, problem: Problem) -> None:
        inputs = read_files(input_files(problem))
        data, _ = build(inputs, decide(inputs.problem, seed=SEED), seed=SEED)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.members = {name: archive.read(name) for name in archive.namelist()}
        self.decision: dict[str, Any] = json.loads(self.members["decision.json"])

    def rows(self, name: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.members[name].decode(), newline="")))

    def put(self, name: str, rows: list[list[str]]) -> None:
        self.members[name] = write_rows(rows[0], rows[1:])

    def seal(self, path: Path) -> Path:
        """Right digests for whatever stands in the members now, as any forger can compute them."""
        digests = {
            name: hashlib.sha256(data).hexdigest() for name, data in self.members.items() if name != "decision.json"
        }
        self.members["decision.json"] = json.dumps({**self.decision, "digests": digests}).encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.members.items():
                archive.writestr(name, data)
        return path
