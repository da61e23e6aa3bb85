"""What `okat count` prints for people: Thai first, then English."""

from okat.engine.budgeting.problem import TieError
from okat.files.budgeting.count import Count, as_dict, taken

SHOWN = 200
"""Winners on the screen; `--json` has all."""


def count_text(count: Count) -> str:
    """How many won for how much, the rules in words, the winners in order, and the line that says that the certificate
    passed."""
    said = as_dict(count)
    voters, projects, winners = f"{said['voters']:,}", f"{said['projects']:,}", len(said["winners"])
    budget, cost = f"{said['budget']:,} {said['currency']}".strip(), f"{said['cost']:,}"
    lines = [
        f"บัตร {voters} ใบ โครงการ {projects} โครงการ งบ {budget}: ได้ {winners} โครงการ รวม {cost}",
        f"{voters} ballots, {projects} projects, budget {budget}: {winners} projects win, {cost} in all",
        *(f"กติกา: {line}" for line in said["rules_th"]),
        *(f"rule: {line}" for line in said["rules_en"]),
    ]
    for place, one in enumerate(said["funded"][:SHOWN], 1):
        lines.append(f"{place:>4}. {one['id']}  {one['name']}  {one['cost']:,}  ({one['votes']:,})")
    if len(said["funded"]) > SHOWN:
        lines.append(f"      ... +{len(said['funded']) - SHOWN} (--json)")
    if said["interval"]:
        low, high = said["interval"]
        lines.append(f"ส่วนแบ่งต่อคน / share of each voter: {said['endowment']:,} ({low:,} - {high:,})")
    lines += _comparison(count)
    official = said["official"]
    if official:
        same = "ตรงกับ / the same as" if official["same"] else "ต่างจาก / other than"
        lines.append(f"{same} selected: +{official['only_here']} -{official['only_there']}".replace(": +[] -[]", ""))
    lines += [str(note).replace("; \n", "\n").removesuffix(" - ") for note in count.file.notes]
    lines.append(f"certificate: {'passed' if count.certificate.passed else 'FAILED'}")
    return "\n".join(lines)


def _comparison(count: Count) -> list[str]:
    if not count.compared:
        return []
    one = count.compared
    figures = f"{one.gain_by_first:,} : {one.gain_by_second:,}"
    return [f"เทียบกับการเลือกตามคะแนน / compared with greedy: {figures}, so {taken(one)}"]


def tie_text(error: TieError) -> str:
    return f"{error.text('th')}\n{error.text('en')}"
