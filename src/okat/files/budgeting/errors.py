"""Errors and notes about a Pabulib file, each with its line, its field and how to mend it."""

from typing import Any

from okat.files.allocation.errors import BadInputError, RowError
from okat.files.budgeting.texts import mend, sentence

__all__ = ["BadInputError", "Findings", "RowError"]
SHOWN = 1000
"""Errors of one code in one field that are listed one by one; of the others their number is told."""


def finding(file: str, row: int, column: str, code: str, /, **params: Any) -> RowError:
    """`row` is the line of the file, the first line being 1 (0: the file as a whole)."""
    texts = [say(code, language, **params) for say in (sentence, mend) for language in ("en", "th")]
    return RowError(file, row, column, code, *texts)


class Findings:
    """Collects while a file is read: `errors` keep it from being counted, `notes` do not."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors: list[RowError] = []
        self.notes: list[RowError] = []
        self._seen: dict[tuple[str, str], int] = {}

    def error(self, row: int, column: str, code: str, /, **params: Any) -> None:
        seen = self._seen[code, column] = self._seen.get((code, column), 0) + 1
        if seen <= SHOWN:
            self.errors.append(finding(self.file, row, column, code, **params))

    def many(self, count: int, column: str, code: str) -> None:
        """`count` further errors that are not told one by one."""
        self._seen[code, column] = self._seen.get((code, column), 0) + count

    def note(self, row: int, column: str, code: str, /, **params: Any) -> None:
        self.notes.append(finding(self.file, row, column, code, **params))

    def stop_if_bad(self) -> None:
        """Raises `BadInputError` with every error so far, in the order of the lines."""
        for (code, column), seen in self._seen.items():
            if seen > SHOWN:
                params = {"count": seen - SHOWN, "of": code}
                self.errors.append(finding(self.file, 0, column, "more", **params))
        if self.errors:
            raise BadInputError(sorted(self.errors, key=lambda error: (error.row or 1 << 40, error.column)))
