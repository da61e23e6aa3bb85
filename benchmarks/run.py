"""Runs the benchmarks and prints them as one table: `make bench` or `make bench ONLY=name`.

Each module of this folder with a `run(only)` gives rows of {name, ours, peer, ours_cpu_s, peer_cpu_s, ratio, target,
equal}; both sides ran on this machine in this run, and `equal` says whether their answers agree (None: not comparable).
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import benchmarks

VAR = Path(__file__).resolve().parents[1] / "var"
COLUMNS = ("name", "ours", "peer", "ours_cpu_s", "peer_cpu_s", "ratio", "target", "equal")


def modules() -> list[Any]:
    names = sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__))
    loaded = [importlib.import_module(f"benchmarks.{name}") for name in names if name != "run"]
    return [module for module in loaded if hasattr(module, "run")]


def wanted(module: Any, only: str) -> bool:
    """A module says in NAMES which rows it makes, so that one row can be run alone."""
    return not only or any(only in name for name in module.NAMES)


def shown(row: dict[str, Any]) -> list[str]:
    def cell(value: Any) -> str:
        return f"{value:.3g}" if isinstance(value, float) else str(value)

    return [cell(row.get(column, "")) for column in COLUMNS]


def print_table(rows: list[dict[str, Any]]) -> None:
    lines = [list(COLUMNS), *map(shown, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def main(only: str) -> int:
    chosen = [module for module in modules() if wanted(module, only)]
    if not chosen:
        print(f"no benchmark has a row named {only!r}", file=sys.stderr)
        return 2
    rows = [row for module in chosen for row in module.run(only) if only in row["name"]]
    print_table(rows)
    VAR.mkdir(exist_ok=True)
    (VAR / "bench.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
