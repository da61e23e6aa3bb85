"""What `okat verify` finds: each violation with its property, its file and its row."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """`row` is the line of `file` (the header is 1; 0: the file as a whole)."""

    code: str
    property: str
    file: str
    row: int
    message: str
    message_th: str
    params: dict[str, str]

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{self.code} [{self.property}] {place}: {self.message}\n  {self.message_th}"


Say = Callable[..., str]


@dataclass
class Report:
    """`checks` counts what each property was checked on; `left` lists what this bundle does not let anyone check, so
    that silence is never taken for proof, in English and in Thai; `compare` what no bundle can prove of itself, to be
    compared with what was published. `say(code, language, **params)` writes the
    sentences."""

    kind: str
    say: Say
    findings: list[Finding] = field(default_factory=list)
    checks: dict[str, int] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    compare: list[tuple[str, str]] = field(default_factory=list)

    @property
    def cannot(self) -> list[str]:
        return [english for english, _thai in self.left]

    @property
    def cannot_th(self) -> list[str]:
        return [thai for _english, thai in self.left]

    @property
    def proven(self) -> bool:
        """All of it: nothing is wrong, and nothing was left to somebody else to check."""
        return not self.findings and not self.left

    @property
    def exit_code(self) -> int:
        """0: all proved; 4: nothing wrong, not all proved; 1: wrong."""
        return 1 if self.findings else 4 if self.left else 0

    def add(self, code: str, broken: str, file: str, row: int = 0, **params: Any) -> None:
        en, th = (self.say(code, language, **params) for language in ("en", "th"))
        texts = {key: str(value) for key, value in params.items()}
        self.findings.append(Finding(code, broken, file, row, en, th, texts))

    def leave(self, code: str, **params: Any) -> None:
        """What is left to somebody else to check, or to nobody."""
        self.left.append((self.say(code, "en", **params), self.say(code, "th", **params)))

    def to_compare(self, code: str, **params: Any) -> None:
        """What is proved of this bundle, and of the one that others have only if it is the same."""
        self.compare.append((self.say(code, "en", **params), self.say(code, "th", **params)))

    def add_errors(self, broken: str, error: Any) -> None:
        """Row errors of a reader (`error.errors`), as violations."""
        for each in error.errors:
            params = {"column": each.column, "reader_code": each.code}
            self.findings.append(Finding(broken, broken, each.file, each.row, each.message, each.message_th, params))

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "proven": self.proven,
            "wrong": bool(self.findings),
            "violations": [dict(finding.__dict__) for finding in self.findings],
            "checks": self.checks,
            "cannot_check": self.cannot,
            "cannot_check_th": self.cannot_th,
            "compare": [english for english, _thai in self.compare],
            "compare_th": [thai for _english, thai in self.compare],
        }


def parse_json(data: bytes) -> Any:
    """None for anything that two readers could understand differently: a key that stands twice, NaN, or text
    that is not UTF-8."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
