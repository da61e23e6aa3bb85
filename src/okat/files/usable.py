"""`usable.csv` of a city's folder: what each stage of an opportunity must offer so that somebody can use it.

A cell names formats, any one of which is enough, divided by `|`; a format of another stage stands as `stage:format`;
`;` divides what must all be there. An empty cell: this stage keeps nobody of this kind out.
"""

from dataclasses import dataclass
from pathlib import Path

from okat.files.city import CityFolderError, read_rows

STAGES = ("venue", "session", "material", "support")


@dataclass(frozen=True)
class Ability:
    """`clauses`: sets of `stage:format`, one of each needed. `disability`: the type of a record it follows from."""

    code: str
    disability: str
    th: str
    en: str
    clauses: tuple[frozenset[str], ...]
    source: str


def read_usable(folder: Path) -> tuple[Ability, ...]:
    """None where the city has no such file. Raises CityFolderError."""
    path = folder / "usable.csv"
    if not path.exists():
        return ()
    found = [_ability(row, number, path) for number, row in enumerate(read_rows(path, ("code", "th", "en")), 2)]
    if len({one.code for one in found}) < len(found):
        raise CityFolderError(f"{path}: a code stands twice.")
    return tuple(found)


def _ability(row: dict[str, str], number: int, path: Path) -> Ability:
    clauses = tuple(
        frozenset(_token(word.strip(), stage, number, path) for word in clause.split("|") if word.strip())
        for stage in STAGES
        for clause in row.get(stage, "").split(";")
        if clause.strip()
    )
    return Ability(row["code"], row.get("disability", ""), row["th"], row["en"], clauses, row.get("source", ""))


def _token(word: str, stage: str, number: int, path: Path) -> str:
    named, colon, code = word.partition(":")
    if colon and (named not in STAGES or not code):
        raise CityFolderError(f"{path}, row {number}: “{word}” names no stage; one of {', '.join(STAGES)}.")
    return word if colon else f"{stage}:{word}"
