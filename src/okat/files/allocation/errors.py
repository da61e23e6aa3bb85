"""Errors about files, each with its place, in both languages."""

from dataclasses import dataclass
from typing import Any

from okat.files.allocation.texts import mend, sentence


@dataclass(frozen=True)
class RowError:
    """`row` is the line number, the header being line 1 (0: the file as a whole; in Parquet the n-th record
    counts as row n + 1, as it would after saving as CSV)."""

    file: str
    row: int
    column: str
    code: str
    message: str
    message_th: str
    mend: str
    mend_th: str

    def as_dict(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def __str__(self) -> str:
        place = ", ".join([self.file, *([f"row {self.row}"] if self.row else []), *filter(None, [self.column])])
        return f"{place}: {self.message}; {self.mend}\n  {self.message_th} - {self.mend_th}"


def row_error(file: str, row: int, column: str, code: str, **params: Any) -> RowError:
    texts = [say(code, language, **{"file": file, **params}) for say in (sentence, mend) for language in ("en", "th")]
    return RowError(file, row, column, code, *texts)


class BadInputError(Exception):
    """Input that cannot be decided; `errors` names every bad row."""

    def __init__(self, errors: list[RowError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))
