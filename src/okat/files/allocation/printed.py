"""What the command line prints for people: Thai first, then English."""

from collections.abc import Mapping, Sequence
from typing import Any

from okat.files.allocation.errors import RowError
from okat.files.findings import Report

SHOWN = 100
"""Lines of errors on the screen; `--json` has all of them."""


def errors_text(errors: Sequence[RowError]) -> str:
    """Every bad row with its place and how to mend it."""
    head = f"ข้อมูลไม่ถูกต้อง {len(errors)} จุด ยังไม่ได้ตัดสินและไม่ได้เขียนไฟล์ใด"
    head += f" / {len(errors)} errors in the input; nothing was decided or written"
    return "\n".join([head, *_shortened(errors)])


def allocation_text(result: Mapping[str, Any]) -> str:
    """The outcome in figures, and the line that says that the certificate passed."""
    passed = "passed" if result["certificate"]["passed"] else "FAILED"
    full = sum(cut["seat_class"] == "open" and cut["full"] for cut in result["cutoffs"])
    thai = f"ผู้สมัคร {result['applicants']} คน โอกาส {result['opportunities']} แห่ง "
    thai += f"ได้ที่ {result['placed']} คน ยังไม่ได้ {result['unplaced']} คน"
    english = f"{result['applicants']} applicants, {result['opportunities']} opportunities ({full} full): "
    english += f"{result['placed']} placed, {result['unplaced']} unplaced"
    bundle = f"bundle: {result['bundle']} (sha256 {result['bundle_sha256']})"
    return "\n".join([thai, english, f"certificate: {passed}", bundle])


def report_text(report: Report) -> str:
    """The verdict first, then each violation, then what could not be checked, and what is to be compared."""
    counts = ", ".join(f"{name} {count:,}" for name, count in report.checks.items())
    lines = [f"ตรวจแล้ว / checked: {counts}"]
    if report.findings:
        lines.insert(0, f"ไม่ผ่าน: พบ {len(report.findings)} จุด / violated: {len(report.findings)}")
        lines += _shortened(report.findings)
    elif report.left:
        lines.insert(0, "ไม่พบข้อผิด แต่พิสูจน์ตรงนี้ได้ไม่หมด / nothing wrong, not all proved")
    else:
        lines.insert(0, "ผ่าน: พิสูจน์แล้วว่าถูกต้องตามกติกา / proven")
    lines += [f"ตรวจไม่ได้: {th}\n  cannot check: {en}" for en, th in report.left]
    lines += [f"ต้องเทียบเอง: {th}\n  still to compare: {en}" for en, th in report.compare]
    return "\n".join(lines)


def _shortened(items: Sequence[object]) -> list[str]:
    lines = [str(item) for item in items[:SHOWN]]
    if len(items) > SHOWN:
        lines.append(f"... และอีก {len(items) - SHOWN} จุด / and {len(items) - SHOWN} more (--json)")
    return lines
